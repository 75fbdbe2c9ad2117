"""What is exported can be uploaded again, and changes nothing."""

import csv
import io
import json
import threading
from collections import deque
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, errors
from apps.aurorax.records import DataProductRecord, EphemerisRecord, Location
from apps.records.exports import FORMATS
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource, Sent
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

START = datetime(2020, 1, 1, tzinfo=UTC)
MONTH = 44_640  # minutes
SCHEMA = [
    {"field_name": name, "description": "", "data_type": kind, "allowed_values": []}
    for name, kind in (("state", "string"), ("distance", "double"), ("is_on", "bool"), ("count", "int"))
]
# Values that do not come back out of a cell of their own: types, empty and dangerous texts, null, lists.
STRANGE: list[dict[str, Any] | None] = [
    {"state": "definitive", "distance": 6819.1090046469235, "is_on": True, "count": 7},
    {"state": "", "distance": "far", "is_on": "true", "count": 1.5},
    {"state": "=1+1", "other": "x", "list": [1, {"a": None}], "distance": None},
    {"state": "NA", "distance": "nan", "is_on": "None", "count": "\\N", "other": "NULL", "blank": "  "},
    {"state": "  ", "other": 7, "distance": " 7 "},
    {"state": "7", "distance": 7, "quote": 'say "hi",\nplease'},
    {},
    None,
]


def export(client: Client, source: DataSource, wanted: str, kind: str = "ephemeris", days: int = 31) -> bytes:
    query = {
        "start": "2020-01-01T00:00:00",
        "end": f"{START + timedelta(days=days, seconds=-1):%Y-%m-%dT%H:%M:%S}",
    }
    address = reverse(f"{kind}-export-download", args=[source.identifier])
    answer = client.get(address, query | {"format": wanted})
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def upload_again(client: Client, source: DataSource, content: bytes, kind: str = "ephemeris") -> Upload:
    address = reverse(f"{kind}-upload", args=[source.identifier])
    answer = client.post(address, {"file": SimpleUploadedFile("again", content)})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("created_at")


@pytest.fixture
def strange(aurorax: AuroraX, new_source: NewSource) -> DataSource:
    source = new_source(ephemeris_metadata_schema=SCHEMA, data_product_metadata_schema=SCHEMA)
    places = [Location(51.05, -114.066666), Location(-0.1, 1e-7), Location(89.999999, 180.0), Location()]
    records = [
        EphemerisRecord(
            START + timedelta(minutes=n), places[n % 4], places[1], places[2], places[3], metadata
        )
        for n, metadata in enumerate(STRANGE)
    ]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    products = [
        DataProductRecord(
            "keogram", START + timedelta(days=n), START + timedelta(days=n, hours=1), f"{n},“é”.jpg", metadata
        )
        for n, metadata in enumerate(STRANGE)
    ]
    aurorax.products.upload(source.identifier, products, source=source)
    return source


@pytest.mark.parametrize("kind", ["ephemeris", "products"])
@pytest.mark.parametrize("wanted", FORMATS)
def test_records_of_every_kind_come_back_identical(
    as_owner: Client, strange: DataSource, kind: str, wanted: str
) -> None:
    upload = upload_again(as_owner, strange, export(as_owner, strange, wanted, kind), kind)
    assert (upload.state, upload.rows, upload.identical) == (State.DONE, len(STRANGE), len(STRANGE)), (
        upload.report.differences,
        [*upload.problems.all()],
    )


@pytest.mark.slow
@pytest.mark.parametrize("wanted", FORMATS)
def test_a_month_of_a_seeded_source_comes_back_identical(
    portal: SandboxProcess, as_owner: Client, aurorax: AuroraX, new_source: NewSource, wanted: str
) -> None:
    source = new_source(ephemeris_metadata_schema=SCHEMA)
    records = [
        EphemerisRecord(
            START + timedelta(minutes=n),
            *(Location(round(n * 0.001 % 180 - 90, 4), round(n * 0.003 % 360 - 180, 6)),) * 4,
            metadata={"state": "definitive", "distance": 6800 + n / 7, "count": n},
        )
        for n in range(MONTH)
    ]
    for first in range(0, MONTH, 5_000):
        aurorax.ephemeris.upload(source.identifier, records[first : first + 5_000], source=source)
    upload = upload_again(as_owner, source, export(as_owner, source, wanted))
    assert (upload.state, upload.new, upload.changed, upload.identical) == (State.DONE, 0, 0, MONTH)


def test_csv_has_a_column_for_each_field_of_the_schema_and_json_for_what_does_not_fit(
    as_owner: Client, strange: DataSource
) -> None:
    rows = list(csv.DictReader(io.StringIO(export(as_owner, strange, "csv").decode())))
    assert (rows[0]["metadata.distance"], rows[0]["metadata.is_on"], rows[0]["metadata"]) == (
        "6819.1090046469235", "true", "",
    )  # fmt: skip
    assert json.loads(rows[2]["metadata"])["state"] == "=1+1"
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


@pytest.mark.parametrize(("wanted", "is_zipped"), [("parquet", False), ("csv", True)])
def test_what_is_small_by_itself_is_not_compressed_on_its_way(
    as_owner: Client, strange: DataSource, wanted: str, is_zipped: bool
) -> None:
    address = reverse("ephemeris-export-download", args=[strange.identifier])
    asked = {"start": "2020-01-01", "end": "2020-01-31", "format": wanted}
    answer = as_owner.get(address, asked, headers={"Accept-Encoding": "gzip"})
    assert (answer.headers.get("Content-Encoding") == "gzip") is is_zipped
    first = next(iter(answer))
    assert is_zipped or first == b"PAR1"


def test_parquet_has_numbers_and_text(as_owner: Client, strange: DataSource) -> None:
    frame = pl.read_parquet(io.BytesIO(export(as_owner, strange, "parquet")))
    assert frame.schema["location_geo.lat"] == pl.Float64
    assert frame.schema["metadata"] == pl.String
    assert frame.height == len(STRANGE)


@pytest.mark.parametrize("wanted", FORMATS)
def test_a_span_without_records_is_an_empty_file(
    as_owner: Client, new_source: NewSource, wanted: str
) -> None:
    content = export(as_owner, new_source(), wanted)
    if wanted == "parquet":
        assert pl.read_parquet(io.BytesIO(content)).is_empty()
    else:
        assert (
            content.decode().strip() == {"csv": content.decode().strip(), "json": "[]", "ndjson": ""}[wanted]
        )
        assert content.count(b"\n") <= 1


def test_the_page_offers_formats_and_refuses_nonsense_with_a_sentence(
    as_user: Client, new_source: NewSource
) -> None:
    source = new_source()
    page = as_user.get(
        reverse("ephemeris-export", args=[source.identifier]), {"start": "2020-01-01T00:00:00"}
    )
    assert "NDJSON (one record a line)" in page.content.decode()
    assert 'value="2020-01-01T00:00:00"' in page.content.decode()
    address = reverse("ephemeris-export-download", args=[source.identifier])
    for query in ({}, {"start": "2020-01-02T00:00:00", "end": "2020-01-01T00:00:00", "format": "xml"}):
        answer = as_user.get(address, query)
        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()


def days_of(aurorax: AuroraX, source: DataSource, days: range) -> None:
    records = [EphemerisRecord(START + timedelta(days=day), Location(51.0, -114.0)) for day in days]
    aurorax.ephemeris.upload(source.identifier, records, source=source)


def streamed(client: Client, source: DataSource, wanted: str, days: int) -> Generator[bytes, None, None]:
    """The file, part by part as it is sent."""
    end = START + timedelta(days=days, seconds=-1)
    query = {"start": "2020-01-01T00:00:00", "end": f"{end:%Y-%m-%dT%H:%M:%S}", "format": wanted}
    answer: Any = client.get(reverse("ephemeris-export-download", args=[source.identifier]), query)
    assert answer.status_code == 200
    try:
        yield from answer.streaming_content
    finally:
        answer.close()


@pytest.mark.parametrize("wanted", FORMATS)
def test_a_file_begins_with_the_first_days_and_no_more_is_read_ahead_than_is_allowed(
    as_owner: Client,
    aurorax: AuroraX,
    new_source: NewSource,
    sent: Sent,
    settings: Settings,
    wanted: str,
) -> None:
    settings.AURORAX_SEARCHES_AT_ONCE = 2
    source = new_source()
    days_of(aurorax, source, range(0, 366, 3))
    del sent[:]
    parts = streamed(as_owner, source, wanted, 366)
    begun = next(parts)
    while wanted != "parquet" and b"2020-01-01T00:00:00" not in begun:
        begun += next(parts)
    assert not [line for line in sent if line.endswith("/ephemeris/search")], "Nothing that takes longer."
    assert sum(len(part) for part in parts)
    assert len([line for line in sent if line.endswith("/ephemeris/search_synchronous")]) == 4
    assert len([line for line in sent if line.endswith("/ephemeris/search")]) == 12


@pytest.mark.parametrize("wanted", FORMATS)
def test_what_goes_wrong_on_the_way_breaks_the_file_off(
    as_owner: Client,
    aurorax: AuroraX,
    new_source: NewSource,
    portal: SandboxProcess,
    wanted: str,
) -> None:
    source = new_source()
    days_of(aurorax, source, range(366))
    last: deque[bytes] = deque(maxlen=1)
    with portal.switched(errors="503=1", only="POST /api/v1/ephemeris/search"):
        parts = streamed(as_owner, source, wanted, 366)
        first = next(parts)
        with pytest.raises(errors.ServerError):
            last.extend(parts)
    assert first
    assert not last or not last[0].endswith((b"]", b"PAR1")), "It does not look like a whole file."


@pytest.mark.parametrize("wanted", FORMATS)
def test_whoever_stops_downloading_stops_the_searches(
    as_owner: Client,
    aurorax: AuroraX,
    new_source: NewSource,
    sent: Sent,
    wanted: str,
) -> None:
    source = new_source()
    days_of(aurorax, source, range(366))
    parts = streamed(as_owner, source, wanted, 10 * 366)
    assert next(parts)
    parts.close()
    asked = len(sent)
    assert len([line for line in sent if line.endswith("/ephemeris/search")]) < 12
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("parquet", "ahead"))]
    assert len(sent) == asked


def test_aurorax_out_of_reach_is_told_before_a_file_begins(
    as_user: Client, new_source: NewSource, portal: SandboxProcess
) -> None:
    source = new_source()
    address = reverse("ephemeris-export-download", args=[source.identifier])
    query = {"start": "2020-01-01T00:00:00", "end": "2020-02-01T00:00:00"}
    for wanted in FORMATS:
        with portal.switched(errors="503=1", only="POST /api/v1/ephemeris/*"):
            answer = as_user.get(address, query | {"format": wanted})
        assert answer.status_code in (502, 503), wanted
        assert "attachment" not in answer.headers.get("Content-Disposition", "")
