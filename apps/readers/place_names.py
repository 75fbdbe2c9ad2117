"""Which place, and which part of it, a variable is by its name, unit and description: proposed, never decided.

GEO_LAT, "deg"                     -> location_geo.lat
XYZ_GSM_x, "km"                    -> location_gsm/x
colat, "radians"                   -> location_geo.lat as colatitude in radians
NorthBtr_GEO_LAT                   -> nbtrace.lat
"""

import re

from apps.readers.headers import AS_SEPARATOR
from apps.validation.angle_formats import AngleFormat
from apps.validation.time_parts import MARK

LENGTHS = frozenset({"km", "kilometers", "kilometres", "re", "r_e", "earth radii", "m", "meters", "metres"})
RADIANS = frozenset({"rad", "radian", "radians"})
DEGREES = frozenset(
    {"", "deg", "degree", "degrees", "degrees_north", "degrees_east", "degree_north", "degree_east"}
)
ABOVE_GEO = re.compile(
    r"\b(?:ae?cgm|mag|magnetic|mlat|mlon|cgm|apex|dipole|gse|gsm|gei|sm|tod|j2000|invariant)\b"
)
_words = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+").findall
_trace = re.compile(r"trace|btr\b|foot|fp\b")


def is_length(unit: str) -> bool:
    """Whether it is one in which places are written."""
    return unit.strip().lower() in LENGTHS


def proposed(name: str, unit: str, description: str) -> str:
    """What a column may mean; empty where nothing speaks for it."""
    words = [word.lower() for word in _words(name)]
    text = f"{' '.join(words)} {description.lower()}"
    place, unit = _place(text), unit.strip().lower()
    if not place:
        return ""
    if is_length(unit) and words[-1:] and words[-1] in {"x", "y", "z"} and _names_frame(words, place):
        return f"{place}{MARK}{words[-1]}"
    return _angle(words, place, unit)


def _angle(words: list[str], place: str, unit: str) -> str:
    is_radians = unit in RADIANS
    if unit not in DEGREES and not is_radians:
        return ""
    joined = " ".join(words)
    if re.search(r"\bco ?lat", joined):
        written = AngleFormat.COLATITUDE_RADIANS if is_radians else AngleFormat.COLATITUDE
        return f"{place}.lat{AS_SEPARATOR}{written}"
    part = (
        "lat"
        if re.search(r"lat(?:itude)?\b", joined)
        else "lon"
        if re.search(r"lon(?:g|gitude)?\b", joined)
        else ""
    )
    if not part:
        return ""
    return f"{place}.{part}" + (f"{AS_SEPARATOR}{AngleFormat.RADIANS}" if is_radians else "")


def _place(text: str) -> str:
    """By the words of name and description."""
    if _trace.search(text):
        if re.search(r"\bn(?:orth|b)", text):
            return "nbtrace"
        return "sbtrace" if re.search(r"\bs(?:outh|b)", text) else ""
    if re.search(r"\bgsm\b", text):
        return "location_gsm"
    return "" if ABOVE_GEO.search(text) else "location_geo"


def _names_frame(words: list[str], place: str) -> bool:
    """Whether x, y and z are said to be of this frame: those of a frame without a name may be any."""
    frames = {"location_gsm": {"gsm"}, "location_geo": {"geo", "ecef", "itrf", "geographic"}}
    return not frames.get(place, {""}).isdisjoint(words)
