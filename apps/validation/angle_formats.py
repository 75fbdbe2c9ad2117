"""How the angles of a place may be written otherwise than in degrees: only a person, or a unit in the file, can say so.

location_geo.lat as radians                0.8909     -> 51.05
location_geo.lat as colatitude             38.95      -> 51.05
location_gsm/x, location_gsm/y, …/z        1, 1, 0    -> lat 0, lon 45: any unit of length
"""

from collections.abc import Mapping
from enum import StrEnum
from math import atan2, degrees, hypot

from apps.validation.time_parts import MARK

X, Y, Z = "x", "y", "z"
AXES = (X, Y, Z)
DECIMALS = 12  # of degrees; the rest is float noise


class AngleFormat(StrEnum):
    """Its values are shown to people, and kept with what they chose."""

    RADIANS = "radians"
    COLATITUDE = "colatitude"
    COLATITUDE_RADIANS = "colatitude in radians"


LATITUDE_FORMATS = (AngleFormat.RADIANS, AngleFormat.COLATITUDE, AngleFormat.COLATITUDE_RADIANS)
LONGITUDE_FORMATS = (AngleFormat.RADIANS,)


def formats_of(column: str) -> tuple[AngleFormat, ...]:
    """How the values of a column of the record may be written; none where it is no angle."""
    part = column.rpartition(".")[2]
    return {"lat": LATITUDE_FORMATS, "lon": LONGITUDE_FORMATS}.get(part, ())


def in_degrees(value: float, written: AngleFormat) -> float:
    """A latitude or longitude."""
    angle = value if written is AngleFormat.COLATITUDE else degrees(value)
    return round(angle if written is AngleFormat.RADIANS else 90.0 - angle, DECIMALS)


def axis_of(name: str | None) -> tuple[str, str] | None:
    """The place and the axis of `location_gsm/x`."""
    whole, mark, axis = (name or "").partition(MARK)
    return (whole, axis) if mark and axis in AXES else None


def members_of(name: str) -> tuple[str, ...]:
    """What of a record a column says: an axis says both angles."""
    place = axis_of(name)
    return (f"{place[0]}.lat", f"{place[0]}.lon") if place else (name,)


def direction(axes: Mapping[str, float]) -> tuple[float, float] | None:
    """Latitude and longitude of a point; None for the centre of the Earth, which has none."""
    x, y, z = (axes[axis] for axis in AXES)
    if not (x or y or z):
        return None
    return round(degrees(atan2(z, hypot(x, y))), DECIMALS), round(degrees(atan2(y, x)), DECIMALS)
