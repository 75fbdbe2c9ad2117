"""The page that makes ephemeris of operating times: previewed there, and then an ordinary upload."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

TYPED = {
    "lat": "56.376723", "lon": "-94.643664", "way": "intervals", "ends": "included", "below": "-12", "fills_traces": "on",
    "text": "2020-01-01 00:00 to 2020-01-01 00:04\n2020-01-01 00:03 to 2020-01-01 00:09, \n2020-01-02 23:59 to 2020-01-03 00:00",
    "why": "the winter of 2020",
}  # fmt: skip
DARK = TYPED | {"way": "dark", "text": "", "first": "2020-12-21", "last": "2020-12-22"}


def posted(client: Client, source: DataSource, **fields: Any) -> Any:
    return client.post(reverse("operating-times", args=[source.identifier]), {**TYPED, **fields}, follow=True)


def test_what_comes_of_it_is_shown_first_and_nothing_is_made(as_owner: Client, source: DataSource) -> None:
    page = posted(as_owner, source, preview="yes").content.decode()
    assert "Upload 12 records" in page
    assert "2 after merging" in page
    assert not Upload.objects.exists()


def test_it_becomes_an_ordinary_upload_with_traces_verified_and_undone(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    posted(as_owner, source, upload="yes")
    upload = Upload.objects.get()
    assert (upload.state, upload.new, upload.note) == (State.CHECKED, 12, "the winter of 2020")
    assert upload.report.days == {"2020-01-01": 10, "2020-01-02": 1, "2020-01-03": 1}
    assert upload.report.first_records[0]["sbtrace"]["lat"] == pytest.approx(-72.7694, abs=1e-3)
    act(as_owner, upload, "send")
    assert upload.is_verified
    act(as_owner, upload, "undo")
    assert upload.is_undone
    posted(as_owner, source, upload="yes")
    assert Upload.objects.latest("created_at").sha256 == upload.sha256


def test_dark_hours_are_uploaded_without_traces_where_nobody_wants_them(
    as_owner: Client, source: DataSource
) -> None:
    answer = as_owner.post(
        reverse("operating-times", args=[source.identifier]),
        DARK | {"fills_traces": "", "upload": "yes"},
        follow=True,
    )
    assert answer.status_code == 200
    upload = Upload.objects.get()
    assert 1_400 < upload.valid < 2_000
    assert "sbtrace" not in upload.report.first_records[0]


def test_a_file_of_intervals_with_metadata_is_shown_in_the_box(as_owner: Client, source: DataSource) -> None:
    file = SimpleUploadedFile("on.csv", b"start,end,mode\n2020-01-01 00:00,2020-01-01 00:01,burst\n")
    page = posted(as_owner, source, text="", file=file, preview="yes").content.decode()
    assert "mode: burst" in page
    assert "start,end,mode" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lat": "91"}, "Write degrees from -90 to 90"),
        ({"lon": ""}, "Write degrees from -180 to 180"),
        ({"text": "tomorrow to later"}, "Line 1: “tomorrow”"),
        ({"text": ""}, "Type or paste the intervals"),
        ({"way": "dark", "first": "", "last": "2020-01-01"}, "Dark hours need this."),
        ({"way": "dark", "first": "2020-01-02", "last": "2020-01-01"}, "The last day is before the first."),
        ({"way": "dark", "first": "2000-01-01", "last": "2020-01-01"}, "At most 4,200 days"),
        (
            {"way": "dark", "first": "2020-06-20", "last": "2020-06-21", "below": "-18"},
            "The Sun is never that low",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(
    as_owner: Client, source: DataSource, fields: dict[str, str], said: str
) -> None:
    answer = posted(as_owner, source, upload="yes", **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "the winter of 2020" in page
    assert not Upload.objects.exists()


def test_the_place_of_the_latest_record_stands_in_the_form_and_the_upload_page_leads_there(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(b"epoch,lat,lon\n2020-01-01T00:00:00,51.05,-114.07\n"), "send")
    address = reverse("operating-times", args=[source.identifier])
    page = as_owner.get(address).content.decode()
    assert 'value="51.05"' in page
    assert address in as_owner.get(reverse("ephemeris-upload", args=[source.identifier])).content.decode()


def test_only_who_may_upload_there_may_make_them(as_user: Client, source: DataSource) -> None:
    assert as_user.get(reverse("operating-times", args=[source.identifier])).status_code == 403
    assert as_user.post(reverse("operating-times", args=[source.identifier]), TYPED).status_code == 403
