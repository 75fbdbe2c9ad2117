"""Storage that is full, read-only or away: the form says so, background work waits and goes on, nothing partial stays."""

import errno
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.activity.models import Event, Snapshot
from apps.aurorax import DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.jobs.models import PauseReason
from apps.jobs.recovery import recover_all
from apps.uploads import receiving
from apps.uploads.models import Upload
from apps.uploads.states import State
from portal.storage import LocalFiles
from tests.conftest import Sent
from tests.support.uploads import UploadFile, act, csv_of, minutes

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "The portal cannot keep files just now"
AWAY = {
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "read-only": OSError(errno.EROFS, "Read-only file system"),
    "away": OSError(errno.ENOTCONN, "Transport endpoint is not connected"),
    "a store that is away": type(
        "EndpointConnectionError", (Exception,), {"__module__": "botocore.exceptions"}
    )("away"),
}
Break = Callable[..., None]


@pytest.fixture(params=AWAY)
def error(request: pytest.FixtureRequest) -> Exception:
    """What storage says."""
    found: Exception = AWAY[request.param]
    return found


@pytest.fixture
def storage_away(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Has storage refuse every file whose name has this in it; `of` nothing has it work again."""
    really_save = type(default_storage._wrapped or default_storage).save  # type: ignore[attr-defined]
    refused: list[tuple[str, Exception]] = []

    def save(storage: Any, name: str, content: Any, max_length: int | None = None) -> str:
        for part, error in refused:
            if part in name:
                raise error
        return str(really_save(storage, name, content, max_length=max_length))

    def breaks(of: str = "", error: Exception = AWAY["full"]) -> None:
        refused[:] = [(of, error)] if of else []

    monkeypatch.setattr("django.core.files.storage.InMemoryStorage.save", save)
    return breaks


def kept(folder: str = "uploads") -> list[str]:
    """Every file that is in storage."""
    if not default_storage.exists(folder):
        return []
    folders, files = default_storage.listdir(folder)
    return [f"{folder}/{name}" for name in files] + [
        each for sub in folders for each in kept(f"{folder}/{sub}")
    ]


def later(model: type[Any]) -> None:
    """The time to look again has come."""
    model.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    recover_all()


@pytest.mark.parametrize("of", ["/file", "/chunks/", "problems"])
def test_the_form_says_so_and_nothing_is_kept(
    storage_away: Break, as_owner: Client, source: DataSource, error: Exception, of: str
) -> None:
    before = kept()
    storage_away(of, error)
    file = ContentFile(csv_of(*minutes(3)), "day.csv")
    answer = as_owner.post(reverse("ephemeris-upload", args=[source.identifier]), {"file": file})
    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert not Upload.objects.exists()
    assert kept() == before


def test_the_form_says_so_where_the_file_does_not_even_fit_on_its_way(
    monkeypatch: pytest.MonkeyPatch, as_owner: Client, source: DataSource
) -> None:
    def full(*args: Any) -> None:
        raise AWAY["full"]

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    file = ContentFile(csv_of(*minutes(3)) + b"\n" * 1_100_000, "day.csv")
    answer = as_owner.post(reverse("ephemeris-upload", args=[source.identifier]), {"file": file})
    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_worker_reads_the_file_later_and_keeps_no_half_of_it(
    monkeypatch: pytest.MonkeyPatch, storage_away: Break, upload_file: UploadFile
) -> None:
    monkeypatch.setattr(receiving, "READ_AT_ONCE", 0)
    storage_away("/chunks/")
    for _ in range(5):  # more often than a file is read whose workers are lost
        if Upload.objects.exists():
            later(Upload)
        else:
            upload_file(csv_of(*minutes(3)))
        upload = Upload.objects.get()
        assert upload.state == State.READING
        assert SENTENCE in upload.message
        assert upload.retry_at
        assert not upload.chunks.exists()
    assert not [name for name in kept(f"uploads/{upload.pk}") if "chunks" in name]
    storage_away()
    later(Upload)
    upload.refresh_from_db()
    assert (upload.state, upload.valid) == (State.CHECKED, 3)


def test_sending_waits_and_goes_on_by_itself(
    storage_away: Break, upload_file: UploadFile, as_owner: Client, error: Exception
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    storage_away("snapshots/", error)
    page = act(as_owner, upload, "send")
    assert (upload.state, upload.pause_reason) == (State.PAUSED, PauseReason.STORAGE)
    assert "This goes on by itself" in page
    assert not Snapshot.objects.exists()
    recover_all()  # before its time nothing spins
    upload.refresh_from_db()
    assert upload.state == State.PAUSED
    storage_away()
    later(Upload)
    upload.refresh_from_db()
    assert (upload.state, upload.verified) == (State.DONE, 3)


def test_a_deletion_waits_and_goes_on_by_itself(
    storage_away: Break, upload_file: UploadFile, as_owner: Client, source: DataSource
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3))), "send")
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}
    answer = as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), span)
    storage_away("snapshots/")
    as_owner.post(answer["Location"], {"count": "3"})
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.pause_reason) == (DeletionState.PAUSED, PauseReason.STORAGE)
    storage_away()
    later(Deletion)
    deletion.refresh_from_db()
    assert deletion.state == DeletionState.DONE


def test_an_edit_says_so_sends_nothing_and_keeps_what_was_typed(
    storage_away: Break, upload_file: UploadFile, as_owner: Client, source: DataSource, sent: Sent
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(1))), "send")
    address = reverse("ephemeris-edit", args=[source.identifier, datetime(2020, 1, 1, tzinfo=UTC)])
    form = as_owner.get(address).context["form"]
    posted = {field.html_name: field.value() or "" for field in form} | {"location_geo.lat": "12.5"}
    storage_away("snapshots/")
    sent.clear()
    before = Event.objects.count()
    answer = as_owner.post(address, posted)
    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert "12.5" in answer.content.decode()
    assert sent.writes == []
    assert Event.objects.count() == before


@pytest.mark.any_database
def test_of_a_file_that_does_not_fit_on_the_disk_nothing_stays(tmp_path: Path) -> None:
    class HalfFits(ContentFile[bytes]):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"the first half"
            raise AWAY["full"]

    with pytest.raises(OSError, match="No space"):
        LocalFiles(location=tmp_path).save("a/file", HalfFits(b""))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
