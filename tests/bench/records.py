"""The records that are measured with: one a minute, all four places, three fields of metadata."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

NAMES = {"program": "bench", "platform": "bench", "instrument_type": "bench"}
PLACES = ("location_geo", "location_gsm", "nbtrace", "sbtrace")
METADATA = ("state", "nbtrace_region", "radial_distance")
START = datetime(2000, 1, 1, tzinfo=UTC)


def bodies(first: int, last: int, chunk: int) -> Iterator[bytes]:
    """Uploads of `chunk` records, from minute `first` to before minute `last`."""
    for begin in range(first, last, chunk):
        yield msgspec.json.encode([record(minute) for minute in range(begin, min(begin + chunk, last))])


def record(minute: int) -> dict[str, object]:
    """One record as AuroraX takes it."""
    place = dict(zip(("lat", "lon"), _place(minute), strict=True))
    metadata = dict(zip(METADATA, _metadata(minute), strict=True))
    return {**NAMES, "epoch": _epoch(minute), **dict.fromkeys(PLACES, place), "metadata": metadata}


def csv_file(count: int) -> bytes:
    """A file of as many rows as a provider would write them."""
    return csv_of(map(csv_row, range(count)))


def csv_of(rows: Iterable[str]) -> bytes:
    """A file of these rows."""
    header = ["epoch", *(f"{place}.{end}" for place in PLACES for end in ("lat", "lon"))]
    header += [f"metadata.{field}" for field in METADATA]
    return "\n".join([",".join(header), *rows]).encode()


def csv_row(minute: int, state: str = "") -> str:
    """One of them; with another state it is another record of that minute."""
    usual, *others = _metadata(minute)
    cells = (_epoch(minute), *_place(minute) * len(PLACES), state or usual, *others)
    return ",".join(map(str, cells))


def _epoch(minute: int) -> str:
    return f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:00}"


def _place(minute: int) -> tuple[float, float]:
    return round(minute * 0.001 % 180 - 90, 4), round(minute * 0.003 % 360 - 180, 4)


def _metadata(minute: int) -> tuple[str, str, int]:
    return "definitive", "north polar cap", 6800 + minute % 50
