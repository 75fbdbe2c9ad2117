"""What will change, before it changes."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.activity.models import Snapshot
from apps.aurorax import AuroraX, DataSource
from apps.ephemeris.record_type import EphemerisType
from apps.jobs.models import PauseReason
from apps.jobs.recovery import recover_all
from apps.uploads.models import Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _small_chunks(settings: Settings) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1


@pytest.fixture
def ten_there(as_owner: Client, upload_file: UploadFile) -> None:
    """The first ten minutes are in AuroraX."""
    act(as_owner, upload_file(csv_of(*minutes(10))), "send")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The minutes of each request from here on."""
    requests, send = list[list[str]](), EphemerisType.upload

    def upload(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        requests.append([record["epoch"][11:16] for record in json.loads(body)])
        send(kind, client, source, body)

    monkeypatch.setattr(EphemerisType, "upload", upload)
    return requests


MIXED = [
    *minutes(6),
    "2020-01-01T00:06:00,52.5,-114.07,state 6",
    "2020-01-01T00:07:00,51.05,-114.07,mended",
    *minutes(20)[15:],
]


@pytest.mark.usefixtures("ten_there")
def test_new_changed_and_identical_are_told_before_anything_is_sent(
    as_owner: Client, upload_file: UploadFile, sent: list[list[str]]
) -> None:
    upload = upload_file(csv_of(*MIXED))
    assert (upload.state, upload.new, upload.changed, upload.identical) == (State.CHECKED, 5, 2, 6)
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "Send 5 new and 2 changed records" in page
    assert "Send only the 5 new records" in page
    assert "location_geo.lat in 1" in page
    assert "metadata.state in 1" in page
    for shown in ("2020-01-01T00:06:00", "51.05", "52.5", "&quot;state 7&quot;", "&quot;mended&quot;"):
        assert shown in page
    assert sent == []


@pytest.mark.usefixtures("ten_there")
def test_only_what_is_new_or_changed_is_sent_and_what_is_replaced_is_kept(
    as_owner: Client, upload_file: UploadFile, sent: list[list[str]]
) -> None:
    upload = upload_file(csv_of(*MIXED))
    assert "Verified" in act(as_owner, upload, "send")
    assert sent == [["00:06", "00:07"], ["00:15", "00:16", "00:17", "00:18"], ["00:19"]]
    assert [(chunk.state, chunk.to_send) for chunk in upload.chunks.all()] == [
        (ChunkState.IDENTICAL, 0), (ChunkState.VERIFIED, 2), (ChunkState.VERIFIED, 4), (ChunkState.VERIFIED, 1),
    ]  # fmt: skip
    assert (upload.sent, upload.verified) == (7, 7)
    assert Snapshot.objects.get(pk=str(upload.snapshot)).count == 2


@pytest.mark.usefixtures("ten_there")
def test_what_is_there_can_be_left_alone(
    as_owner: Client, upload_file: UploadFile, sent: list[list[str]], aurorax: AuroraX, source: DataSource
) -> None:
    upload = upload_file(csv_of(*MIXED))
    page = as_owner.post(f"{reverse('upload-send', args=[upload.pk])}?only=new", follow=True).content.decode()
    assert "Verified" in page
    assert sent == [["00:15", "00:16", "00:17", "00:18"], ["00:19"]]


@pytest.mark.usefixtures("ten_there")
def test_a_file_that_aurorax_holds_already_has_nothing_to_send(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(csv_of(*minutes(10)))
    assert (upload.state, upload.identical, upload.started_at) == (State.DONE, 10, None)
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "Nothing to send" in page
    assert "AuroraX holds all 10 ephemeris records of this file already" in page
    assert "Verified" not in page


def test_a_comparison_that_is_out_of_date_sends_nothing_and_shows_the_new_one(
    as_owner: Client, upload_file: UploadFile, sent: list[list[str]]
) -> None:
    stale = upload_file(csv_of(*minutes(10)))
    act(as_owner, upload_file(csv_of(*minutes(4, lat=60))), "send")
    del sent[:]
    page = act(as_owner, stale, "send")
    assert (stale.state, stale.new, stale.changed, sent) == (State.CHECKED, 6, 4, [])
    assert "has changed since it was compared, so nothing was sent" in page
    assert "Send 6 new and 4 changed records" in page
    assert Snapshot.objects.count() == 1
    assert "Verified" in act(as_owner, stale, "send")


def test_comparing_again_looks_anew(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(10)))
    act(as_owner, upload_file(csv_of(*minutes(4, lat=60))), "send")
    act(as_owner, upload, "compare")
    assert (upload.state, upload.new, upload.changed) == (State.CHECKED, 6, 4)


def test_rows_with_problems_keep_a_file_waiting_even_when_the_rest_is_there(
    as_owner: Client, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(2))), "send")
    upload = upload_file(csv_of(*minutes(2), "soon,,,"))
    assert (upload.state, upload.identical) == (State.CHECKED, 2)
    page = act(as_owner, upload, "send")
    assert upload.state == State.CHECKED
    assert "There is nothing to send" in page


def test_nothing_is_sent_of_a_file_with_problems_when_that_was_chosen(
    as_owner: Client, source: DataSource
) -> None:
    text = csv_of(*minutes(2), "soon,,,").decode()
    address = reverse("ephemeris-upload", args=[source.identifier])
    page = as_owner.post(address, {"text": text, "only_if_all_valid": "on"}, follow=True).content.decode()
    assert "as you chose, nothing is sent until all are in order" in page
    assert ">Send " not in page
    upload = Upload.objects.get()
    assert "you chose to send nothing then" in act(as_owner, upload, "send")
    assert upload.state == State.CHECKED


def test_aurorax_out_of_reach_pauses_the_comparison_which_then_goes_on_by_itself(
    upload_file: UploadFile, portal: SandboxProcess
) -> None:
    with portal.switched(errors="503=1", only="POST /api/v1/ephemeris/*"):
        upload = upload_file(csv_of(*minutes(3)))
        assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.UNAVAILABLE)
        assert upload.resumes_at == State.COMPARING
    Upload.objects.update(retry_at=timezone.now())
    assert recover_all() == 1
    upload.refresh_from_db()
    assert (upload.state, upload.new) == (State.CHECKED, 3)


def test_a_data_product_is_found_at_whatever_time_it_is_stored(
    as_owner: Client, upload_file: UploadFile
) -> None:
    header = "data_product_type,start,end,url"
    old = "movie,2015-06-01T00:00:00,2015-06-01T01:00:00,a.mp4"
    act(as_owner, upload_file(csv_of(old, header=header), kind="products"), "send")
    moved = old.replace("2015", "2020")
    upload = upload_file(csv_of(moved, header=header), kind="products")
    assert (upload.new, upload.changed) == (0, 1)
    assert upload.report.differences["fields"] == {"start": 1, "end": 1}


def test_records_of_many_months_are_compared_in_parts(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EphemerisType, "compare_batch_size", 8)
    rows = [f"{2010 + n // 12}-{n % 12 + 1:02}-01T00:00:00,51,-114,a" for n in range(18)]
    act(as_owner, upload_file(csv_of(*rows)), "send")
    changed = [row.replace(",a", ",b") if n % 3 == 0 else row for n, row in enumerate(rows)]
    upload = upload_file(csv_of(*reversed(changed)))
    assert (upload.new, upload.changed, upload.identical) == (0, 6, 12)
    assert "Verified" in act(as_owner, upload, "send")
