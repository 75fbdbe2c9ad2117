"""A file with only some columns: what it does not give stays, value by value, unless somebody says otherwise."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from apps.activity.models import Snapshot
from apps.activity.snapshots import records_of
from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.ephemeris.record_type import EPHEMERIS, EphemerisType
from apps.records.equality import equal
from apps.uploads import tasks
from apps.uploads.models import Chunk, Upload
from apps.uploads.states import State
from apps.uploads.steps import kept_values
from tests.readers.test_formats import parquet, workbook
from tests.support.properties import property_settings
from tests.support.uploads import UploadFile, act, csv_of
from tests.uploads.test_sending import refuse

pytestmark = pytest.mark.any_database

DAY = datetime(2020, 1, 1, tzinfo=UTC)
EPOCHS = [f"2020-01-01T00:{n:02}:00" for n in range(12)]
PLACE = {"lat": 51.05, "lon": -114.07}
NOWHERE = {"lat": None, "lon": None}
METADATA = {"mode": "a", "quality": 3, "temperature": -12.5}
Stored = Callable[[], dict[str, dict[str, Any]]]


@pytest.fixture(autouse=True)
def _small_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1


@pytest.fixture
def stored(aurorax: AuroraX, source: DataSource) -> Stored:
    """What AuroraX holds, by epoch."""

    def read() -> dict[str, dict[str, Any]]:
        found = aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))
        return {record.to_api()["epoch"]: record.to_api() for record in found}

    return read


@pytest.fixture
def ten(aurorax: AuroraX, source: DataSource) -> list[EphemerisRecord]:
    """Ten minutes in AuroraX with a place, a footprint and three members of metadata."""
    records = [
        EphemerisRecord(
            DAY + timedelta(minutes=n),
            location_geo=Location(51.05, -114.07),
            nbtrace=Location(60.0 + n, 10.25),
            metadata=METADATA,
        )
        for n in range(10)
    ]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    return records


def page_of(client: Client, upload: Upload) -> str:
    return client.get(reverse("upload-detail", args=[upload.pk])).content.decode()


def empty_them(client: Client, upload: Upload) -> str:
    address = f"{reverse('upload-send', args=[upload.pk])}?missing=empty"
    page = client.post(address, follow=True).content.decode()
    upload.refresh_from_db()
    return page


MODE_ONLY = {
    "csv": csv_of(*(f"{epoch},b" for epoch in EPOCHS[:2]), header="epoch,metadata.mode"),
    "column of objects": csv_of(*(f'{epoch},"{{""mode"": ""b""}}"' for epoch in EPOCHS[:2]), header="epoch,metadata"),
    "workbook": workbook([["epoch", "metadata.mode"], *([epoch, "b"] for epoch in EPOCHS[:2])]),
    "parquet": parquet(pl.DataFrame({"epoch": EPOCHS[:2], "metadata.mode": ["b", "b"]})),
    "parquet of a structure": parquet(pl.DataFrame({"epoch": EPOCHS[:2], "metadata": [{"mode": "b"}] * 2})),
    "json": json.dumps([{"epoch": epoch, "metadata": {"mode": "b"}} for epoch in EPOCHS[:2]]).encode(),
    "flat json": json.dumps([{"epoch": epoch, "metadata.mode": "b"} for epoch in EPOCHS[:2]]).encode(),
    "ndjson": "\n".join(
        json.dumps({"epoch": epoch, "metadata": {"mode": "b"}}) for epoch in EPOCHS[:2]
    ).encode(),
    "search result": json.dumps(
        {"result": [{"epoch": epoch, "metadata": {"mode": "b"}} for epoch in EPOCHS[:2]]}
    ).encode(),
    "gzip": gzip.compress(csv_of(*(f"{epoch},b" for epoch in EPOCHS[:2]), header="epoch,metadata.mode")),
}  # fmt: skip


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize("content", MODE_ONLY.values(), ids=MODE_ONLY.keys())
def test_columns_that_a_file_does_not_have_keep_what_aurorax_holds(
    as_owner: Client, upload_file: UploadFile, stored: Stored, content: bytes
) -> None:
    before = stored()
    upload = upload_file(content)
    page = page_of(as_owner, upload)
    assert "All 2 rows are in order." in page
    assert "Send 2 changed records, 4 fields stay as they are" in page
    assert upload.report.differences["fields"] == {"metadata.mode": 2}
    assert upload.report.differences["kept"] == {
        "location_geo": 2, "nbtrace": 2, "metadata.quality": 2, "metadata.temperature": 2,
    }  # fmt: skip
    assert "… and takes" in page  # by the other button only
    assert upload.report.differences["takes"] == {}
    assert "Verified" in act(as_owner, upload, "send")
    changed = {"metadata": METADATA | {"mode": "b"}}
    assert stored() == before | {epoch: before[epoch] | changed for epoch in EPOCHS[:2]}
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert receipt["fields"] == {"kept": upload.report.differences["kept"], "taken_away": {}}
    assert (receipt["verified"], receipt["records"]["verified"]) == (True, 2)
    assert (
        "the place in 2"
        not in as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    )
    assert (
        "location_geo in 2" in as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    )
    kept = list(records_of(Snapshot.objects.get(pk=str(upload.snapshot))))
    assert [record["metadata"] for record in kept] == [METADATA, METADATA]
    act(as_owner, upload, "undo")
    assert (upload.state, upload.undo["restored"], upload.undo["left_alone"]) == (State.UNDONE, 2, 0)
    assert stored() == before


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize("content", MODE_ONLY.values(), ids=MODE_ONLY.keys())
def test_what_a_file_does_not_give_is_emptied_when_somebody_says_so(
    as_owner: Client, upload_file: UploadFile, stored: Stored, content: bytes
) -> None:
    before = stored()
    upload = upload_file(content)
    page = page_of(as_owner, upload)
    assert "Empty them: send 2 changed records" in page
    assert (
        "… and takes the place from 2 records, the northern footprint from 2 records, quality from 2 records,"
        " temperature from 2 records" in page
    )
    assert "Verified" in empty_them(as_owner, upload)
    nothing = {"location_geo": NOWHERE, "nbtrace": NOWHERE, "metadata": {"mode": "b"}}
    assert stored() == before | {epoch: before[epoch] | nothing for epoch in EPOCHS[:2]}
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    taken = {"location_geo": 2, "nbtrace": 2, "metadata.quality": 2, "metadata.temperature": 2}
    assert receipt["fields"] == {"kept": {}, "taken_away": taken}
    act(as_owner, upload, "undo")
    assert stored() == before


EXPLICIT = {
    "csv": csv_of(f"{EPOCHS[0]},,,b,", header="epoch,lat,lon,metadata.mode,metadata.quality"),
    "workbook": workbook(
        [["epoch", "lat", "lon", "metadata.mode", "metadata.quality"], [EPOCHS[0], None, None, "b", None]]
    ),
    "parquet": parquet(
        pl.DataFrame(
            {"epoch": EPOCHS[:1], "lat": [None], "lon": [None], "metadata.mode": ["b"], "metadata.quality": [None]},
            schema_overrides={"lat": pl.Float64, "lon": pl.Float64, "metadata.quality": pl.Int64},
        )
    ),
    "flat json": json.dumps(
        [{"epoch": EPOCHS[0], "lat": None, "lon": None, "metadata.mode": "b", "metadata.quality": None}]
    ).encode(),
    "flat ndjson": json.dumps(
        {"epoch": EPOCHS[0], "location_geo": None, "metadata.mode": "b", "metadata.quality": None}
    ).encode(),
}  # fmt: skip


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize("content", EXPLICIT.values(), ids=EXPLICIT.keys())
def test_an_empty_cell_empties_and_says_so_beside_the_button(
    as_owner: Client, upload_file: UploadFile, stored: Stored, content: bytes
) -> None:
    before = stored()
    upload = upload_file(content)
    page = page_of(as_owner, upload)
    assert "Send 1 changed record, 2 fields stay as they are" in page
    assert upload.report.differences["takes"] == {"location_geo": 1, "metadata.quality": 1}
    assert "… and takes the place from 1 record, quality from 1 record" in page
    assert "Verified" in act(as_owner, upload, "send")
    emptied = {"location_geo": NOWHERE, "metadata": {"mode": "b", "temperature": -12.5}}
    assert stored() == before | {EPOCHS[0]: before[EPOCHS[0]] | emptied}
    act(as_owner, upload, "undo")
    assert stored() == before


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize("ndjson", [False, True])
def test_every_json_record_gives_what_it_has(
    as_owner: Client, upload_file: UploadFile, stored: Stored, ndjson: bool
) -> None:
    before = stored()
    records: list[dict[str, Any]] = [
        {"epoch": EPOCHS[0], "location_geo": {"lat": 1.0, "lon": 2.0}, "metadata": {"mode": "b"}},
        {"epoch": EPOCHS[1], "metadata": {"mode": "c"}},
        {"epoch": EPOCHS[2], "location_geo": None},
        {"epoch": EPOCHS[3], "location_geo": {"lat": 3.0, "lon": 4.0}, "metadata": None},
        {"epoch": EPOCHS[4], "location_geo": {}, "metadata": {"quality": None, "new": [1]}},
        {"epoch": EPOCHS[5], "nbtrace": {"lat": None, "lon": None}},
        {"epoch": EPOCHS[11], "metadata": {"mode": "d"}},
        {"epoch": EPOCHS[10]},
    ]
    text = "\n".join(map(json.dumps, records)) if ndjson else json.dumps(records)
    upload = upload_file(text.encode())
    assert (upload.new, upload.changed) == (2, 6)
    assert upload.report.differences["takes"] == {"location_geo": 2, "metadata.mode": 1, "metadata.quality": 2,
                                           "metadata.temperature": 1, "nbtrace": 1}  # fmt: skip
    assert "Verified" in act(as_owner, upload, "send")
    plain = dict.fromkeys(("location_geo", "location_gsm", "nbtrace", "sbtrace"), NOWHERE)
    assert stored() == before | {
        EPOCHS[0]: before[EPOCHS[0]] | {"location_geo": {"lat": 1.0, "lon": 2.0}, "metadata": METADATA | {"mode": "b"}},
        EPOCHS[1]: before[EPOCHS[1]] | {"metadata": METADATA | {"mode": "c"}},
        EPOCHS[2]: before[EPOCHS[2]] | {"location_geo": NOWHERE},
        EPOCHS[3]: before[EPOCHS[3]] | {"location_geo": {"lat": 3.0, "lon": 4.0}, "metadata": None},
        EPOCHS[4]: before[EPOCHS[4]] | {"location_geo": NOWHERE, "metadata": METADATA | {"quality": None, "new": [1]}},
        EPOCHS[5]: before[EPOCHS[5]] | {"nbtrace": NOWHERE},
        EPOCHS[10]: {"epoch": EPOCHS[10], **plain, "metadata": None},
        EPOCHS[11]: {"epoch": EPOCHS[11], **plain, "metadata": {"mode": "d"}},
    }  # fmt: skip
    act(as_owner, upload, "undo")
    assert stored() == before


@pytest.mark.usefixtures("ten")
def test_a_name_of_its_own_that_a_json_record_lacks_is_told_of(
    as_owner: Client, upload_file: UploadFile, stored: Stored
) -> None:
    before = stored()
    records = [
        {"epoch": EPOCHS[0], "metadata.mode": "b", "metadata.quality": 3},
        {"epoch": EPOCHS[1], "metadata.mode": "b"},
        {"epoch": EPOCHS[2], "lat": 1, "lon": 2},
    ]
    upload = upload_file(json.dumps(records).encode())
    assert "… and takes quality from" in page_of(as_owner, upload)
    taken = upload.report.differences["takes"]
    assert "Verified" in act(as_owner, upload, "send")
    lost = [
        name
        for epoch, record in before.items()
        for name in record["metadata"]
        if name not in (stored()[epoch]["metadata"] or {})
    ]
    assert {f"metadata.{name}": lost.count(name) for name in lost} == taken
    assert stored()[EPOCHS[2]]["location_geo"] == {"lat": 1.0, "lon": 2.0}
    assert stored()[EPOCHS[1]]["location_geo"] == PLACE


@pytest.mark.usefixtures("ten")
def test_a_column_that_is_ignored_is_not_given(
    as_owner: Client, upload_file: UploadFile, stored: Stored
) -> None:
    before = stored()
    upload = upload_file(csv_of(f"{EPOCHS[0]},b,,", header="epoch,metadata.mode,lat,lon"))
    address = reverse("upload-read", args=[upload.pk])
    answer = {"column-0": "epoch", "column-1": "(metadata)", "column-2": "ignore", "column-3": "ignore"}
    as_owner.post(address, answer | {"column-1": "metadata.mode"})
    upload.refresh_from_db()
    assert upload.state == State.CHECKED
    assert upload.report.differences["takes"] == {}
    act(as_owner, upload, "send")
    assert stored() == before | {EPOCHS[0]: before[EPOCHS[0]] | {"metadata": METADATA | {"mode": "b"}}}


def test_new_records_get_nothing_where_the_file_gives_nothing(
    as_owner: Client, upload_file: UploadFile, stored: Stored
) -> None:
    upload = upload_file(MODE_ONLY["csv"])
    page = page_of(as_owner, upload)
    assert ">Send 2 new records<" in page
    assert "stay as they are" not in page
    assert "Empty" not in page
    assert "Verified" in act(as_owner, upload, "send")
    plain = dict.fromkeys(("location_geo", "location_gsm", "nbtrace", "sbtrace"), NOWHERE)
    assert stored() == {epoch: {"epoch": epoch, **plain, "metadata": {"mode": "b"}} for epoch in EPOCHS[:2]}


@pytest.mark.usefixtures("ten")
def test_a_file_that_differs_only_in_what_it_does_not_give_has_nothing_to_send(
    as_owner: Client, upload_file: UploadFile, stored: Stored
) -> None:
    before = stored()
    content = csv_of(*(f"{epoch},a" for epoch in EPOCHS[:3]), header="epoch,metadata.mode")
    upload = upload_file(content)
    page = page_of(as_owner, upload)
    assert (upload.state, upload.identical) == (State.DONE, 3)
    assert "Nothing to send" in page
    assert "What the file does not have stays as it is." in page
    assert "There is nothing to send" in act(as_owner, upload, "send")
    assert "Empty what the file does not have: send 3 changed records" in page
    assert "… and takes the place from 3 records" in page
    assert "Verified" in empty_them(as_owner, upload)
    assert (upload.changed, upload.identical, upload.verified) == (3, 0, 3)
    nothing = {"location_geo": NOWHERE, "nbtrace": NOWHERE, "metadata": {"mode": "a"}}
    assert stored() == before | {epoch: before[epoch] | nothing for epoch in EPOCHS[:3]}
    assert "has been sent already" in empty_them(as_owner, upload)


@pytest.mark.usefixtures("ten")
def test_only_the_new_records_of_a_file_with_some_columns_can_be_sent(
    as_owner: Client, upload_file: UploadFile, stored: Stored
) -> None:
    before = stored()
    content = csv_of(*(f"{epoch},b" for epoch in EPOCHS[8:]), header="epoch,metadata.mode")
    upload = upload_file(content)
    page = page_of(as_owner, upload)
    assert "Send 2 new and 2 changed records, 4 fields stay as they are" in page
    assert "Send only the 2 new records" in page
    as_owner.post(f"{reverse('upload-send', args=[upload.pk])}?only=new")
    upload.refresh_from_db()
    assert (upload.state, upload.verified) == (State.DONE, 2)
    assert {epoch: stored()[epoch] for epoch in before} == before
    assert stored()[EPOCHS[11]]["metadata"] == {"mode": "b"}
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert receipt["fields"] == {"kept": {}, "taken_away": {}}


@pytest.mark.usefixtures("ten")
def test_half_a_place_stays_a_problem(upload_file: UploadFile) -> None:
    for content in (
        csv_of(f"{EPOCHS[0]},51", header="epoch,lat"),
        json.dumps([{"epoch": EPOCHS[0], "location_geo": {"lat": 51}}]).encode(),
        json.dumps([{"epoch": EPOCHS[0], "lat": 51}, {"epoch": EPOCHS[1]}]).encode(),
    ):
        upload = upload_file(content)
        assert [problem.slug for problem in upload.problems.all()] == ["one-sided"]


@pytest.mark.usefixtures("ten")
def test_what_changed_since_it_was_compared_is_looked_at_again_before_anything_is_kept(
    as_owner: Client, upload_file: UploadFile, stored: Stored
) -> None:
    upload = upload_file(MODE_ONLY["csv"])
    colleagues = csv_of(f"{EPOCHS[0]},9", header="epoch,metadata.quality")
    act(as_owner, upload_file(colleagues), "send")
    before = stored()
    assert "so nothing was sent" in act(as_owner, upload, "send")
    assert stored() == before
    assert "Verified" in act(as_owner, upload, "send")
    assert stored()[EPOCHS[0]]["metadata"]["quality"] == "9"
    assert stored()[EPOCHS[1]]["metadata"] == METADATA | {"mode": "b"}


@pytest.mark.usefixtures("ten")
def test_emptying_that_is_out_of_date_is_compared_anew_with_both_choices(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(MODE_ONLY["csv"])
    act(as_owner, upload_file(csv_of(f"{EPOCHS[0]},b", header="epoch,metadata.mode")), "send")
    page = empty_them(as_owner, upload)
    assert (upload.state, upload.changed, upload.identical) == (State.CHECKED, 1, 1)
    assert "Send 1 changed record, 4 fields stay as they are" in page
    assert "Empty them: send 2 changed records" in page


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize("after", range(4))
def test_completing_that_is_broken_off_begins_again_from_the_file(
    as_owner: Client,
    upload_file: UploadFile,
    stored: Stored,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    before = stored()
    upload = upload_file(csv_of(*(f"{epoch},b" for epoch in EPOCHS), header="epoch,metadata.mode"))
    complete, calls = kept_values.complete, list[int]()

    def fail(*args: Any) -> None:
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        complete(*args)

    with monkeypatch.context() as broken:
        broken.setattr(kept_values, "complete", fail)
        if after < 3:
            with pytest.raises(KeyboardInterrupt):
                act(as_owner, upload, "send")
            assert stored() == before
    upload.refresh_from_db()
    if after < 3:
        Upload.objects.update(lease_until=None, lease_holder="")
        page_of(as_owner, upload)  # whose reader wakes another worker
        tasks.work_on.func(str(upload.pk))
    else:
        act(as_owner, upload, "send")
    upload.refresh_from_db()
    assert (upload.state, upload.verified) == (State.DONE, 12)
    changed = {"metadata": METADATA | {"mode": "b"}}
    assert {epoch: stored()[epoch] for epoch in before} == {
        epoch: record | changed for epoch, record in before.items()
    }
    bodies = [json.loads(chunk.as_given()) for chunk in upload.chunks.all()]
    assert all("location_geo" not in record for body in bodies for record in body)
    act(as_owner, upload, "undo")
    assert stored() == before


@pytest.mark.usefixtures("ten")
def test_a_pause_amid_completing_goes_on_with_nothing_lost(
    as_owner: Client, upload_file: UploadFile, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored()
    upload = upload_file(csv_of(*(f"{epoch},b" for epoch in EPOCHS[:10]), header="epoch,metadata.mode"))
    complete = kept_values.complete

    def pause_then(chunk: Chunk, *args: Any) -> None:
        complete(chunk, *args)
        if chunk.index == 0:
            Upload.objects.get(pk=upload.pk).pause("you")  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(kept_values, "complete", pause_then)
        act(as_owner, upload, "send")
    assert (upload.state, upload.sent, upload.snapshot) == (State.PAUSED, 0, None)
    assert stored() == before
    assert "Verified" in act(as_owner, upload, "resume")
    changed = {"metadata": METADATA | {"mode": "b"}}
    assert stored() == {epoch: record | changed for epoch, record in before.items()}


@pytest.mark.usefixtures("ten")
def test_a_refused_chunk_is_halved_with_what_aurorax_keeps(
    as_owner: Client, upload_file: UploadFile, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored()
    upload = upload_file(csv_of(*(f"{epoch},b" for epoch in EPOCHS[:4]), header="epoch,metadata.mode"))
    refuse(monkeypatch, "00:02")
    act(as_owner, upload, "send")
    assert (upload.refused, upload.verified) == (1, 3)
    changed = {"metadata": METADATA | {"mode": "b"}}
    done = [EPOCHS[n] for n in (0, 1, 3)]
    assert stored() == before | {epoch: before[epoch] | changed for epoch in done}


@pytest.mark.usefixtures("ten")
def test_records_lost_on_the_way_are_sent_again_whole(
    as_owner: Client,
    upload_file: UploadFile,
    stored: Stored,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.UPLOAD_VERIFY_SECONDS = 0.2
    before, send, lost = stored(), EphemerisType.upload, list[int]()

    def lossy(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        if lost:
            send(kind, client, source, body)
        lost.append(1)

    upload = upload_file(MODE_ONLY["json"])
    monkeypatch.setattr(EphemerisType, "upload", lossy)
    assert "Verified" in act(as_owner, upload, "send")
    assert upload.resent == 2
    changed = {"metadata": METADATA | {"mode": "b"}}
    assert stored() == before | {epoch: before[epoch] | changed for epoch in EPOCHS[:2]}


def test_metadata_numbers_that_no_double_holds_stay_to_the_letter(
    as_owner: Client, upload_file: UploadFile, stored: Stored, aurorax: AuroraX, source: DataSource
) -> None:
    held = {"orbit": 9007199254740993, "ratio": 0.1, "deep": {"a": [1, None, "é"]}}
    record = EphemerisRecord(DAY, location_geo=Location(1.0, 2.0), metadata=held)
    aurorax.ephemeris.upload(source.identifier, [record], source=source)
    upload = upload_file(json.dumps([{"epoch": EPOCHS[0], "metadata": {"id": 9007199254740995}}]).encode())
    assert "Verified" in act(as_owner, upload, "send")
    assert stored()[EPOCHS[0]]["metadata"] == held | {"id": 9007199254740995}
    assert stored()[EPOCHS[0]]["location_geo"] == {"lat": 1.0, "lon": 2.0}


# Data products -------------------------------------------------------------------------------------------------------

OWN = "data_product_type,start,end,url"
ROW = "movie,2020-01-01T00:00:00,2020-01-01T01:00:00,a.mp4"
PRODUCTS = {
    "csv": csv_of(ROW.replace("movie", "keogram"), header=OWN),
    "json": json.dumps(
        [{"data_product_type": "keogram", "start": EPOCHS[0], "end": "2020-01-01T01:00:00", "url": "a.mp4"}]
    ).encode(),
    "ndjson": json.dumps(
        {"data_product_type": "keogram", "start": EPOCHS[0], "end": "2020-01-01T01:00:00", "url": "a.mp4"}
    ).encode(),
    "workbook": workbook([OWN.split(","), ROW.replace("movie", "keogram").split(",")]),
    "parquet": parquet(pl.read_csv(io.StringIO(f"{OWN}\n{ROW.replace('movie', 'keogram')}"), infer_schema=False)),
}  # fmt: skip


@pytest.fixture
def product(aurorax: AuroraX, source: DataSource) -> Callable[[], list[DataProductRecord]]:
    """One data product with metadata; answers what AuroraX holds."""
    record = DataProductRecord("movie", DAY, DAY + timedelta(hours=1), "a.mp4", dict(METADATA))
    aurorax.products.upload(source.identifier, [record], source=source)
    return lambda: list(aurorax.products.search(source, DAY, DAY + timedelta(days=1)))


@pytest.mark.parametrize("content", PRODUCTS.values(), ids=PRODUCTS.keys())
def test_the_metadata_of_data_products_stays_when_a_file_has_none(
    as_owner: Client,
    upload_file: UploadFile,
    product: Callable[[], list[DataProductRecord]],
    content: bytes,
) -> None:
    upload = upload_file(content, kind="products")
    page = page_of(as_owner, upload)
    assert "Send 1 changed record, 3 fields stay as they are" in page
    assert "… and takes mode from 1 record, quality from 1 record, temperature from 1 record" in page
    assert "Verified" in act(as_owner, upload, "send")
    (found,) = product()
    assert (found.data_product_type, found.metadata) == ("keogram", METADATA)
    act(as_owner, upload, "undo")
    (found,) = product()
    assert (found.data_product_type, found.metadata) == ("movie", METADATA)
    again = upload_file(content, kind="products")
    assert "Verified" in empty_them(as_owner, again)
    (found,) = product()
    assert (found.data_product_type, found.metadata) == ("keogram", None)


@pytest.mark.parametrize(
    ("row", "header", "left"),
    [
        (f"{ROW},", f"{OWN},metadata.mode", {"quality": 3, "temperature": -12.5}),
        (f"{ROW},", f"{OWN},metadata", None),
        (f'{ROW},"{{""mode"": null}}"', f"{OWN},metadata", METADATA | {"mode": None}),
        (f'{ROW},,"{{""quality"": 4}}"', f"{OWN},metadata.mode,metadata", {"quality": 4, "temperature": -12.5}),
    ],
    ids=["a member", "metadata as a whole", "null in an object", "a member beside an object"],
)  # fmt: skip
def test_an_empty_cell_empties_the_metadata_of_data_products(
    as_owner: Client,
    upload_file: UploadFile,
    product: Callable[[], list[DataProductRecord]],
    row: str,
    header: str,
    left: dict[str, Any] | None,
) -> None:
    upload = upload_file(csv_of(row, header=header), kind="products")
    taken = [name for name in METADATA if (left or {}).get(name) is None]
    note = ", ".join(f"{name} from 1 record" for name in taken)
    assert f"… and takes {note}" in page_of(as_owner, upload)
    assert "Verified" in act(as_owner, upload, "send")
    (found,) = product()
    assert found.metadata == left


@pytest.mark.usefixtures("ten")
def test_what_goes_beside_a_button_is_counted_for_all_records(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource, settings: Settings
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 500
    day = [
        EphemerisRecord(DAY + timedelta(minutes=n), location_geo=Location(51.0, -114.0)) for n in range(1440)
    ]
    aurorax.ephemeris.upload(source.identifier, day, source=source)
    rows = [f"{(DAY + timedelta(minutes=n)):%Y-%m-%dT%H:%M:00},," for n in range(1440)]
    upload = upload_file(csv_of(*rows, header="epoch,lat,lon"))
    page = page_of(as_owner, upload)
    assert "Send 1,440 changed records" in page
    assert "… and takes the place from 1,440 records" in page


# Any record ----------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["mode", "quality", "a.b", "", "é"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=4,
)
OBJECTS = st.none() | st.dictionaries(NAMES, VALUES, max_size=4)
DEGREES = st.floats(-90, 90)
PLACES = st.just(NOWHERE) | st.fixed_dictionaries({"lat": DEGREES, "lon": DEGREES})
GEO = ("location_geo", "location_gsm", "nbtrace", "sbtrace")
HELD = st.fixed_dictionaries({**dict.fromkeys(GEO, PLACES), "metadata": OBJECTS})
GIVEN = st.fixed_dictionaries({}, optional={**dict.fromkeys(GEO, PLACES), "metadata": OBJECTS})


@property_settings
@given(held=HELD, given=GIVEN, columns=st.sets(NAMES.map("metadata.{}".format)))
def test_a_record_is_completed_with_exactly_what_it_does_not_give(
    held: dict[str, Any], given: dict[str, Any], columns: set[str]
) -> None:
    theirs, given = {"epoch": EPOCHS[0], **held}, {"epoch": EPOCHS[0], **given}
    lacks = [name for name in (*GEO, "metadata") if name not in given]
    upload = Upload(given=sorted({*given, *columns}), lacks=lacks)
    body = json.dumps([given]).encode()
    assert kept_values.lacking(upload, body) == ([lacks] if lacks else None)
    (ours,), (there,) = EPHEMERIS.rows_of(body), EPHEMERIS.rows_of(json.dumps([theirs]).encode())
    kept = kept_values.kept(upload, ours, there, lacks)
    (sent,) = json.loads(kept_values.completed(body, EPHEMERIS, {0: kept}))
    for name in GEO:
        assert sent[name] == given.get(name, held[name])
    mine, old = given.get("metadata") or {}, held["metadata"] or {}
    keeps_none = "metadata" in given and not mine
    stays = {} if keeps_none else {name: old[name] for name in old if f"metadata.{name}" not in columns}
    if "metadata" in lacks:
        stays = old
    assert equal(sent["metadata"] or {}, {**stays, **mine})
    (full,) = EPHEMERIS.rows_of(json.dumps([sent]).encode())
    assert EPHEMERIS.same(kept_values.with_kept(ours, kept), full)
