"""Where the Sun stands: how high it is above a place at a minute.

The low-precision formulas of the Astronomical Almanac: right to about 0.01 degrees from 1950 to 2050.
"""

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]
Minutes = npt.NDArray[np.int64]  # since 1970-01-01T00:00 UTC
_J2000 = 10957.5  # days from 1970-01-01T00:00 to 2000-01-01T12:00


def elevation(minutes: Minutes, lat: Degrees, lon: Degrees) -> Degrees:
    """The Sun's height above the horizon, in degrees and without refraction; arguments as numpy broadcasts them."""
    ascension, declination, sidereal = _position(minutes)
    hour_angle = np.radians(sidereal + lon) - ascension
    north = np.radians(lat)
    sine = np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(hour_angle)
    height: Degrees = np.degrees(np.arcsin(np.clip(sine, -1, 1)))
    return height


def _position(minutes: Minutes) -> tuple[Degrees, Degrees, Degrees]:
    """Right ascension and declination in radians, and the sidereal time of Greenwich in degrees."""
    days = minutes / 1440 - _J2000
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 0.0000004 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    return ascension, declination, 15 * (18.697374558 + 24.06570982441908 * days)
