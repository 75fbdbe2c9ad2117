"""B-traces of an uploaded file: filled where somebody says so, compared with what is computed, and told."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.ephemeris import btraces
from apps.ephemeris.btraces import AS_GIVEN, FILL, QUESTION
from apps.ephemeris.record_type import EPHEMERIS
from apps.geomagnetism import aacgm
from apps.uploads.forms import ReadingForm
from apps.uploads.models import Upload
from apps.uploads.receipts import receipt
from apps.uploads.states import State
from apps.validation.value_formats import ValueFormats
from tests.conftest import NewSource
from tests.support.tokens import Program
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

GILLAM = "56.376723,-94.643664"
HEADER = "epoch,location_geo.lat,location_geo.lon"
PLAIN = f"{HEADER}\n" + "".join(f"2020-01-01T00:0{n}:00,{GILLAM}\n" for n in range(3))
TRACED = f"{HEADER},nbtrace.lat,nbtrace.lon,sbtrace.lat,sbtrace.lon\n"
SOUTH = {"lat": pytest.approx(-72.7694, abs=1e-3), "lon": pytest.approx(-134.6708, abs=1e-3)}


@pytest.fixture
def _without_aacgm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aacgm, "PACKAGE", "aacgmv2_that_is_not_there")


def findings(upload: Upload) -> Mapping[tuple[str, str], int]:
    return {(each.slug, each.column): each.count for each in upload.problems.all()}


def read_again(client: Client, upload: Upload, answer: str) -> None:
    form = ReadingForm(upload, EPHEMERIS)
    posted = {name: form[name].value() or "" for name in form.fields} | {"offer-0": answer}
    page = client.post(reverse("upload-read", args=[upload.pk]), posted, follow=True)
    assert page.status_code == 200
    upload.refresh_from_db()
    assert upload.state == State.CHECKED, upload.message


def test_nothing_is_filled_until_somebody_says_so_and_the_page_offers_it(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(PLAIN.encode())
    assert upload.state == State.CHECKED
    assert "sbtrace" not in upload.report.first_records[0]
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "B-traces of this site. Computed by AuroraX&#x27;s rule with aacgmv2" in page


def test_filled_traces_are_previewed_sent_verified_told_and_remembered(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    upload = upload_file(PLAIN.encode())
    read_again(as_owner, upload, FILL)
    first = upload.report.first_records[0]
    assert first["nbtrace"] == {"lat": 56.376723, "lon": -94.643664}
    assert first["sbtrace"] == SOUTH
    assert findings(upload) == {("trace-filled", "nbtrace.lat"): 3, ("trace-filled", "sbtrace.lat"): 3}
    act(as_owner, upload, "send")
    assert upload.is_verified
    told = receipt(upload)["on_the_way"]
    assert [*told["changed"].values()] == [3, 3]
    assert [*told["chosen"].values()] == [btraces.CHOICES[FILL]]
    assert any("aacgmv2 2.7.1" in text for text in told["chosen"])
    page = as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    assert "An empty B-trace, computed" in page
    next_month = upload_file(PLAIN.replace("2020-01", "2020-02").encode())
    assert findings(next_month) == findings(upload)


def test_only_what_is_empty_is_filled_and_what_is_given_is_compared(
    as_owner: Client, upload_file: UploadFile
) -> None:
    rows = [
        f"2020-01-01T00:00:00,{GILLAM},,,-72.80,-134.67",  # less than the tolerance away
        f"2020-01-01T00:01:00,{GILLAM},56.376723,-94.643664,-72.9,-134.67",
        f"2020-01-01T00:02:00,{GILLAM},,,72.7694,-134.6708",  # a sign lost
        f"2020-01-01T00:03:00,{GILLAM},,,,",
        "2020-01-01T00:04:00,,,,,,",
    ]
    upload = upload_file((TRACED + "\n".join(rows)).encode())
    assert findings(upload) == {("trace-differs", "sbtrace.lat"): 2}
    example = upload.problems.get().examples[0]
    assert (example["line"], "is 0.1306 degrees from -72.7694" in example["value"]) == (3, True), example
    read_again(as_owner, upload, FILL)
    assert findings(upload) == {
        ("trace-differs", "sbtrace.lat"): 2,
        ("trace-filled", "nbtrace.lat"): 3,
        ("trace-filled", "sbtrace.lat"): 1,
    }
    records = upload.report.first_records
    assert records[0]["sbtrace"] == {"lat": -72.80, "lon": -134.67}
    assert records[3]["sbtrace"] == SOUTH
    assert records[4]["nbtrace"] == {"lat": None, "lon": None}
    read_again(as_owner, upload, AS_GIVEN)
    assert findings(upload) == {}


@pytest.mark.parametrize(
    ("place", "epoch", "rule"),
    [
        ("0,0", "2020-01-01T00:00:00", "trace-undefined"),
        (GILLAM, "1985-01-01T00:00:00", "trace-years"),
        ("2,-180", "2020-01-01T00:00:00", "trace-hemisphere"),
    ],
)
def test_what_cannot_be_computed_is_said_and_left_as_aurorax_has_it(
    as_owner: Client, upload_file: UploadFile, place: str, epoch: str, rule: str
) -> None:
    good = f"2020-06-01T00:00:00,{GILLAM}\n"
    for rows, filled in ((f"{epoch},{place}\n", 0), (f"{epoch},{place}\n{good}", 1)):
        upload = upload_file(f"{HEADER}\n{rows}".encode())
        read_again(as_owner, upload, FILL)
        assert (upload.valid, findings(upload)[rule, "sbtrace.lat"]) == (1 + filled, 1)
        assert findings(upload).get(("trace-filled", "sbtrace.lat"), 0) == filled
        assert "sbtrace" not in upload.report.first_records[0]


def test_a_satellite_is_not_asked_about(as_owner: Client, new_source: NewSource) -> None:
    swarm = new_source(source_type="leo")
    as_owner.post(
        reverse("ephemeris-upload", args=[swarm.identifier]),
        {"file": SimpleUploadedFile("a.csv", PLAIN.encode())},
    )
    upload = Upload.objects.latest("created_at")
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert (upload.state, "B-traces of this site" in page) == (State.CHECKED, False)


@pytest.mark.usefixtures("_without_aacgm")
def test_without_the_package_the_portal_reads_on_and_says_what_is_missing(source: DataSource) -> None:
    asked = btraces.question(source, ["epoch", "location_geo.lat"])
    assert asked is not None
    assert "pip install -r requirements-science.txt" in asked.text
    traces = btraces.BTraces(source, ValueFormats(answers={QUESTION: FILL}))
    record: dict[str, Any] = {"epoch": "2020-01-01T00:00:00", "location_geo": {"lat": 56.4, "lon": -94.6}}
    told = [(rule.slug, column) for rule, column, _ in traces.of_record(record)]
    assert told == [("trace-not-here", "nbtrace.lat"), ("trace-not-here", "sbtrace.lat")]
    assert "sbtrace" not in record


def test_a_program_says_it_together_with_the_file(program: Program, source: DataSource) -> None:
    upload = program.push(source.identifier, PLAIN.encode(), answers={QUESTION: FILL})
    assert upload["outcome"] == "verified"
    found = program.get(f"uploads/{upload['id']}/findings").json()["findings"]
    assert {(each["rule"], each["count"]) for each in found} == {("trace-filled", 3)}
    for answers in ({QUESTION: "perhaps"}, {"weather": "fine"}):
        told = {"name": "a", "size": 1, "sha256": "0" * 64, "answers": answers}
        answer = program.post(f"sources/{source.identifier}/files", told)
        assert answer.status_code == 422, answer.content


def test_the_download_of_what_was_filled_is_no_change(
    as_owner: Client, upload_file: UploadFile, source: DataSource
) -> None:
    upload = upload_file(PLAIN.encode())
    read_again(as_owner, upload, FILL)
    act(as_owner, upload, "send")
    asked = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:00", "format": "csv"}
    answer = as_owner.get(reverse("ephemeris-export-download", args=[source.identifier]), asked)
    exported = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert len([*csv.DictReader(io.StringIO(exported.decode()))]) == 3
    again = upload_file(exported)
    assert (again.identical, findings(again)) == (3, {})
