"""What is let go after a while, what stays, and what pages say of it."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.accounts.models import Credential
from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, DataSource
from apps.deletions.models import Deletion
from apps.jobs import retention
from apps.jobs.recovery import recover_all
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.uploads import UploadFile, act, csv_of, minutes

pytestmark = pytest.mark.django_db(transaction=True)


def prune(*arguments: str) -> str:
    """`manage.py prune`; what it says."""
    said = StringIO()
    call_command("prune", *arguments, stdout=said)
    return said.getvalue()


def age(days: int) -> None:
    """Uploads, copies and files are so many days older."""
    back = timedelta(days=days)
    for upload in Upload.objects.all():
        moments = {
            name: getattr(upload, name) for name in ("created_at", "ended_at", "woken_at", "started_at")
        }
        Upload.objects.filter(pk=upload.pk).update(**{name: at and at - back for name, at in moments.items()})
    for snapshot in Snapshot.objects.all():
        Snapshot.objects.filter(pk=snapshot.pk).update(taken_at=snapshot.taken_at - back)


def files(upload: Upload) -> list[str]:
    """The names of what is kept of the upload."""
    ledger = [name for names in upload.chunks.values_list("body", "full") for name in names]
    return [str(file) for file in (upload.file, upload.problem_list, *ledger) if file]


def in_storage(name: str) -> bool:
    return default_storage.exists(name)


@pytest.fixture
def sent(upload_file: UploadFile, as_owner: Client) -> Upload:
    """An upload that replaced two records and added one, verified."""
    act(as_owner, upload_file(csv_of(*minutes(2))), "send")
    upload = upload_file(csv_of(*minutes(3, lat=10)))
    act(as_owner, upload, "send")
    assert upload.state == State.DONE
    return upload


def test_a_dry_run_says_what_would_go_and_lets_nothing_go(sent: Upload) -> None:
    age(31)
    kept = files(sent)
    said = prune("--dry-run")
    assert "would go: 2 uploaded files" in said
    assert "would go: 2 uploads to pack" in said
    sent.refresh_from_db()
    assert files(sent) == kept
    assert all(map(in_storage, kept))


def test_packed_chunks_take_less_room_and_undo_as_before(
    sent: Upload, as_owner: Client, aurorax: AuroraX, source: DataSource
) -> None:
    before = files(sent)
    prune()
    sent.refresh_from_db()
    assert sent.packed_at
    packed = [name for name in files(sent) if "/chunks/" in name]
    assert packed
    assert all(name.endswith(".gz") for name in packed)
    assert not any(in_storage(name) for name in before if "/chunks/" in name)
    assert sent.stored == sum(default_storage.size(name) for name in files(sent) if "problems" not in name)
    act(as_owner, sent, "check-again")
    assert sent.checked_again["same"] == 3
    act(as_owner, sent, "undo")
    assert (sent.state, sent.undo["restored"], sent.undo["gone"]) == (State.UNDONE, 2, 1)


def test_the_file_goes_first_and_the_page_says_so(sent: Upload, as_owner: Client) -> None:
    age(31)
    kept = str(sent.file)
    prune()
    sent.refresh_from_db()
    assert not sent.file
    assert not in_storage(kept)
    page = as_owner.get(reverse("upload-detail", args=[sent.pk])).content.decode()
    assert "The file itself is not kept any more" in page
    assert "Undo this upload" in page
    assert as_owner.get(reverse("upload-problems", args=[sent.pk])).status_code == 404


def test_what_undo_needs_goes_later_and_nothing_offers_it_any_more(sent: Upload, as_owner: Client) -> None:
    kept = [*files(sent), str(Snapshot.objects.get(pk=str(sent.snapshot)).file)]
    age(91)
    prune()  # uploads first let go of what they need, then nothing needs the copies
    prune()
    sent.refresh_from_db()
    assert sent.let_go_at
    assert sent.stored == 0
    assert not any(map(in_storage, kept))
    page = as_owner.get(reverse("upload-detail", args=[sent.pk])).content.decode()
    assert "were let go on" in page
    for gone in ("Undo this upload", "Check again now", "What was there before"):
        assert gone not in page
    assert "was let go on" in act(as_owner, sent, "undo")
    assert "was let go on" in act(as_owner, sent, "check-again")
    assert sent.state == State.DONE
    assert as_owner.get(reverse("upload-receipt", args=[sent.pk])).json()["records"]["verified"] == 3
    copy = as_owner.get(reverse("snapshot-download", args=[sent.snapshot]))
    assert copy.status_code == 404
    assert "copies are kept for 90 days" in copy.content.decode()
    event = Event.objects.exclude(snapshot=None).latest("at")
    assert "is gone by now" in as_owner.get(reverse("activity-detail", args=[event.pk])).content.decode()


def test_a_rejected_file_that_is_gone_is_not_read_again(upload_file: UploadFile, as_owner: Client) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    Upload.objects.update(state=State.REJECTED, ended_at=timezone.now())
    age(31)
    prune()
    assert as_owner.get(reverse("upload-detail", args=[upload.pk])).status_code == 200
    answer = as_owner.post(reverse("upload-read", args=[upload.pk]), {}, follow=True)
    assert "This file is not kept any more" in answer.content.decode()
    upload.refresh_from_db()
    assert upload.state == State.REJECTED


def test_a_file_nobody_decides_about_is_cancelled_then_goes(
    upload_file: UploadFile, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    age(31)
    prune()
    upload.refresh_from_db()
    assert upload.state == State.CANCELLED
    assert "Nobody has decided about this file for 30 days" in upload.message
    age(31)
    prune()
    upload.refresh_from_db()
    assert not upload.file


def test_work_that_is_not_over_keeps_everything(sent: Upload) -> None:
    Upload.objects.filter(pk=sent.pk).update(state=State.UNDOING)
    age(200)
    kept = [*files(sent), str(Snapshot.objects.get(pk=str(sent.snapshot)).file)]
    prune()
    assert all(map(in_storage, kept))


def test_a_deletion_whose_copy_is_gone_says_so_and_offers_no_restoring(
    upload_file: UploadFile, as_owner: Client, source: DataSource
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3))), "send")
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}
    page = as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), span)["Location"]
    as_owner.post(page, {"count": "3"})
    assert "Restore" in as_owner.get(page).content.decode()
    age(91)
    prune()
    shown = as_owner.get(page).content.decode()
    assert "is gone by now" in shown
    assert 'value="restore"' not in shown
    assert as_owner.post(page, {"decision": "restore"}).status_code in (409, 422)
    assert Deletion.objects.get().state == "done"


def test_what_killed_attempts_have_left_goes_after_a_day(sent: Upload) -> None:
    left = default_storage.save("snapshots/of-nobody.ndjson.gz", ContentFile(b"half"))
    beside = default_storage.save(
        "uploads/00000000-0000-0000-0000-000000000000/chunks/000001.json", ContentFile(b"[]")
    )
    unnamed = snapshots.take(by=sent.owner, kind="ephemeris", source_identifier=1, records=[{"a": 1}])
    prune()
    assert all(map(in_storage, (left, beside, str(unnamed.file))))


def test_of_what_killed_attempts_have_left_a_day_ago_nothing_stays(
    sent: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = default_storage.save("snapshots/of-nobody.ndjson.gz", ContentFile(b"half"))
    beside = default_storage.save(
        "uploads/00000000-0000-0000-0000-000000000000/chunks/000001.json", ContentFile(b"[]")
    )
    unnamed = snapshots.take(by=sent.owner, kind="ephemeris", source_identifier=1, records=[{"a": 1}])
    named = str(Snapshot.objects.get(pk=str(sent.snapshot)).file)
    monkeypatch.setattr("apps.activity.retention.SETTLED_AFTER", -1)
    monkeypatch.setattr("apps.uploads.retention.SETTLED_AFTER", -1)
    prune()
    assert not any(map(in_storage, (left, beside, str(unnamed.file))))
    assert in_storage(named)


def test_sign_ins_and_sessions_that_are_over_go(as_owner: Client) -> None:
    as_owner.get(reverse("account"))
    Credential.objects.create(
        user_id=as_owner.session["_auth_user_id"], kind="api_key", ended_at=timezone.now() - timedelta(days=3)
    )
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    said = prune()
    assert "gone: 1 ended sign-ins" in said
    assert "gone: 1 expired sessions" in said
    assert as_owner.get(reverse("account")).status_code == 200


def test_a_worker_lets_go_once_an_hour_and_a_bit_at_a_time(
    sent: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    recover_all()
    assert Upload.objects.exclude(packed_at=None).count() == 1
    recover_all()  # there was more, so it looks again at once
    recover_all()
    assert Upload.objects.exclude(packed_at=None).count() == 2
    recover_all()
    Upload.objects.update(packed_at=None)
    recover_all()  # everything has been looked at within the hour
    assert not Upload.objects.exclude(packed_at=None).exists()


def test_what_cannot_go_is_logged_and_stops_nothing_else(
    sent: Upload, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*arguments: Any) -> None:
        raise OSError("away")

    age(31)
    monkeypatch.setattr("django.core.files.storage.InMemoryStorage.delete", away)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    assert "gone: 1 expired sessions" in prune()
    assert "could not be let go" in caplog.text


def test_the_form_says_before_anything_is_kept_that_there_is_no_more_room(
    sent: Upload, as_owner: Client, as_owner2: Client, source: DataSource, settings: Settings
) -> None:
    address = reverse("ephemeris-upload", args=[source.identifier])
    settings.UPLOAD_QUOTA_FILES = 2
    assert "one person may have 2 uploads" in as_owner.get(address).content.decode()
    answer = as_owner.post(address, {"file": ContentFile(csv_of(*minutes(1)), "more.csv")})
    assert answer.status_code == 422
    assert "Nothing of this file was kept" in answer.content.decode()
    assert Upload.objects.count() == 2


def test_the_quota_counts_bytes_too(
    upload_file: UploadFile, as_owner: Client, source: DataSource, settings: Settings
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    settings.UPLOAD_QUOTA_MEGABYTES = 1
    Upload.objects.update(stored=1024 * 1024 - 10)
    answer = as_owner.post(
        reverse("ephemeris-upload", args=[source.identifier]),
        {"file": ContentFile(csv_of(*minutes(1)), "more.csv")},
    )
    assert answer.status_code == 422
    Upload.objects.update(stored=upload.size)
    upload_file(csv_of(*minutes(1)))


def test_the_account_page_tells_how_much_is_used(sent: Upload, as_owner: Client, as_admin: Client) -> None:
    mine = as_owner.get(reverse("account")).content.decode()
    assert "2 uploads," in mine
    assert "Used by everybody" not in mine
    everybody = as_admin.get(reverse("account")).content.decode()
    assert "0 uploads," in everybody
    assert "Used by everybody" in everybody
    assert "2 copies of records" in everybody
