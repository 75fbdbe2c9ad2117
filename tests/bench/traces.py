"""B-traces of one site for a year of minutes, beside a plain loop over aacgmv2."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from apps.geomagnetism import aacgm
from apps.geomagnetism.traces import traces
from tests.bench.figures import Figure, in_turn, seconds

ROUNDS = 5
YEAR = 525_600  # minutes
SAMPLE = 20_000  # of the loop, spread over the year: all of it takes as many times longer as there are more
GILLAM = (56.376723, -94.643664)
START = datetime(2021, 1, 1, tzinfo=UTC)


def figures(folder: Path) -> list[Figure]:
    """Rows a second; the target is a year in one second. The loop is measured on a sample and scaled."""
    moments = int(START.timestamp()) + 60 * np.arange(YEAR)
    lats, lons = np.full(YEAR, GILLAM[0]), np.full(YEAR, GILLAM[1])
    (ours,) = in_turn(ROUNDS, lambda: traces(lats, lons, moments))
    loop = seconds(lambda: _loop(SAMPLE)) / SAMPLE * YEAR
    what = f"b-traces of a site for {YEAR:,} minutes"
    peer = f"a loop over aacgmv2, of {SAMPLE:,} minutes, scaled"
    return [
        Figure(what, YEAR / ours, "rows/s", peer, YEAR / loop, target=YEAR),
        Figure(
            f"{what}: as a share of the loop", ours * 1000, "ms", peer, loop * 1000, target=loop * 1000 / 500
        ),
    ]


def _loop(count: int) -> None:
    lat, lon = (np.array([angle]) for angle in GILLAM)
    for number in range(count):
        aacgm.opposite(lat, lon, START + timedelta(minutes=number * (YEAR // count)))
