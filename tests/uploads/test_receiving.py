"""The form: what it takes, and what it says to what it does not take."""

import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.support.uploads import UploadFile, act, csv_of, minutes

pytestmark = pytest.mark.any_database


def url(source: DataSource, kind: str = "ephemeris") -> str:
    return reverse(f"{kind}-upload", args=[source.identifier])


def refused(client: Client, source: DataSource, content: bytes, name: str = "data.csv") -> str:
    answer = client.post(url(source), {"file": SimpleUploadedFile(name, content), "text": ""})
    assert answer.status_code == 422
    assert not Upload.objects.exists()
    return answer.content.decode()


def test_the_form_lists_the_columns_and_offers_a_template_with_the_schema(
    as_owner: Client, new_source: NewSource
) -> None:
    field = {"field_name": "example_meta1", "description": "d", "data_type": "string", "allowed_values": []}
    source = new_source(ephemeris_metadata_schema=[field])
    page = as_owner.get(url(source)).content.decode()
    assert "location_geo.lat" in page
    assert "metadata.example_meta1" in page
    template = as_owner.get(reverse("ephemeris-template", args=[source.identifier])).content.decode()
    assert template.startswith("epoch,location_geo.lat,")
    assert "metadata.example_meta1" in template


@pytest.mark.parametrize("kind", ["ephemeris", "products"])
def test_the_template_itself_can_be_uploaded(
    as_owner: Client, source: DataSource, upload_file: UploadFile, kind: str
) -> None:
    template = as_owner.get(reverse(f"{kind}-template", args=[source.identifier])).content
    upload = upload_file(template, kind=kind)
    assert (upload.state, upload.rows, upload.valid) == (State.CHECKED, 1, 1)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "empty.csv", "The file is empty"),
        (b"\x00\x01\x02\x03", "picture.csv", "it holds binary data"),
        (b'[{"epoch": "2020-01-01T00:00:00"}', "broken.json", "ends before the closing bracket"),
        (b"epoch,lat\n", "header.csv", "has a header and no rows"),
    ],
)
def test_an_unreadable_file_gets_a_sentence_on_the_form_and_nothing_is_kept(
    as_owner: Client, source: DataSource, content: bytes, name: str, told: str
) -> None:
    assert told in refused(as_owner, source, content, name)


def test_a_file_over_the_limit_is_refused_with_the_limit(
    as_owner: Client, source: DataSource, settings: Settings
) -> None:
    settings.UPLOAD_MAX_MEGABYTES = 1
    page = refused(as_owner, source, b"x" * (1024 * 1024 + 1))
    assert "larger than 1 MB" in page


def test_what_comes_out_of_an_archive_is_bounded(
    as_owner: Client, source: DataSource, settings: Settings
) -> None:
    settings.UPLOAD_MAX_UNPACKED_MEGABYTES = 1
    page = refused(as_owner, source, gzip.compress(csv_of(*minutes(1440)) * 20), "day.csv.gz")
    assert "Unpacked, the file is larger than 1 MB" in page


def test_a_request_far_over_the_limit_is_refused_before_the_file_is_kept(
    as_owner: Client, source: DataSource, settings: Settings
) -> None:
    settings.UPLOAD_MAX_MEGABYTES = 1
    answer = as_owner.post(url(source), {"file": SimpleUploadedFile("big.csv", b"x" * 3 * 1024 * 1024)})
    assert answer.status_code == 422
    assert not answer.wsgi_request.FILES
    assert "larger than 1 MB" in answer.content.decode()


def test_pasted_rows_are_read_like_a_file_and_kept_in_the_box_when_refused(
    as_owner: Client, source: DataSource
) -> None:
    answer = as_owner.post(url(source), {"text": "lat,lon\n51,-114"})
    assert answer.status_code == 422
    assert "lat,lon\n51,-114" in answer.content.decode()
    answer = as_owner.post(url(source), {"text": csv_of(*minutes(2)).decode()})
    assert answer.status_code == 302
    assert Upload.objects.get().name == "pasted rows"


@pytest.mark.parametrize("data", [{}, {"text": "  "}])
def test_nothing_at_all_is_asked_for(as_owner: Client, source: DataSource, data: dict[str, str]) -> None:
    answer = as_owner.post(url(source), data)
    assert answer.status_code == 422
    assert "Choose a file, or paste rows" in answer.content.decode()


def test_both_a_file_and_pasted_rows_are_too_much(as_owner: Client, source: DataSource) -> None:
    file = SimpleUploadedFile("day.csv", csv_of(*minutes(1)))
    answer = as_owner.post(url(source), {"file": file, "text": "epoch"})
    assert "not both" in answer.content.decode()


def test_a_checked_file_shows_counts_first_rows_and_every_problem_before_anything_is_sent(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    rows = [
        *minutes(3),
        "2020-01-01T00:00:00,51,-114,again",
        "01/02/2020 00:00,91,,x",
        "2020-01-02T00:00:00,=1+1,-114,",
    ]
    upload = upload_file(csv_of(*rows))
    assert (upload.rows, upload.valid, upload.with_problems) == (6, 3, 3)
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    for shown in (
        "Send 3 new records", "with other values, is further up in the file", "line 5", "Day and month cannot be told apart",
        "01/02/2020 00:00", "A latitude without its longitude", "Not a number", "state 0",
    ):  # fmt: skip
        assert shown in page
    download = as_owner.get(reverse("upload-problems", args=[upload.pk]))
    lines = download.getvalue().decode().splitlines()
    assert len(lines) == 5
    assert any(line.startswith("7,location_geo.lat,'=1+1,problem,Not a number") for line in lines)
    assert aurorax.sources.get(source.identifier, include_stats=True).stats.ephemeris_count == 0  # type: ignore[union-attr]


def test_unknown_columns_wait_for_a_word(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(b"epoch,brightness,remark\n2020-01-01T00:00:00,7,x\n")
    assert upload.state == State.NEEDS_COLUMNS
    address = reverse("upload-read", args=[upload.pk])
    page = as_owner.post(address, {"column-0": "epoch", "column-1": "(metadata)"})
    assert page.status_code == 422
    assert "Choose what this column is" in page.content.decode()
    as_owner.post(address, {"column-0": "epoch", "column-1": "(metadata)", "column-2": "ignore"})
    upload.refresh_from_db()
    assert upload.state == State.CHECKED
    assert upload.report.first_records[0]["metadata"] == {"brightness": "7"}


def test_a_column_named_like_a_field_of_the_schema_is_that_field(
    as_owner: Client, new_source: NewSource
) -> None:
    field = {"field_name": "state", "description": "", "data_type": "string", "allowed_values": []}
    source = new_source(ephemeris_metadata_schema=[field])
    as_owner.post(url(source), {"text": "epoch,State\n2020-01-01T00:00:00,definitive"})
    assert Upload.objects.get().report.first_records[0]["metadata"] == {"state": "definitive"}


def test_a_mapping_that_makes_two_columns_one_is_refused_with_a_sentence(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(b"epoch,moment\n2020-01-01T00:00:00,7\n")
    columns = {"column-0": "epoch", "column-1": "epoch"}
    page = as_owner.post(reverse("upload-read", args=[upload.pk]), columns, follow=True)
    assert "both stand for epoch" in page.content.decode()


def test_a_large_file_is_read_in_the_background(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.uploads.receiving.READ_AT_ONCE", 10)
    assert upload_file(csv_of(*minutes(3))).state == State.CHECKED
    rejected = upload_file(b'epoch,lat\n2020-01-01T00:00:00,"')
    page = as_owner.get(reverse("upload-detail", args=[rejected.pk])).content.decode()
    assert rejected.state == State.REJECTED
    assert "Upload a corrected file" in page


def test_json_of_another_data_source_is_refused_row_by_row(as_owner: Client, upload_file: UploadFile) -> None:
    record = {"program": "another", "platform": "x", "instrument_type": "y", "epoch": "2020-01-01T00:00:00"}
    upload = upload_file(json.dumps([record]).encode(), name="other.json")
    assert upload.valid == 0
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "The row names another data source" in page
    assert "Send 0" not in page


def test_a_cancelled_upload_has_sent_nothing(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(1)))
    assert "Cancelled. Nothing was sent." in act(as_owner, upload, "cancel")
    assert "by now" in act(as_owner, upload, "send")


def test_the_bytes_are_kept_as_they_came(upload_file: UploadFile) -> None:
    content = csv_of(*minutes(2))
    upload = upload_file(content)
    with upload.file.open("rb") as file:
        assert file.read() == content
    assert len(upload.sha256) == 64


@pytest.mark.parametrize("value", [r'"\ud800"', r'"\u0000"'], ids=["surrogate", "NUL"])
def test_what_cannot_be_stored_is_a_problem_of_its_row_and_never_a_fault(
    as_owner: Client, upload_file: UploadFile, value: str
) -> None:
    records = [
        f'{{"epoch": "2020-01-01T00:0{n}:00", "metadata": {{"a": {value if n else 1}}}}}' for n in (0, 1)
    ]
    upload = upload_file(f"[{','.join(records)}]".encode(), name="strange.json")
    assert (upload.rows, upload.valid) == (2, 1)
    assert "cannot store" in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()


@pytest.mark.parametrize("name", [r"\ud800", r"\u0000", r"a\u0007b"])
def test_a_column_whose_name_cannot_be_shown_is_refused(
    as_owner: Client, source: DataSource, name: str
) -> None:
    content = f'[{{"epoch": "2020-01-01T00:00:00", "{name}": 1}}]'.encode()
    assert "holds a character that cannot be shown" in refused(as_owner, source, content, "strange.json")


def test_binary_data_further_down_is_found_too(as_owner: Client, source: DataSource) -> None:
    assert "it holds binary data" in refused(as_owner, source, csv_of(*minutes(1440)) * 2 + b"\x00")


def test_json_whose_first_record_has_no_metadata_is_read_with_the_schema_of_its_source(
    as_owner: Client, new_source: NewSource, upload_file: UploadFile
) -> None:
    field = {"field_name": "state", "data_type": "string", "description": "", "allowed_values": []}
    described = new_source(ephemeris_metadata_schema=[field])
    records = [{"epoch": "2020-01-01T00:00:00"}, {"epoch": "2020-01-01T00:01:00", "metadata": {"state": "a"}}]
    for content in (json.dumps(records), "\n".join(map(json.dumps, records))):
        answer = as_owner.post(url(described), {"file": SimpleUploadedFile("a.json", content.encode())})
        assert answer.status_code == 302
        upload = Upload.objects.latest("created_at")
        assert (upload.state, upload.valid, upload.with_problems) == (State.CHECKED, 2, 0)
        assert [each.get("metadata") for each in upload.report.first_records] == [None, {"state": "a"}]


class PanicException(BaseException):
    """Derives from BaseException, like its model: `except Exception` does not catch it."""


@pytest.mark.usefixtures("read_in_this_process")
def test_a_panic_in_a_library_gets_a_sentence_too(
    as_owner: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def panic(*args: object) -> None:
        raise PanicException("invalid or out-of-range datetime")

    monkeypatch.setattr("apps.validation.batches.result.BatchResult._check_source", panic)
    assert "which is a fault of the portal" in refused(as_owner, source, csv_of(*minutes(2)))
