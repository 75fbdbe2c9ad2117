"""Finding what touches a span by searches that only know what lies inside one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
import requests
from django.core.cache import caches
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import AuroraX, DataProductRecord, DataSource, DataSourceStats, overlaps
from apps.aurorax.searching import RecordSearch
from apps.products.spans import DaySpan, span_of
from tests.support.properties import property_settings

MIDNIGHT = datetime(2021, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Nearly all products are of a night or a day; some are of a month, or of a moment.
lengths = st.one_of(st.integers(0, 30), st.integers(0, 24 * 9))
types = st.sampled_from(["keogram", "montage", "gridded_data"])
spans = st.tuples(st.integers(0, 24 * 20), lengths, types)


def product(number: int, start: int, length: int, type_: str) -> DataProductRecord:
    begins = MIDNIGHT + start * HOUR
    return DataProductRecord(type_, begins, begins + length * HOUR, f"{number}.png")


class Inside:
    """A search that answers as AuroraX does: what lies wholly inside."""

    def __init__(self, records: Sequence[DataProductRecord]) -> None:
        self.records = records
        self.asked = 0

    def __call__(self, source: DataSource, start: datetime, end: datetime, **filters: Any) -> Any:
        self.asked += 1
        wanted = filters.get("data_product_type_filters") or []
        assert set(wanted) <= {"keogram", "montage"}, "AuroraX refuses to filter by other types"
        found = [
            record.to_api()
            for record in self.records
            if start <= record.start
            and record.end <= end
            and record.data_product_type in (wanted or [record.data_product_type])
        ]
        answer = requests.Response()
        answer.status_code, answer._content = 200, msgspec.json.encode(found)
        return answer


def source_of(records: Sequence[DataProductRecord]) -> DataSource:
    stats = DataSourceStats(
        earliest_data_product_loaded=min(record.start for record in records),
        latest_data_product_loaded=max(record.end for record in records),
        data_product_count=len(records),
    )
    return DataSource(1, "program", "platform", "type", "ground", "Name", stats=stats)


def on(record: DataProductRecord, span: DaySpan) -> bool:
    start, end = span.bounds
    return record.start <= end and record.end >= start


@pytest.mark.parametrize("few", [-1, 1_000])
@property_settings
@given(st.lists(spans, min_size=1, max_size=8))
def test_steps_from_day_to_day_show_every_product_on_every_day_it_touches(
    few: int, drawn: list[tuple[int, int, str]]
) -> None:
    records = [product(number, *span) for number, span in enumerate(drawn)]
    source, client = source_of(records), AuroraX(base_url="http://aurorax.test")
    caches["answers"].clear()
    with (
        patch.object(RecordSearch, "answer", side_effect=Inside(records)),
        patch.object(overlaps, "FEW", few),
    ):
        day = min(record.start for record in records).date()
        span = span_of(source, first=day, last=None)
        assert span
        assert span.earlier is None
        passed = set()
        while span:
            found = list(span.listing(client).records)
            assert found == sorted(
                (record for record in records if on(record, span)), key=lambda each: (each.start, each.url)
            )
            passed |= {record.url for record in found}
            span = DaySpan(source, *span.later) if span.later else None
    assert passed == {record.url for record in records}


@pytest.mark.parametrize("few", [-1, 1_000])
@property_settings
@given(st.lists(spans, min_size=1, max_size=8), st.integers(0, 24 * 30), st.integers(0, 60))
def test_what_touches_a_span_is_found_by_either_way(
    few: int, drawn: list[tuple[int, int, str]], begin: int, hours: int
) -> None:
    records = [product(number, *span) for number, span in enumerate(drawn)]
    start, end = MIDNIGHT + begin * HOUR, MIDNIGHT + (begin + hours) * HOUR
    expected = [record.url for record in records if record.start <= end and record.end >= start]
    client = AuroraX(base_url="http://aurorax.test")
    caches["answers"].clear()
    with (
        patch.object(RecordSearch, "answer", side_effect=Inside(records)),
        patch.object(overlaps, "FEW", few),
    ):
        found = client.products.found(source_of(records), start, end)
        rows = client.products.touching(source_of(records), start, end)
        before = found.begun_before(start)
    assert sorted(record.url for record in found) == sorted(row.url for row in rows) == sorted(expected)
    assert before == sum(record.start < start for record in records if record.url in expected)


def test_a_span_beyond_the_calendar_is_looked_at_as_far_as_it_goes() -> None:
    records = [product(1, 0, 24, "keogram")]
    with patch.object(RecordSearch, "answer", side_effect=Inside(records)):
        client = AuroraX(base_url="http://aurorax.test")
        first, last = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
        assert len(client.products.found(source_of(records), first, last)) == 1
