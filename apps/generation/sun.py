"""How high the Sun stands: the low-precision formulas of the Astronomical Almanac, for whole columns of times.

Good to 0.01 degrees from 1950 to 2050; refraction is left out, as it is where "the Sun 12 degrees below the horizon" is said.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
J2000 = 946_728_000  # seconds since 1970 of 2000-01-01T12:00:00
DAY = 86_400


def elevations(lat: float, lon: float, seconds: NDArray[np.int64]) -> Floats:
    """Degrees above the horizon of a place (degrees, geodetic) at moments in seconds since 1970, UTC."""
    days = (seconds - J2000) / DAY
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = 280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    along = np.radians(longitude)
    tilt = np.radians(23.439 - 4e-7 * days)
    x, y, z = np.cos(along), np.cos(tilt) * np.sin(along), np.sin(tilt) * np.sin(along)  # towards the Sun
    turned = np.radians((280.46061837 + 360.98564736629 * days + lon) % 360)  # local sidereal time
    phi = np.radians(lat)
    up = np.cos(phi) * (np.cos(turned) * x + np.sin(turned) * y) + np.sin(phi) * z
    found: Floats = np.degrees(np.arcsin(np.clip(up, -1, 1)))
    return found
