"""AACGM coordinates by the package aacgmv2, which is compiled on the machine and may be missing.

What it does that one would not guess: a time zone on the moment is ignored, years before 1990 are answered without a word
though its coefficients are not meant for them, and one point higher than 2,000 km makes every point of the call NaN. It keeps the
coefficients of one moment for the whole process, so only one thread may ask at a time.
"""

from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PACKAGE = "aacgmv2"
YEARS = range(1990, 2030)  # of the model
HIGHEST = 2_000  # km
MISSING = (
    "B-traces are not computed here: the package aacgmv2 is not installed. It is compiled while it is installed, on Debian with: sudo"
    " apt-get install gcc python3-dev; then: .venv/bin/pip install -r requirements-science.txt"
)
_one_at_a_time = Lock()


def is_installed() -> bool:
    """Whether anything can be computed; without loading it, which takes its time."""
    return find_spec(PACKAGE) is not None


def modules() -> list[str]:
    """What a process loads beforehand that may be asked."""
    return [PACKAGE] if is_installed() else []


def name() -> str:
    """What computes: "aacgmv2 2.7.1"."""
    try:
        return f"{PACKAGE} {version(PACKAGE)}"
    except PackageNotFoundError:
        return PACKAGE


def opposite(lats: Floats, lons: Floats, moment: datetime) -> tuple[Floats, Floats]:
    """The foot points in the other hemisphere of places on the ground, by AuroraX's rule: to AACGM at 0 km, the latitude negated,
    and back, with the radius that the first step answers as height. NaN where AACGM is not defined.

    Source: PyAuroraX, `pyaurorax/search/util/_calculate_btrace.py`.
    """
    magnetic_lats, magnetic_lons, radii = _converted(lats, lons, np.zeros_like(lats), moment, "G2A")
    found_lats, found_lons, _ = _converted(-magnetic_lats, magnetic_lons, radii, moment, "A2G")
    return found_lats, found_lons


def feet(
    lats: Floats, lons: Floats, heights: Floats, moment: datetime, foot_height: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Where the field lines through points above the Earth come down to `foot_height` (km) in the north and in the south: latitudes
    and longitudes of both. NaN above 2,000 km, and where AACGM is not defined.
    """
    magnetic_lats, magnetic_lons, _ = _converted(lats, lons, heights, moment, "G2A")
    at = np.full_like(lats, foot_height)
    north_lats, north_lons, _ = _converted(np.abs(magnetic_lats), magnetic_lons, at, moment, "A2G")
    south_lats, south_lons, _ = _converted(-np.abs(magnetic_lats), magnetic_lons, at, moment, "A2G")
    return north_lats, north_lons, south_lats, south_lons


def _converted(
    lats: Floats, lons: Floats, heights: Floats, moment: datetime, method: str
) -> tuple[Floats, Floats, Floats]:
    """Only what can be asked about is asked about."""
    found = tuple(np.full(len(lats), np.nan) for _ in range(3))
    meant = np.isfinite(lats) & np.isfinite(lons) & (heights <= HIGHEST)
    if meant.any():
        naive = moment.astimezone(UTC).replace(tzinfo=None)
        with _one_at_a_time:
            answer = import_module(PACKAGE).convert_latlon_arr(
                lats[meant], lons[meant], heights[meant], naive, method_code=method
            )
        for into, values in zip(found, answer, strict=True):
            into[meant] = values
    return found[0], found[1], found[2]
