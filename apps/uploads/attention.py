"""What waits for a person among their uploads, in a message and with one link to act."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.ui.attention import Attention
from apps.uploads import messages
from apps.uploads.models import Upload, UploadReport
from apps.uploads.models.upload import UploadQuerySet
from apps.uploads.page import UploadPage
from apps.uploads.states import RUNNING, State

# What failed is old news after this: whoever has not come back to it by then will not.
FRESH = timedelta(days=14)
JUST_ENDED = timedelta(hours=1)
MOST_SHOWN = 20
MOST_LOOKED_AT = 200  # of the uploads that ended of late

WAITING = (State.NEEDS_COLUMNS, State.CHECKED, State.PAUSED)
FAILED = (State.REJECTED, State.DONE, State.UNDONE)  # where they did not come out whole
UPLOAD_LINKS = {
    State.NEEDS_COLUMNS: "Answer its question",
    State.CHECKED: "Decide",
    State.PAUSED: "Resume or cancel",
    State.REJECTED: "See why",
    State.DONE: "See what is missing",
    State.UNDONE: "See what is left",
}


def needs_action(person: User) -> list[Attention]:
    """Their uploads that wait, are paused or failed; newest first."""
    return [*map(_of_upload, _uploads(person))]


def unlisted(person: User) -> int:
    """How many more than `needs_action` lists."""
    waiting = _own(person).filter(state__in=WAITING).count()
    failed = sum(1 for _ in _failed(person))
    return max(waiting - MOST_SHOWN, 0) + max(failed - MOST_SHOWN, 0)


def running_and_paused(person: User) -> tuple[int, int]:
    """How many of their uploads, however many `in_progress` lists."""
    own = _own(person)
    return own.filter(state__in=RUNNING).count(), own.filter(state=State.PAUSED).count()


def in_progress(person: User) -> list[UploadPage]:
    """Their uploads that are being worked on, would be if they were not paused, or have just ended; newest first."""
    moving = Q(state__in=[*RUNNING, State.PAUSED]) | Q(ended_at__gte=timezone.now() - JUST_ENDED)
    return [UploadPage(upload, may_act=False) for upload in _own(person).filter(moving)[:MOST_SHOWN]]


def _uploads(person: User) -> Iterator[Upload]:
    # Of the long part of an upload, only what its message says.
    said = Prefetch("report", UploadReport.objects.only("unusual"))
    yield from _own(person).filter(state__in=WAITING).prefetch_related(said)[:MOST_SHOWN]
    yield from islice(_failed(person), MOST_SHOWN)


def _failed(person: User) -> Iterator[Upload]:
    """Those that could not be read, did not arrive whole or were not wholly undone, unless a later one makes it good."""
    ended = _own(person).filter(state__in=FAILED, ended_at__gte=timezone.now() - FRESH)
    arrived: list[Upload] = []
    for upload in ended[:MOST_LOOKED_AT]:
        if upload.is_verified:
            arrived.append(upload)
        elif _is_incomplete(upload) and not any(_supersedes(later, upload) for later in arrived):
            yield upload


def _is_incomplete(upload: Upload) -> bool:
    return upload.state != State.UNDONE or bool(upload.undo.get("not_done"))


def _supersedes(later: Upload, failed: Upload) -> bool:
    """Whether a later upload stands for the same records: those of a file that could not be read are not known."""
    if (later.source_identifier, later.kind) != (failed.source_identifier, failed.kind):
        return False
    if failed.state == State.REJECTED:
        return True
    if not (later.first and later.last and failed.first and failed.last):
        return False
    return later.first <= failed.first and failed.last <= later.last


def _own(person: User) -> UploadQuerySet:
    """Newest first."""
    return Upload.objects.filter(owner=person)


def _link(upload: Upload) -> str:
    if upload.state == State.NEEDS_COLUMNS and upload.unknown_headers:
        return "Name the columns"
    return UPLOAD_LINKS[State(upload.state)]


def _of_upload(upload: Upload) -> Attention:
    return Attention(
        f"{upload.name} for {upload.source_name}",
        f"{messages.title(upload)}. {messages.message(upload)}".strip(),
        _link(upload),
        reverse("upload-detail", args=[upload.pk]),
    )
