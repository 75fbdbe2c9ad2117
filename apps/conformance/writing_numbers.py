"""What an AuroraX does to numbers: written in metadata and as places, and read back."""

from collections.abc import Iterator
from datetime import timedelta
from math import nextafter
from typing import Any

from apps.aurorax.records import DataSource
from apps.conformance.behaviours import Need, question
from apps.conformance.server import Server
from apps.conformance.writing_records import day, held, row, upload

SCRATCH_DAY = 40
INTEGERS = [
    0,
    1,
    -1,
    *(sign * 2**power + more for power in (31, 53, 63) for more in (-1, 0, 1) for sign in (1, -1)),
]
FLOATS = [
    -0.0,
    0.1,
    nextafter(0.3, 1),
    nextafter(1.0, 2),
    51.049999999999997,
    -120.02243000000001,
    123456789.12345679,
    nextafter(1e15, 2e15),
    *(sign * 10.0**power for power in (-300, -9, 16, 22, 300) for sign in (1, -1)),
    5e-324,
    1.7976931348623157e308,
]  # fmt: skip
DEGREES = [0.1, nextafter(0.3, 1), 51.049999999999997, -89.99999999999999, 1e-9, -1e-300]


@question("What becomes of numbers of every size?", Need.WRITING)
def numbers(server: Server, source: DataSource) -> str:
    """`apps.records.equality.FLOAT_BOUND` is chosen by what is known of this; here it is asked of this very AuroraX."""
    sent = {f"n{place}": number for place, number in enumerate([*INTEGERS, *FLOATS])}
    rows = [row(source, day(SCRATCH_DAY), metadata=sent)]
    for minute, degrees in enumerate(DEGREES, start=1):
        place = {"lat": degrees, "lon": degrees}
        rows.append(row(source, day(SCRATCH_DAY) + timedelta(minutes=minute), location_geo=place))
    answer = upload(server, source, rows)
    if answer.status != 202:
        return f"refused: {answer.status} {answer.text}"
    found = held(server, source, day(SCRATCH_DAY), len(rows))
    if len(found) != len(rows):
        return f"{len(found)} of {len(rows)} records arrived"
    changed = [*_metadata_changed(sent, found[0]["metadata"] or {}), *_places_changed(found[1:])]
    return "; ".join(changed) or f"all {len(sent) + 2 * len(DEGREES)} arrive exactly"


def _metadata_changed(sent: dict[str, Any], kept: dict[str, Any]) -> Iterator[str]:
    for name, number in sent.items():
        yield from changed("metadata", number, kept.get(name))


def _places_changed(records: list[dict[str, Any]]) -> Iterator[str]:
    for record, degrees in zip(records, DEGREES, strict=True):
        for part in ("lat", "lon"):
            yield from changed(part, degrees, record["location_geo"][part])


def changed(where: str, sent: float, kept: object) -> Iterator[str]:
    """What a number became, and by how much of itself it is off."""
    if isinstance(kept, bool) or not isinstance(kept, int | float):
        yield f"{where} {sent!r} became {kept!r}"
    elif kept != sent:
        yield f"{where} {sent!r} became {kept!r} (off by {abs(kept - sent) / (abs(sent) or 1):.1e} of it)"
