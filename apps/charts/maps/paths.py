"""From lines with a point for every minute to an SVG path that is small and looks the same.

Two steps, both over whole arrays: Douglas and Peucker's simplification (GEOS, by way of shapely), then whole numbers of
quarter units, each point written as its distance from the one before. A month of minutes of a low orbit still fills the
picture with more lines than can be made out; `covering` then draws every little square that was passed instead.
"""

import numpy as np
import shapely

from apps.charts.maps.arrays import Numbers
from apps.charts.maps.projections import Lines

# Units a simplified line may be away from any of the points it stands for. With the rounding to quarters (0.18 units at
# most) and at the size pictures are shown in, that is within the width of the line.
TOLERANCE = 0.5
FINENESS = 4  # of the numbers in a path: quarters of a unit
SQUARE = 4  # units
PASSING = 2.0  # units between the points at which a line is looked at for the squares it passes


def simplified(lines: Lines, tolerance: float = TOLERANCE) -> Lines:
    """The lines with as few of their points as they need, at quarters of a unit."""
    if not len(lines.points):
        return lines
    line = np.cumsum(lines.starts) - 1
    twice = 1 + (np.bincount(line) == 1)[line]  # GEOS wants two points for a line
    # Rounded, because GEOS divides by lengths: those that are nearly nothing shall be nothing.
    points = np.repeat(lines.points.round(3), twice, axis=0)
    drawn = shapely.linestrings(points, indices=np.repeat(line, twice))
    kept = shapely.simplify(drawn, tolerance, preserve_topology=False)
    points, numbers = shapely.get_coordinates(kept, return_index=True)
    points = np.rint(points * FINENESS) / FINENESS
    starts = np.diff(numbers, prepend=-1) != 0
    moved = starts | np.diff(points, axis=0, prepend=points[:1]).any(axis=1)
    return Lines(points[moved], starts[moved])


def line_path(lines: Lines) -> str:
    """The `d` of a path that joins simplified lines, in quarters of a unit. A point by itself becomes a dot.

    It is absolute where a line begins, and relative from there on.
    """
    if not len(lines.points):
        return ""
    quarters = np.rint(lines.points * FINENESS).astype(np.int64)
    moves = np.diff(quarters, axis=0, prepend=quarters[:1])
    pairs = [f"{x} {y}" for x, y in np.where(lines.starts[:, None], quarters, moves).tolist()]
    begins = np.flatnonzero(lines.starts).tolist()
    parts = []
    for begin, end in zip(begins, [*begins[1:], len(pairs)], strict=True):
        rest = " ".join(pairs[begin + 1 : end])
        parts.append(f"M{pairs[begin]}l{rest}" if rest else f"M{pairs[begin]}h0")
    return "".join(parts).replace(" -", "-")


def covering(lines: Lines) -> str:
    """The `d` of a path, in quarters of a unit, that fills every square of `SQUARE` units the lines pass through."""
    if not len(lines.points):
        return ""
    columns, rows = np.maximum(_closely(lines) / SQUARE, 0).astype(np.int64).T
    passed = np.zeros((rows.max() + 1, columns.max() + 1), dtype=bool)
    passed[rows, columns] = True
    rows, columns = np.nonzero(passed)
    starts = (np.diff(rows, prepend=-1) != 0) | (np.diff(columns, prepend=-1) != 1)
    firsts = np.flatnonzero(starts)
    widths = np.diff(firsts, append=len(columns))
    side = SQUARE * FINENESS
    spans = np.column_stack((columns[firsts], rows[firsts], widths)) * side
    return "".join(f"M{x} {y}h{width}v{side}h-{width}z" for x, y, width in spans.tolist())


def _closely(lines: Lines) -> Numbers:
    """The lines' points, and others between them so that none is farther than `PASSING` from the next."""
    ways = np.diff(lines.points, axis=0)
    ways[lines.starts[1:]] = 0
    parts = np.maximum(np.ceil(np.abs(ways).max(axis=1) / PASSING), 1).astype(np.int64)
    part = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    share = part / np.repeat(parts, parts)
    between = np.repeat(lines.points[:-1], parts, axis=0) + share[:, None] * np.repeat(ways, parts, axis=0)
    return np.concatenate((between, lines.points[-1:]))
