"""A month of a low orbit with both footprints, minute by minute, on the world and around both poles."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cartopy.crs
import matplotlib as mpl
import numpy as np
from django.template.loader import render_to_string
from matplotlib.figure import Figure as Drawn

from apps.aurorax import DataSource, EphemerisRecord, Location
from apps.charts import maps
from apps.charts.maps import Track
from apps.ephemeris.tracks import RangeMap, tracks_of
from tests.bench.figures import Figure, in_turn, seconds
from tests.charts.maps.orbits import MONTH, three_tracks

ROUNDS = 5
CARTOPY = "cartopy's plot(), to SVG"
POINTS = "cartopy's transform_points(), matplotlib, to SVG"
PLATE, NORTH, SOUTH = (
    cartopy.crs.PlateCarree(),
    cartopy.crs.AzimuthalEquidistant(0, 90),
    cartopy.crs.AzimuthalEquidistant(0, -90),
)
EDGE = 60 / 180 * np.pi * 6378137  # metres from a pole to 30 degrees of latitude
LIMITS = {PLATE: (180, 90), NORTH: (EDGE, EDGE), SOUTH: (EDGE, EDGE)}
STYLES = ("-", "--", ":")

Plot = Callable[[Any, Track, str], None]


def figures(folder: Path) -> list[Figure]:
    """Our paths, and all of the page's part from records to HTML, beside what scientists draw such maps with, which
    draws no coastlines here (it would have to fetch them).
    """
    tracks = three_tracks(MONTH)
    records = _records(tracks)
    drawing, page, points = in_turn(
        ROUNDS, lambda: maps.draw(tracks), lambda: _html(records), lambda: _matplotlib(tracks, _by_points)
    )
    cartopys = seconds(lambda: _matplotlib(tracks, _by_cartopy))  # takes half a minute
    size = sum(len(layer.path) for view in maps.draw(tracks).views for layer in view.layers)
    peers_size = len(_matplotlib(tracks, _by_points))
    what = f"map of {MONTH:,} records, 3 tracks on 3 pictures"
    return [
        Figure(f"{what}: draw", drawing * 1000, "ms", CARTOPY, cartopys * 1000, target=300),
        Figure(f"{what}: draw", drawing * 1000, "ms", POINTS, points * 1000, target=300),
        Figure(f"{what}: records to HTML", page * 1000, "ms", CARTOPY, cartopys * 1000, target=1000),
        Figure(f"{what}: paths", size / 1000, "kB", POINTS, peers_size / 1000),
    ]


def _records(tracks: Sequence[Track]) -> list[EphemerisRecord]:
    """As they come from AuroraX."""
    times = [datetime.fromtimestamp(seconds, UTC) for seconds in tracks[0].times.tolist()]
    places = [map(Location, track.lats.tolist(), track.lons.tolist()) for track in tracks]
    return [
        EphemerisRecord(time, location_geo=geo, nbtrace=north, sbtrace=south)
        for time, geo, north, south in zip(times, *places, strict=True)
    ]


def _html(records: list[EphemerisRecord]) -> str:
    """What the page of a range does once it has its records."""
    tracks = tracks_of(records)
    drawing = maps.draw(tracks)
    found = RangeMap(len(records), drawing, maps.rows(tracks))
    context = {
        "source": DataSource(3),
        "map": found,
        "drawing": drawing,
        "start": records[0].epoch,
        "end": records[-1].epoch,
        "shown": [track.name for track in tracks],
    }
    return render_to_string("ephemeris/map_of_range.html", context)


def _matplotlib(tracks: Sequence[Track], plot: Plot) -> bytes:
    """The same tracks on the same three pictures."""
    drawn = Drawn(figsize=(14, 3.6))
    with mpl.rc_context({"path.simplify": True, "path.simplify_threshold": 0.5}):
        for number, (projection, (x, y)) in enumerate(LIMITS.items(), start=1):
            axes = drawn.add_subplot(1, 3, number, projection=projection)
            axes.set(xlim=(-x, x), ylim=(-y, y), autoscale_on=False)
            for track, style in zip(tracks, STYLES, strict=True):
                plot(axes, track, style)
        target = io.BytesIO()
        drawn.savefig(target, format="svg")
    return target.getvalue()


def _by_cartopy(axes: Any, track: Track, style: str) -> None:
    """As its documentation has it: great circles between positions, broken at the edge of the projection."""
    axes.plot(track.lons, track.lats, style, transform=cartopy.crs.Geodetic(), linewidth=0.5)


def _by_points(axes: Any, track: Track, style: str) -> None:
    """Straight between positions, which is quicker; broken by hand where the world is left at one side."""
    x, y, _ = axes.projection.transform_points(PLATE, track.lons, track.lats).T
    x[1:][np.abs(np.diff(track.lons)) > 180] = np.nan
    axes.plot(x, y, style, linewidth=0.5)
