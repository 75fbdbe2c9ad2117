"""When a receipt was true, and when it no longer is."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location
from apps.aurorax.times import write
from apps.deletions.models import Deletion
from apps.ephemeris.record_type import EPHEMERIS
from apps.records import services
from apps.uploads import later_writes
from apps.uploads.models import Upload
from apps.uploads.steps import recheck
from tests.deletions.test_deletions import put
from tests.deletions.test_restore import deleted
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import DAY


@pytest.fixture
def upload(as_owner: Client, upload_file: UploadFile) -> Upload:
    """Ten verified minutes."""
    upload = upload_file(csv_of(*minutes(10)), name="first.csv")
    act(as_owner, upload, "send")
    return upload


def page_of(client: Client, upload: Upload) -> str:
    return client.get(reverse("upload-detail", args=[upload.pk])).content.decode()


def test_page_and_receipt_say_when_they_were_true(as_owner: Client, upload: Upload) -> None:
    assert upload.ended_at
    said = f"That was so at {upload.ended_at:%Y-%m-%d %H:%M:%S} UTC."
    assert said in page_of(as_owner, upload)
    assert said in as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert (receipt["verified"], receipt["still_so"]) == (True, None)
    assert receipt["times"]["true_as_of"] == f"{upload.ended_at:%Y-%m-%dT%H:%M:%S}"
    assert "Since then" not in page_of(as_owner, upload)


def test_a_later_upload_of_the_same_minutes_is_told_and_one_of_others_is_not(
    as_owner: Client, upload: Upload, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(15)[11:]), name="elsewhere.csv"), "send")
    assert "Since then" not in page_of(as_owner, upload)
    later = upload_file(csv_of(*minutes(3, lat=10.0)), name="later.csv")
    assert "Since then" not in page_of(as_owner, upload)
    act(as_owner, later, "send")
    page = page_of(as_owner, upload)
    assert "“later.csv” was sent by owner@example.org at" in page
    assert "may no longer be so" in page
    printed = as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    assert "this receipt may no longer be true" in printed
    act(as_owner, later, "undo")
    assert "“later.csv” was undone by owner@example.org at" in page_of(as_owner, upload)


def test_a_later_deletion_is_told(as_owner: Client, upload: Upload, source: DataSource) -> None:
    address = deleted(as_owner, source, start="2020-01-01T00:02:00", end="2020-01-01T00:03:00")
    page = page_of(as_owner, upload)
    assert "2 ephemeris records were deleted by owner@example.org" in page
    assert address in page


def test_a_record_that_was_changed_by_hand_is_told(
    as_owner: Client, upload: Upload, source: DataSource, aurorax: AuroraX
) -> None:
    def save(minute: int) -> None:
        moment = DAY + timedelta(minutes=minute)
        base = services.find(
            kind=EPHEMERIS, client=aurorax, source=source, key=write(moment), first=moment, last=moment
        )
        record = (base or upload.report.first_records[0]) | {
            "epoch": write(moment),
            "metadata": {"state": "mended"},
        }
        services.save(
            by=upload.owner,
            kind=EPHEMERIS,
            client=aurorax,
            source=source,
            record=source.key | record,
            base=base,
        )

    save(30)
    assert "Since then" not in page_of(as_owner, upload)
    save(4)
    assert "Changed the ephemeris record of 2020-01-01 00:04:00 UTC" in page_of(as_owner, upload)


def test_checking_again_finds_what_differs_and_what_is_gone(
    as_owner: Client, upload: Upload, aurorax: AuroraX, source: DataSource
) -> None:
    act(as_owner, upload, "check-again")
    assert "all 10 records are in AuroraX with equal values" in page_of(as_owner, upload)
    put(aurorax, source, range(2, 4), note="theirs")
    aurorax.ephemeris.delete(source, DAY.replace(minute=7), DAY.replace(minute=7))
    page = act(as_owner, upload, "check-again")
    assert "7 records are in AuroraX with equal values, 2 have another value by now, 1 are not there" in page
    for minute in (2, 3, 7):
        assert f"2020-01-01T00:{minute:02}:00" in page
    assert "Verified then, another now" in page
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert receipt["checked_again"]["differing_listed"] == ["2020-01-01T00:02:00", "2020-01-01T00:03:00"]
    assert (receipt["verified"], receipt["still_so"]) == (True, False)
    assert receipt["checked_again"]["gone_listed"] == ["2020-01-01T00:07:00"]
    assert upload.ended_at
    assert datetime.fromisoformat(receipt["checked_again"]["at"]) > upload.ended_at


def test_what_was_checked_again_after_a_later_write_is_the_last_word(
    as_owner: Client, upload: Upload, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3, lat=10.0)), name="later.csv"), "send")
    page = act(as_owner, upload, "check-again")
    assert "3 have another value by now" in page
    assert "later.csv" not in page


def test_identical_records_are_checked_too_and_what_was_left_alone_on_purpose_is_not(
    as_owner: Client, upload: Upload, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    more = upload_file(csv_of(*minutes(12)))
    act(as_owner, more, "send")
    put(aurorax, source, range(1), note="theirs")
    act(as_owner, more, "check-again")
    assert (more.checked_again["same"], more.checked_again["differing"]) == (11, 1)

    only_new = upload_file(csv_of(*minutes(14, lat=10.0)))
    as_owner.post(f"{reverse('upload-send', args=[only_new.pk])}?only=new")
    act(as_owner, only_new, "check-again")
    assert (only_new.checked_again["same"], only_new.checked_again["differing"]) == (2, 0)


def test_an_aurorax_that_does_not_answer_is_told_and_says_nothing_about_the_records(
    as_owner: Client, upload: Upload, portal: SandboxProcess, settings: Settings
) -> None:
    address = settings.AURORAX_API_URL
    Upload.objects.update(api_url="http://127.0.0.1:9")
    page = act(as_owner, upload, "check-again")
    assert "AuroraX does not answer" in page
    assert "Verified then" not in page
    Upload.objects.update(api_url=address)
    assert "with equal values" in act(as_owner, upload, "check-again")


def test_the_page_waits_for_the_answer_and_can_be_asked_again(
    as_owner: Client, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recheck, "run", lambda *args: None)
    page = act(as_owner, upload, "check-again")
    assert "Checking again …" in page
    assert 'hx-trigger="every' in page
    Upload.objects.update(checked_again={"asked_at": "2020-01-01T00:00:00+00:00"})
    page = page_of(as_owner, upload)
    assert "Checking again was not finished." in page
    assert 'hx-trigger="every' not in page


def test_only_what_was_read_back_can_be_checked_again(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    assert "Only what has been sent and read back" in act(as_owner, upload, "check-again")
    assert upload.checked_again == {}


def test_a_deletion_that_has_not_gone_through_is_no_later_write(
    as_owner: Client, upload: Upload, source: DataSource
) -> None:
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T00:03:00"}
    as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), span)
    assert Deletion.objects.get().count == 4
    assert later_writes.later_writes(upload) == []


def test_a_file_with_only_some_columns_is_checked_again_by_what_was_sent(
    as_owner: Client, upload: Upload, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    rows = ["2020-01-01T00:00:00,state 0", *(f"2020-01-01T00:0{n}:00,mended {n}" for n in (1, 2, 3))]
    some = upload_file(csv_of(*rows, header="epoch,metadata.state"))
    act(as_owner, some, "send")
    act(as_owner, some, "check-again")
    assert (some.checked_again["same"], some.checked_again["differing"]) == (4, 0)
    moved = [
        EphemerisRecord(DAY + timedelta(minutes=n), Location(1.0, 2.0), metadata={"state": state})
        for n, state in ((0, "state 0"), (2, "mended 2"))
    ]
    aurorax.ephemeris.upload(source.identifier, moved, source=source)
    act(as_owner, some, "check-again")
    assert some.checked_again["differing_listed"] == ["2020-01-01T00:02:00"]
