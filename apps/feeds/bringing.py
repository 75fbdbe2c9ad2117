"""One file of a feed: fetched if it is another than last time, and made an upload, which goes on as the feed's policy says."""

import hashlib
import tempfile
from collections.abc import Callable
from typing import IO, NamedTuple

from django.core.files.base import File
from django.utils import timezone

from apps.aurorax import errors
from apps.feeds.acting import Acting
from apps.feeds.models import Feed, FeedItem, FeedPolicy
from apps.feeds.places.offers import FeedOffer
from apps.outbound.fetching import BLOCK, FetchLimits, NotFetched
from apps.outbound.public_addresses import AddressRefused
from apps.permissions import NotAllowed
from apps.readers.errors import UnreadableFile
from apps.uploads import services
from apps.uploads.models import Upload
from apps.uploads.receiving import Origin, receive
from apps.uploads.states import ENDED, State

UNDECIDED = (State.NEEDS_COLUMNS, State.CHECKED)
AT_WORK = "{name} is another now; it is fetched when the upload of its earlier content is over."


class NotYet(Exception):
    """What was brought before is still being worked on; `message` says so."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NoRecords(Exception):
    """What was fetched is no file of records; `message` says why. It is not fetched again before it is another."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Content(NamedTuple):
    """What was fetched."""

    file: IO[bytes]
    name: str
    sha256: str


def bring(
    feed: Feed, item: FeedItem, offer: FeedOffer, limits: FetchLimits, act: Callable[[], Acting]
) -> Upload | None:
    """The upload of what is new there; None where nothing is. `act` is called only for what is new.

    Raises `NotFetched`, `NotYet`, `NoRecords`, `Ended`, `errors.TryAgain`, `NoRoom`, `QuotaUsedUp`.
    """
    with tempfile.TemporaryFile() as file:
        try:
            found = offer.fetch(file, item.known, limits)
        except AddressRefused as refused:
            raise NotFetched(refused.message) from refused
        if found is None:
            return None
        content = Content(file, _plain(offer.name), _digest(file))
        if content.sha256 == item.sha256:
            _keep(item, etag=found.etag, last_modified=found.last_modified)
            return None
        kept = {"etag": found.etag, "last_modified": found.last_modified, "sha256": content.sha256}
        try:
            upload = _upload(feed, item, content, act())
        except UnreadableFile as unreadable:
            _keep(item, **kept, trouble=unreadable.message, upload=None, fetched_at=timezone.now())
            raise NoRecords(unreadable.message) from unreadable
        _keep(item, **kept, trouble="", upload=upload, fetched_at=timezone.now())
        return upload


def _upload(feed: Feed, item: FeedItem, content: Content, acting: Acting) -> Upload:
    """One that a worker made before it died counts. Raises `UnreadableFile`."""
    made = Upload.objects.unfinished().filter(brought_by=feed.pk, sha256=content.sha256).first()
    if made is not None:
        return made
    _make_room(item, content, acting)
    return receive(
        by=feed.owner,
        credential=acting.token.credential,
        kind=acting.kind,
        source=acting.source,
        file=File(content.file, content.name),
        origin=Origin(
            note=f"Brought by the feed “{feed.name}”.",
            brought_by=feed.pk,
            sends_itself=feed.policy != FeedPolicy.WAIT,
            may_replace=feed.policy == FeedPolicy.REPLACE,
            sends_at_most=feed.most_records,
        ),
    )


def _make_room(item: FeedItem, content: Content, acting: Acting) -> None:
    """What the file held before, and nobody has decided about, is cancelled: the new content stands for it."""
    before = item.upload
    if before is None or before.state in ENDED:
        return
    if before.state not in UNDECIDED:
        raise NotYet(AT_WORK.format(name=content.name))
    try:
        services.cancel(upload=before, by=before.owner, client=acting.client)
    except (services.UploadRefused, NotAllowed, errors.Refused):
        raise NotYet(AT_WORK.format(name=content.name)) from None


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:200] or "file"


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def _keep(item: FeedItem, **changes: object) -> None:
    for name, value in changes.items():
        setattr(item, name, value)
    item.save()
