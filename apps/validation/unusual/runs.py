"""Runs: first and last minute (since 1970) of records that follow each other without a long gap."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BREAK = 10  # minutes without a record, after which a run has ended
MOST_RUNS = 3_000  # that are compared; more are no nights of a few years

Run = tuple[int, int]
Runs = Sequence[Run]


def runs_of(minutes: npt.NDArray[np.int64]) -> list[Run]:
    """Of minutes in time order.

    0 1 2 90 91 -> (0, 2) (90, 91)
    """
    if not len(minutes):
        return []
    ends = np.flatnonzero(np.diff(minutes) > BREAK)
    firsts, lasts = minutes[np.r_[0, ends + 1]], minutes[np.r_[ends, len(minutes) - 1]]
    return [*zip(firsts.tolist(), lasts.tolist(), strict=True)]


def merged(runs: Runs) -> list[Run]:
    """In time order, without overlaps."""
    found: list[Run] = []
    for first, last in sorted(runs):
        if found and first - found[-1][1] <= BREAK:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def length(runs: Runs) -> int:
    """Their minutes."""
    return sum(last - first + 1 for first, last in runs)


def shared(runs: Runs, others: Runs, shift: int) -> int:
    """Minutes of the first that, shifted by so many, are in the others. Both are merged."""
    total = place = 0
    for first, last in runs:
        begin, end = first + shift, last + shift
        while place < len(others) and others[place][1] < begin:
            place += 1
        at = place
        while at < len(others) and others[at][0] <= end:
            total += min(end, others[at][1]) - max(begin, others[at][0]) + 1
            at += 1
    return total
