"""What is kept of a file's records, whatever its size."""

from typing import Any

import msgspec

HOURS = 25  # shifts from twelve hours earlier to twelve hours later


class SeenPlace(msgspec.Struct):
    """Degrees, rounded to a hundredth; how many records are there, and the first of their rows."""

    lat: float
    lon: float
    count: int
    rows: list[int]


class Jump(msgspec.Struct):
    """A step from the record before that nothing flies."""

    row: int
    kilometres: int
    minutes: int


class TrackSummary(msgspec.Struct):
    """Of ephemeris. Rows are the first of those that are counted. `bright` counts the records of a sample in daylight for
    each shift of the clock, from twelve hours earlier to twelve later; the middle one is as written. `steps`: minutes to the record
    before, and how often.
    """

    records: int = 0
    placed: int = 0  # records with a place
    places: list[SeenPlace] = []
    is_moving: bool = False
    jumps: int = 0
    jumps_listed: list[Jump] = []
    still: int = 0
    still_rows: list[int] = []
    gsm: int = 0
    gsm_rows: list[int] = []
    steps: list[tuple[int, int]] = []
    gaps: int = 0
    gap_rows: list[int] = []
    runs: list[tuple[int, int]] = []
    sampled: int = 0
    bright: list[int] = msgspec.field(default_factory=lambda: [0] * HOURS)
    bright_rows: list[int] = []


class SpanExample(msgspec.Struct):
    """A data product, and what is odd about it."""

    row: int
    text: str


class Oddity(msgspec.Struct):
    """How many data products are odd in one way, with the first of them."""

    count: int = 0
    examples: list[SpanExample] = []


class ProductSummary(msgspec.Struct):
    """Of data products: ways to be odd -> how many are."""

    records: int = 0
    odd: dict[str, Oddity] = {}


def as_json(summary: msgspec.Struct) -> dict[str, Any]:
    """As JSON can hold it."""
    found: dict[str, Any] = msgspec.to_builtins(summary)
    return found
