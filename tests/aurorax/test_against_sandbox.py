"""Every operation of the client, there and back, against the sandbox."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.aurorax import (
    AuroraX,
    Credential,
    DataProductRecord,
    DataSource,
    EphemerisRecord,
    Location,
    errors,
    sign_in,
)
from tests.support.sandbox import SandboxProcess

START = datetime(2021, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SCHEMA = [
    {
        "field_name": "example_meta1",
        "description": "example metadata field 1",
        "data_type": "string",
        "allowed_values": [],
    }
]
# The documentation page "Uploading data" creates this source.
EXAMPLE: dict[str, Any] = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
    "source_type": "ground",
    "display_name": "Example Instrument",
    "ephemeris_metadata_schema": SCHEMA,
    "data_product_metadata_schema": SCHEMA,
}


def client_of(name: str, sandbox: SandboxProcess) -> AuroraX:
    return AuroraX(Credential("api_key", f"sandbox-key-{name}"), sandbox.url)


@pytest.fixture
def owner(sandbox: SandboxProcess) -> AuroraX:
    return client_of("owner", sandbox)


@pytest.fixture
def admin(sandbox: SandboxProcess) -> AuroraX:
    return client_of("admin", sandbox)


@pytest.fixture
def example(owner: AuroraX) -> DataSource:
    """The documentation's source, just created."""
    return owner.sources.create(EXAMPLE)


def minutes(first: datetime, number: int) -> list[EphemerisRecord]:
    return [
        EphemerisRecord(
            first + minute * MINUTE,
            location_geo=Location(51.05, -114.0666),
            nbtrace=Location(51.05, -114.0666),
            sbtrace=Location(-60.25, -148.85),
            metadata={"example_meta1": f"minute {minute}"},
        )
        for minute in range(number)
    ]


def keogram(url: str, start: datetime) -> DataProductRecord:
    end = start + timedelta(hours=23, minutes=59)
    return DataProductRecord("keogram", start, end, url, {"example_meta1": "example1"})


def test_a_created_source_is_found_as_it_was_created(owner: AuroraX, example: DataSource) -> None:
    assert example.owner == "owner@example.org"
    assert owner.sources.get(example.identifier) == example
    assert owner.sources.list(program="example-program") == [example]
    kept = example.to_api()
    assert {name: kept[name] for name in EXAMPLE} == EXAMPLE


def test_a_source_that_exists_already_is_a_conflict(owner: AuroraX, example: DataSource) -> None:
    with pytest.raises(errors.Conflict):
        owner.sources.create(EXAMPLE | {"display_name": "Another"})


def test_every_filter_of_the_list_narrows_it(owner: AuroraX, example: DataSource) -> None:
    everything = owner.sources.list()
    assert len(everything) > 100
    assert [source.identifier for source in everything] == sorted(source.identifier for source in everything)
    for name in ("program", "platform", "instrument_type", "source_type", "owner"):
        value = getattr(example, name)
        found = owner.sources.list(**{name: value})
        assert found == [source for source in everything if getattr(source, name) == value]
        assert example in found


def test_smaller_formats_leave_keys_out(owner: AuroraX, example: DataSource) -> None:
    (short,) = owner.sources.list(program="example-program", record_format="identifier_only")
    assert short == DataSource(example.identifier)


def test_a_partial_update_changes_only_what_it_names(owner: AuroraX, example: DataSource) -> None:
    changed = owner.sources.update(
        example.identifier, {"display_name": "New name", "maintainers": ["maintainer@example.org"]}
    )
    assert changed.to_api() == example.to_api() | {
        "display_name": "New name",
        "maintainers": ["maintainer@example.org"],
    }


def test_empty_lists_and_objects_overwrite(owner: AuroraX, example: DataSource) -> None:
    owner.sources.update(
        example.identifier, {"maintainers": ["maintainer@example.org"], "metadata": {"a": 1}}
    )
    emptied = owner.sources.update(
        example.identifier, {"maintainers": [], "metadata": {}, "ephemeris_metadata_schema": []}
    )
    assert (emptied.maintainers, emptied.metadata, emptied.ephemeris_metadata_schema) == ((), {}, ())


def test_a_replacement_loses_what_it_leaves_out(owner: AuroraX, example: DataSource) -> None:
    required = {name: EXAMPLE[name] for name in EXAMPLE if not name.endswith("schema")}
    replaced = owner.sources.replace(example.identifier, required)
    assert replaced.ephemeris_metadata_schema == ()
    assert replaced.identifier == example.identifier


def test_a_whole_record_survives_its_own_replacement(owner: AuroraX, example: DataSource) -> None:
    assert owner.sources.replace(example.identifier, example.to_api()) == example


def test_a_deleted_source_is_gone_and_can_come_back_under_its_number(
    owner: AuroraX, example: DataSource
) -> None:
    owner.sources.delete(example.identifier)
    with pytest.raises(errors.NotFound, match=f"identifier {example.identifier}"):
        owner.sources.get(example.identifier)
    assert owner.sources.create(EXAMPLE | {"identifier": example.identifier}) == example


def test_a_source_that_holds_data_is_not_deleted(owner: AuroraX, example: DataSource) -> None:
    owner.ephemeris.upload(example.identifier, minutes(START, 1), source=example)
    with pytest.raises(errors.Conflict):
        owner.sources.delete(example.identifier)


def test_hidden_sources_stay_out_of_the_list(admin: AuroraX) -> None:
    admin.sources.create(EXAMPLE | {"identifier": -7, "source_type": "not_applicable"})
    assert admin.sources.list(program="example-program") == []
    assert admin.sources.get(-7).source_type == "not_applicable"


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
    span = {"start": date(2021, 1, 1), "end": date(2021, 1, 2)}
    (ephemeris,) = owner.availability.ephemeris(**span, source=example, slow=True)
    (products,) = owner.availability.products(**span, source=example, slow=True)
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


def test_accounts_are_listed_for_administrators_only(admin: AuroraX, owner: AuroraX) -> None:
    addresses = [account.email_address for account in admin.accounts.list()]
    assert "user@example.org" in addresses
    assert {account.role for account in admin.accounts.list(role="Maintainer")} == {"Maintainer"}
    with pytest.raises(errors.NotPermitted):
        owner.accounts.list()


def test_search_requests_are_listed_and_deleted_by_administrators_only(
    admin: AuroraX, owner: AuroraX, example: DataSource
) -> None:
    list(owner.ephemeris.search(example, START, START + 20 * DAY))
    (request,) = admin.searches.list(search_type="ephemeris", start=datetime.now(UTC) - DAY)
    assert not request.active
    assert request.result_count == 0
    admin.searches.delete(request.request_id)
    assert request.request_id not in [each.request_id for each in admin.searches.list()]
    with pytest.raises(errors.NotPermitted):
        owner.searches.list()


def test_a_session_ends_when_it_is_ended(sandbox: SandboxProcess) -> None:
    signed_in = sign_in("owner@example.org", "sandbox-owner", sandbox.url)
    assert (signed_in.account.email_address, signed_in.account.role) == ("owner@example.org", "Owner")
    client = AuroraX(signed_in.credential, sandbox.url)
    created = client.sources.create(EXAMPLE)
    client.end_session()
    with pytest.raises(errors.NotSignedIn):
        client.sources.delete(created.identifier)


def test_a_session_that_died_asks_to_sign_in_again(sandbox: SandboxProcess) -> None:
    client = AuroraX(sign_in("owner@example.org", "sandbox-owner", sandbox.url).credential, sandbox.url)
    sandbox.expire_sessions()
    with pytest.raises(errors.NotSignedIn, match="Sign in again"):
        client.sources.create(EXAMPLE)


def test_a_wrong_password_does_not_sign_in(sandbox: SandboxProcess) -> None:
    with pytest.raises(errors.NotSignedIn):
        sign_in("owner@example.org", "wrong", sandbox.url)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (None, errors.NotSignedIn),
        ("nobody-has-this", errors.NotSignedIn),
        ("user", errors.NotPermitted),
        ("maintainer", errors.NotPermitted),
        ("owner2", errors.NotPermitted),
    ],
)
def test_a_refused_write_is_never_taken_for_success(
    sandbox: SandboxProcess, example: DataSource, name: str | None, kind: type[errors.Refused]
) -> None:
    """PyAuroraX reports success for a 403 on uploads and deletes."""
    client = client_of(name, sandbox) if name else AuroraX(base_url=sandbox.url)
    number = example.identifier
    for write in (
        lambda: client.sources.update(number, {"display_name": "Mine"}),
        lambda: client.sources.replace(number, example.to_api()),
        lambda: client.sources.delete(number),
        lambda: client.ephemeris.upload(number, minutes(START, 1), source=example),
        lambda: client.ephemeris.delete(example, START, START),
        lambda: client.products.upload(number, [keogram("a.jpg", START)], source=example),
        lambda: client.products.delete(example, ["a.jpg"]),
    ):
        with pytest.raises(kind):
            write()
    assert client.sources.get(number) == example if kind is not errors.NotSignedIn else True


@pytest.mark.parametrize("shape", ["error_message", "message"])
def test_refused_records_are_named(
    sandbox: SandboxProcess, owner: AuroraX, example: DataSource, shape: str
) -> None:
    sandbox.switch(reject_every=3, reject_shape=shape)
    with pytest.raises(errors.InvalidRequest) as caught:
        owner.ephemeris.upload(example.identifier, minutes(START, 30), source=example)
    assert caught.value.rows
    assert all(row in caught.value.sentence for row in caught.value.rows[:3])


def test_an_unknown_source_takes_no_records(owner: AuroraX, example: DataSource) -> None:
    with pytest.raises(errors.Refused):
        owner.ephemeris.upload(999999, minutes(START, 1), source=example)
