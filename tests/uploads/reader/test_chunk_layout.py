"""Records as chunks, by time, whatever the order of the file."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import polars as pl
import pytest

from apps.uploads.reader import chunk_layout
from apps.uploads.reader.chunk_layout import ChunkLayout
from apps.uploads.reader.messages import Part
from apps.validation.batches import Records

pytestmark = pytest.mark.any_database

START = datetime(2020, 1, 1, tzinfo=UTC)
SIZE, BATCH, COUNT = 10, 37, 500


def batches(hours: Sequence[int]) -> Iterator[Records]:
    """Records that begin so many hours after the start, and take one."""
    for at in range(0, len(hours), BATCH):
        few = hours[at : at + BATCH]
        began = START.replace(tzinfo=None)
        first = pl.Series("first", [began + timedelta(hours=hour) for hour in few], dtype=pl.Datetime("us"))
        last = (first + timedelta(hours=1)).alias("last")
        yield pl.DataFrame([first, last, pl.Series("body", [f'{{"hour":{hour}}}' for hour in few])])


def laid_out(hours: Sequence[int]) -> tuple[ChunkLayout, list[Part]]:
    layout = ChunkLayout(SIZE)
    parts = [part for records in batches(hours) for part in layout.add(records)]
    return layout, parts + [part for few in layout.rest() for part in few]


def hours_of(part: Part) -> list[int]:
    return [record["hour"] for record in msgspec.json.decode(part.body)]


def shuffled(count: int) -> list[int]:
    hours = list(range(count))
    random.Random(1).shuffle(hours)
    return hours


@pytest.fixture(params=[chunk_layout.HELD, 500], ids=["in memory", "on disk"])
def _held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set aside fits into memory, or does not."""
    monkeypatch.setattr(chunk_layout, "HELD", request.param)
    monkeypatch.setattr(chunk_layout, "BLOCK", 7)
    monkeypatch.setattr(chunk_layout, "MERGED", 25)


@pytest.mark.usefixtures("_held")
@pytest.mark.parametrize(
    "hours",
    [shuffled(COUNT), [*range(COUNT)][::-1], [*range(250, COUNT), *range(250)]],
    ids=["shuffled", "newest first", "two files in one"],
)
def test_a_file_in_any_order_makes_as_many_chunks_that_are_as_short_in_time(hours: list[int]) -> None:
    layout, parts = laid_out(hours)
    assert sorted(hour for part in parts for hour in hours_of(part)) == [*range(COUNT)]
    assert [part.count for part in parts] == [SIZE] * (COUNT // SIZE)
    assert all(max(hours_of(part)) - min(hours_of(part)) == SIZE - 1 for part in parts)
    assert (layout.count, layout.first, layout.last) == (
        COUNT,
        START,
        START + timedelta(hours=COUNT),
    )
    assert sum(layout.days.values()) == COUNT


def test_the_first_records_shown_are_the_first_of_the_file() -> None:
    layout, _ = laid_out(shuffled(COUNT))
    assert layout.first_records == [f'{{"hour":{hour}}}'.encode() for hour in shuffled(COUNT)[:10]]


def test_what_comes_in_time_order_is_laid_out_at_once() -> None:
    layout = ChunkLayout(SIZE)
    at_once = [hours_of(part) for records in batches(range(40)) for part in layout.add(records)]
    assert at_once == [[*range(n, n + SIZE)] for n in range(0, 40, SIZE)]
    assert [part for parts in layout.rest() for part in parts] == []


def test_a_record_out_of_place_does_not_hold_the_others_back() -> None:
    layout = ChunkLayout(SIZE)
    hours = [*range(1, 200), 0, *range(200, COUNT)]
    at_once = [hours_of(part) for records in batches(hours) for part in layout.add(records)]
    assert len(at_once) == COUNT // SIZE - 1
    assert [sorted(hours_of(part)) for parts in layout.rest() for part in parts] == [[0, *range(491, COUNT)]]


def test_records_of_the_same_moment_all_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_layout, "HELD", 100)
    monkeypatch.setattr(chunk_layout, "BLOCK", 3)
    monkeypatch.setattr(chunk_layout, "MERGED", 4)
    _, parts = laid_out([5, 3, 3, 5, 3, 1, 1, 5, 3] * 20)
    assert sorted(hour for part in parts for hour in hours_of(part)) == sorted(
        [5, 3, 3, 5, 3, 1, 1, 5, 3] * 20
    )
