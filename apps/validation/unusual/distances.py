"""Distances on the round Earth."""

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]
EARTH_KM = 6371.0  # mean radius


def kilometres(lat: Degrees, lon: Degrees, other_lat: Degrees, other_lon: Degrees) -> Degrees:
    """Between places in degrees, as numpy broadcasts them (haversine)."""
    north, other_north = np.radians(lat), np.radians(other_lat)
    over = np.sin((other_north - north) / 2) ** 2
    along = np.cos(north) * np.cos(other_north) * np.sin(np.radians(other_lon - lon) / 2) ** 2
    way: Degrees = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(over + along, 1)))
    return way


def kilometres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two places: latitude and longitude in degrees."""
    return float(kilometres(*(np.array(value) for value in (*one, *other))))
