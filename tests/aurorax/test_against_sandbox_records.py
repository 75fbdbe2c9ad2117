"""Ephemeris and data products there and back, against the sandbox."""

from datetime import UTC, date, datetime

import pytest

from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location, errors
from tests.aurorax.against_sandbox import DAY, MINUTE, START, keogram, minutes
from tests.support.sandbox import SandboxProcess


def test_uploaded_ephemeris_comes_back_equal(owner: AuroraX, example: DataSource) -> None:
    records = minutes(START, 1440)
    owner.ephemeris.upload(example.identifier, records, source=example)
    assert list(owner.ephemeris.search(example, START, START + DAY)) == records


def test_a_search_reads_across_months_without_loss_or_doubling(owner: AuroraX, example: DataSource) -> None:
    edges = [datetime(2021, month, 1, tzinfo=UTC) for month in range(1, 13)]
    records = [record for edge in edges for record in minutes(edge - MINUTE, 3)]
    owner.ephemeris.upload(example.identifier, records, source=example)
    found = list(owner.ephemeris.search(example, edges[0] - DAY, edges[-1] + DAY))
    assert found == records


def test_both_ends_of_a_search_are_inclusive(owner: AuroraX, example: DataSource) -> None:
    records = minutes(START, 5)
    owner.ephemeris.upload(example.identifier, records, source=example)
    assert list(owner.ephemeris.search(example, START + MINUTE, START + 3 * MINUTE)) == records[1:4]


def test_a_record_is_replaced_by_its_key(owner: AuroraX, example: DataSource) -> None:
    owner.ephemeris.upload(example.identifier, minutes(START, 1), source=example)
    changed = EphemerisRecord(START, location_geo=Location(1.0, 2.0), metadata=None)
    owner.ephemeris.upload(example.identifier, [changed], source=example)
    assert list(owner.ephemeris.search(example, START, START)) == [changed]


def test_a_latitude_over_ninety_comes_back_folded(owner: AuroraX, example: DataSource) -> None:
    """The documentation's own example; see the document on AuroraX's behaviour."""
    record = EphemerisRecord(START, location_gsm=Location(150.25, -10.75))
    owner.ephemeris.upload(example.identifier, [record], source=example)
    (found,) = owner.ephemeris.search(example, START, START)
    assert found.location_gsm == Location(29.75, -10.75)


def test_a_deleted_range_is_gone_and_its_job_is_listed(owner: AuroraX, example: DataSource) -> None:
    records = minutes(START, 10)
    owner.ephemeris.upload(example.identifier, records, source=example)
    owner.ephemeris.delete(example, START + 2 * MINUTE, START + 7 * MINUTE)
    assert list(owner.ephemeris.search(example, START, START + DAY)) == records[:2] + records[8:]
    assert len(owner.ephemeris.delete_jobs(example.identifier)) == 1


def test_uploaded_products_come_back_equal(owner: AuroraX, example: DataSource) -> None:
    records = [keogram(f"example{day}.jpg", START + day * DAY) for day in range(3)]
    movie = DataProductRecord("movie", START, START + MINUTE, "a movie with spaces.mp4")
    owner.products.upload(example.identifier, [*records, movie], source=example)
    week = START + 7 * DAY
    assert set(map(str, owner.products.search(example, START, week))) == set(map(str, [*records, movie]))
    assert list(owner.products.search(example, START, week, types=["keogram"])) == records
    assert list(owner.products.search(example, START, week, types=["movie"])) == [movie]


def test_products_of_decades_are_found(owner: AuroraX, example: DataSource) -> None:
    records = [keogram(f"{year}.jpg", datetime(year, 6, 1, tzinfo=UTC)) for year in (1999, 2009, 2019)]
    owner.products.upload(example.identifier, records, source=example)
    assert list(owner.products.search(example, datetime(1990, 1, 1, tzinfo=UTC), START)) == records


def test_products_are_deleted_by_url(owner: AuroraX, example: DataSource) -> None:
    records = [keogram(f"example{day}.jpg", START + day * DAY) for day in range(3)]
    owner.products.upload(example.identifier, records, source=example)
    owner.products.delete(example, [records[0].url, records[2].url])
    assert list(owner.products.search(example, START, START + 7 * DAY)) == [records[1]]


def test_stats_and_availability_count_what_was_uploaded(owner: AuroraX, example: DataSource) -> None:
    owner.ephemeris.upload(example.identifier, minutes(START, 1500), source=example)
    owner.products.upload(example.identifier, [keogram("a.jpg", START)], source=example)
    first, last = date(2021, 1, 1), date(2021, 1, 2)
    (ephemeris,) = owner.availability.ephemeris(start=first, end=last, source=example, slow=True)
    (products,) = owner.availability.products(start=first, end=last, source=example, slow=True)
    assert ephemeris.counts == {date(2021, 1, 1): 1440, date(2021, 1, 2): 60}
    assert products.counts == {date(2021, 1, 1): 1}
    stats = owner.sources.get(example.identifier, include_stats=True).stats
    assert stats is not None
    assert (stats.ephemeris_count, stats.data_product_count) == (1500, 1)
    assert stats.latest_ephemeris_loaded == START + 1499 * MINUTE


def test_availability_of_all_sources_names_each(owner: AuroraX, example: DataSource) -> None:
    owner.ephemeris.upload(example.identifier, minutes(START, 1), source=example)
    found = owner.availability.ephemeris(start=START.date(), end=START.date(), slow=True)
    assert example.identifier in [each.data_source.identifier for each in found]


def test_a_source_that_holds_data_is_not_deleted(owner: AuroraX, example: DataSource) -> None:
    owner.ephemeris.upload(example.identifier, minutes(START, 1), source=example)
    with pytest.raises(errors.Conflict):
        owner.sources.delete(example.identifier)


@pytest.mark.parametrize("shape", ["error_message", "message"])
def test_refused_records_are_named(
    sandbox: SandboxProcess, owner: AuroraX, example: DataSource, shape: str
) -> None:
    sandbox.switch(reject_every=3, reject_shape=shape)
    with pytest.raises(errors.InvalidRequest) as caught:
        owner.ephemeris.upload(example.identifier, minutes(START, 30), source=example)
    assert caught.value.rows
    assert all(row in caught.value.message for row in caught.value.rows[:3])


def test_an_unknown_source_takes_no_records(owner: AuroraX, example: DataSource) -> None:
    with pytest.raises(errors.Refused):
        owner.ephemeris.upload(999999, minutes(START, 1), source=example)
