"""A plausible polar satellite, computed: where it is, and where its magnetic field line meets the ground.

A circular orbit over a round Earth with the magnetic field of a tilted dipole: good for pictures and tests, not science.
Vectors are Cartesian, of length 1 unless said otherwise; angles are degrees at the edges and radians inside.
"""

import math
from typing import NamedTuple

EARTH_RADIUS = 6371.2  # km
RADIAL_DISTANCE = 6815.0  # km, about Swarm A's
FOOT_RADIUS = EARTH_RADIUS + 100  # km; traces end at a height of 100 km
PERIOD = 93.8  # minutes
INCLINATION = math.radians(87.35)
ASCENDING_NODE = math.radians(226.0)
SIDEREAL_DAY = 1436.07  # minutes
DIPOLE_POLE = (80.65, -72.68)  # latitude and longitude of the northern pole of the 2020 dipole
OPEN_LATITUDE = 78.0  # field lines that leave the Earth nearer to the pole do not come back

Vector = tuple[float, float, float]
Degrees = tuple[float, float]
Basis = tuple[Vector, Vector, Vector]


class Fix(NamedTuple):
    """The satellite at one minute: latitude and longitude of each place in degrees, None where the line is open."""

    geo: Degrees
    gsm: Degrees
    nbtrace: Degrees | None
    sbtrace: Degrees | None
    magnetic_latitude: float
    foot_latitude: float
    on_day_side: bool


def fix(minute: int, sun: Vector) -> Fix:
    """The satellite `minute` minutes after midnight of its first day; `sun` is the direction of the sun."""
    position = _position(minute)
    magnetic = _along(DIPOLE_BASIS, position)
    latitude, longitude = _degrees(magnetic)
    foot = _foot_latitude(latitude)
    north, south = (_geographic(sign * foot, longitude) for sign in (1, -1))
    is_open = foot > OPEN_LATITUDE
    return Fix(
        geo=_degrees(position),
        gsm=_degrees(_along(_gsm_basis(sun), position)),
        nbtrace=None if is_open and latitude < 0 else north,
        sbtrace=None if is_open and latitude > 0 else south,
        magnetic_latitude=latitude,
        foot_latitude=foot,
        on_day_side=_dot(position, sun) > 0,
    )


def sun_direction(minute: int, day_of_year: int) -> Vector:
    """Towards the sun, as seen from the turning Earth."""
    declination = math.radians(-23.44) * math.cos(2 * math.pi * (day_of_year + 10) / 365)
    return _vector(math.degrees(declination), 180 - (minute % 1440) / 4)


def sun_elevation(place: Degrees, minute: int, day_of_year: int) -> float:
    """How high the sun stands over a place on the Earth, in degrees."""
    return math.degrees(math.asin(_dot(_vector(*place), sun_direction(minute, day_of_year))))


def _position(minute: int) -> Vector:
    along = 2 * math.pi * minute / PERIOD
    node = ASCENDING_NODE - 2 * math.pi * minute / SIDEREAL_DAY
    x, y = math.cos(along), math.sin(along) * math.cos(INCLINATION)
    return (
        x * math.cos(node) - y * math.sin(node),
        x * math.sin(node) + y * math.cos(node),
        math.sin(along) * math.sin(INCLINATION),
    )


def _foot_latitude(latitude: float) -> float:
    """Magnetic latitude at which the dipole line through the satellite meets the ground, without sign."""
    cosine = math.cos(math.radians(latitude)) * math.sqrt(FOOT_RADIUS / RADIAL_DISTANCE)
    return math.degrees(math.acos(min(cosine, 1.0)))


def _geographic(latitude: float, longitude: float) -> Degrees:
    """A place in magnetic coordinates as a geographic one."""
    x, y, z = _vector(latitude, longitude)
    east, north, pole = DIPOLE_BASIS
    return _degrees(
        (
            x * east[0] + y * north[0] + z * pole[0],
            x * east[1] + y * north[1] + z * pole[1],
            x * east[2] + y * north[2] + z * pole[2],
        )
    )


def _gsm_basis(sun: Vector) -> Basis:
    """Geocentric solar magnetospheric axes: x to the sun, the dipole in the plane of x and z."""
    dawn_to_dusk = _unit(_cross(DIPOLE_BASIS[2], sun))
    return sun, dawn_to_dusk, _cross(sun, dawn_to_dusk)


def _along(basis: Basis, vector: Vector) -> Vector:
    return _dot(basis[0], vector), _dot(basis[1], vector), _dot(basis[2], vector)


def _vector(latitude: float, longitude: float) -> Vector:
    lat, lon = math.radians(latitude), math.radians(longitude)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _degrees(vector: Vector) -> Degrees:
    x, y, z = vector
    latitude = math.degrees(math.asin(max(-1.0, min(1.0, z))))
    return round(latitude, 6), round(math.degrees(math.atan2(y, x)), 6)


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _unit(a: Vector) -> Vector:
    length = math.sqrt(_dot(a, a))
    return a[0] / length, a[1] / length, a[2] / length


def _dipole_basis() -> Basis:
    pole = _vector(*DIPOLE_POLE)
    east = _unit(_cross((0.0, 0.0, 1.0), pole))
    return east, _cross(pole, east), pole


DIPOLE_BASIS = _dipole_basis()
