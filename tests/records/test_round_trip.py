"""What any page offers of records can be uploaded again, and changes nothing."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.deletions.models import Deletion
from apps.records.exports import FORMATS
from apps.records.types import type_of
from apps.uploads.models import Upload
from tests.conftest import NewSource
from tests.deletions.test_restore import deleted, restored
from tests.support.strange_records import EVERY_TYPE, STRANGE, URLS
from tests.support.uploads import act

pytestmark = pytest.mark.any_database

SEEDED = 103  # a ground camera with ephemeris and keograms in the sandbox's seed
DAY = datetime(2020, 1, 1, tzinfo=UTC)
LAST = DAY + timedelta(hours=23, minutes=59, seconds=59)
ONE, TWO, THREE, NOWHERE = (
    Location(51.05, -114.066666),
    Location(-0.1, 1e-7),
    Location(89.999999, 180.0),
    Location(),
)
PLACES = [(ONE, TWO, THREE, NOWHERE), (NOWHERE, THREE, TWO, ONE), (TWO, NOWHERE, ONE, THREE), (NOWHERE,) * 4]
# One after the other, and all of them at once.
METADATA: list[dict[str, Any] | None] = [STRANGE, {}, None, *({name: STRANGE[name]} for name in STRANGE)]


class Held(NamedTuple):
    """Records of one kind that AuroraX holds of one day, and pages that offer them."""

    source: DataSource
    kind: str
    records: int

    def address(self, what: str, **query: object) -> str:
        days = (
            {"day": "2020-01-01"}
            if self.kind == "ephemeris"
            else {"first": "2020-01-01", "last": "2020-01-01"}
        )
        path = reverse(f"{self.kind}-{what}", args=[self.source.identifier])
        return f"{path}?{'&'.join(f'{name}={value}' for name, value in (days | query).items())}"


@pytest.fixture(params=["schema", "no schema"])
def schema(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return [field.to_api() for field in EVERY_TYPE] if request.param == "schema" else []


@pytest.fixture(params=["ephemeris", "products"])
def held(
    request: pytest.FixtureRequest, aurorax: AuroraX, new_source: NewSource, schema: list[dict[str, Any]]
) -> Held:
    source = new_source(ephemeris_metadata_schema=schema, data_product_metadata_schema=schema)
    if request.param == "ephemeris":
        records = [
            EphemerisRecord(DAY + timedelta(minutes=n), *PLACES[n % 4], metadata)
            for n, metadata in enumerate(METADATA)
        ]
        aurorax.ephemeris.upload(source.identifier, records, source=source)
    else:
        products = [
            DataProductRecord("keogram", DAY, LAST - timedelta(seconds=59), url, METADATA[n % len(METADATA)])
            for n, url in enumerate([*URLS, *(f"{n}.jpg" for n in range(len(METADATA) - len(URLS)))])
        ]
        aurorax.products.upload(source.identifier, products, source=source)
    return Held(source, request.param, len(METADATA))


def exports(client: Client, held: Held) -> Iterator[bytes]:
    """The Export page."""
    query = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}
    address = reverse(f"{held.kind}-export-download", args=[held.source.identifier])
    for wanted in FORMATS:
        yield bytes(client.get(address, query | {"format": wanted}).getvalue())


def tables(client: Client, held: Held) -> Iterator[bytes]:
    """The day's files, what is selected, and (the very same addresses) what is copied."""
    yield client.get(held.address("records-csv")).content
    client.post(held.address("selection"), {"verb": "everything"})
    yield client.get(held.address("selection-csv")).content
    if held.kind == "ephemeris":
        for shape in ("csv", "json"):
            address = reverse(f"ephemeris-export-{shape}", args=[held.source.identifier, DAY.date()])
            yield client.get(address).content


def upload_again(client: Client, held: Held, form: dict[str, Any]) -> Upload:
    answer = client.post(reverse(f"{held.kind}-upload", args=[held.source.identifier]), form)
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("created_at")


def assert_identical(upload: Upload, count: int) -> None:
    problems = [
        (each.slug, each.column, each.examples) for each in upload.problems.filter(severity="problem")
    ]
    found = upload.state, upload.rows, upload.new, upload.changed, upload.identical
    assert found == ("done", count, 0, 0, count), (upload.report.differences, problems)


def as_file(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("again", content)}


@pytest.mark.parametrize("offered", [exports, tables])
def test_every_file_that_a_page_offers_is_identical_when_it_is_uploaded(
    as_owner: Client, held: Held, offered: Callable[[Client, Held], Iterator[bytes]]
) -> None:
    for content in offered(as_owner, held):
        assert_identical(upload_again(as_owner, held, as_file(content)), held.records)


def test_what_is_copied_is_identical_when_it_is_pasted(as_owner: Client, held: Held) -> None:
    copied = as_owner.get(held.address("records-csv", page=1)).content.decode()
    assert_identical(upload_again(as_owner, held, {"text": copied}), held.records)


def test_what_is_deleted_is_restored_to_the_last_blank(
    as_owner: Client, aurorax: AuroraX, held: Held
) -> None:
    kind = type_of(held.kind)

    def records() -> list[str]:
        found = kind.search(aurorax, held.source, DAY, LAST)
        return sorted(json.dumps(kind.record_of(kind.canonical(row)), sort_keys=True) for row in found)

    before = records()
    address = deleted(
        as_owner, held.source, held.kind, start="2020-01-01T00:00:00", end="2020-01-01T23:59:59"
    )
    assert records() == []
    upload = restored(as_owner, address)
    assert upload.new == held.records
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert records() == before
    copy = as_owner.get(reverse("snapshot-download", args=[Deletion.objects.get().snapshot])).getvalue()
    assert_identical(upload_again(as_owner, held, as_file(bytes(copy))), held.records)


def test_the_template_is_read_without_a_question(
    as_owner: Client, aurorax: AuroraX, new_source: NewSource, schema: list[dict[str, Any]]
) -> None:
    source = new_source(ephemeris_metadata_schema=schema, data_product_metadata_schema=schema)
    for kind in ("ephemeris", "products"):
        content = as_owner.get(reverse(f"{kind}-template", args=[source.identifier])).content
        upload = upload_again(as_owner, Held(source, kind, 1), as_file(content))
        assert (upload.state, upload.rows, upload.new) == ("checked", 1, 1)


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_a_day_that_was_exported_is_identical_when_it_is_uploaded(
    as_owner: Client, aurorax: AuroraX, shape: str
) -> None:
    stats = aurorax.sources.get(SEEDED, include_stats=True).stats
    assert stats is not None
    assert stats.earliest_ephemeris_loaded is not None
    day = stats.earliest_ephemeris_loaded.date()
    content = as_owner.get(reverse(f"ephemeris-export-{shape}", args=[SEEDED, day])).getvalue()
    held = Held(aurorax.sources.get(SEEDED), "ephemeris", 0)
    upload = upload_again(as_owner, held, as_file(bytes(content)))
    assert upload.rows > 1_000
    assert_identical(upload, upload.rows)
