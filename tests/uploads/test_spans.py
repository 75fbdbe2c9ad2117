"""AuroraX is asked where the file has records, not for the years between."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import AuroraX, DataSource, EphemerisRecord
from apps.aurorax.times import parse as moment
from apps.uploads import spans
from apps.uploads.states import State
from tests.conftest import Sent
from tests.support.uploads import UploadFile, act, csv_of

START = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC, as batches have it
FAR_APART = [f"{day}T00:00:00,51.05,-114.07,a" for day in ("1971-01-01", "2022-03-04")]


def searches(sent: Sent) -> list[str]:
    return [line for line in sent if line.partition(" ")[0] == "POST" and "search" in line]


def test_two_rows_51_years_apart_are_verified_in_two_searches(
    as_owner: Client, upload_file: UploadFile, sent: Sent
) -> None:
    upload = upload_file(csv_of(*FAR_APART))
    assert upload.state == State.CHECKED
    assert searches(sent) == []  # the data source is empty
    del sent[:]
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert len(searches(sent)) <= 6  # compared once more, read back, and the first records for the page
    del sent[:]
    act(as_owner, upload, "undo")
    assert upload.state == State.UNDONE
    assert len(searches(sent)) <= 8


def test_undoing_two_rows_far_apart_leaves_everything_between_them_alone(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    between = EphemerisRecord.from_api({"epoch": "1999-12-31T23:59:00", "metadata": {}})
    aurorax.ephemeris.upload(source.identifier, [between], source=source)
    upload = upload_file(csv_of(*FAR_APART))
    act(as_owner, upload, "send")
    act(as_owner, upload, "undo")
    assert upload.state == State.UNDONE
    stats = aurorax.sources.get(source.identifier, include_stats=True).stats
    assert stats
    assert (stats.ephemeris_count, stats.earliest_ephemeris_loaded) == (1, between.epoch)


def test_a_chunk_remembers_several_spans_only_where_there_are_some(upload_file: UploadFile) -> None:
    near = upload_file(csv_of("2020-01-01T00:00:00,51,-114,a", "2020-01-03T00:00:00,51,-114,a"))
    assert [chunk.spans for chunk in near.chunks.all()] == [[]]
    (chunk,) = upload_file(csv_of(*FAR_APART)).chunks.all()
    assert chunk.parts == [(moment(row[:19]), moment(row[:19])) for row in FAR_APART]


@given(
    st.lists(st.tuples(st.integers(0, 60 * 24 * 100), st.integers(0, 60 * 24 * 20)), min_size=1, max_size=40)
)
def test_spans_cover_every_record_and_no_gap_of_more_than_a_week(drawn: list[tuple[int, int]]) -> None:
    times = [(START + timedelta(minutes=at), START + timedelta(minutes=at + long)) for at, long in drawn]
    records = pl.DataFrame(
        times, schema={"first": pl.Datetime("us"), "last": pl.Datetime("us")}, orient="row"
    )
    aware = [(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)) for first, last in times]
    found = spans.of_records(records)
    assert found == spans.merged(aware)
    assert all(any(start <= first and last <= end for start, end in found) for first, last in aware)
    assert all(later[0] - earlier[1] > spans.GAP for earlier, later in pairwise(found))


@pytest.mark.parametrize("gap", [timedelta(0), spans.GAP, spans.GAP + timedelta(minutes=1)])
def test_a_gap_of_a_week_is_bridged_and_a_longer_one_is_not(gap: timedelta) -> None:
    first = moment("2020-01-01T00:00:00")
    assert len(spans.merged([(first, first), (first + gap, first + gap)])) == 1 + (gap > spans.GAP)
