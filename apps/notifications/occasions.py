"""What people are told of: how uploads and feeds go, and what others do to data sources with them in it."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.activity.recording import AuditEntry
from apps.aurorax import DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.feeds.models import Feed, FeedNews
from apps.jobs.models import Job, PauseReason
from apps.notifications.models import Notice, Topic
from apps.notifications.telling import settle, tell
from apps.permissions.addresses import folded
from apps.records.types import type_of
from apps.uploads import messages
from apps.uploads.models import Upload
from apps.uploads.self_sending import why_wait
from apps.uploads.states import State

logger = logging.getLogger(__name__)
SEEN_BY_ITSELF = timedelta(seconds=60)  # who has just uploaded a file looks at its page
ENDS = {State.REJECTED: Topic.REFUSED, State.UNDONE: Topic.VERIFIED, State.NEEDS_COLUMNS: Topic.WAITS}
PAUSES = {
    PauseReason.SIGN_IN: Topic.WAITS,
    PauseReason.REFUSED: Topic.REFUSED,
    PauseReason.UNAVAILABLE: Topic.PAUSED,
    PauseReason.STORAGE: Topic.PAUSED,
    PauseReason.UNCONFIRMED: Topic.WAITS,
    PauseReason.FAULT: Topic.REFUSED,
}


def on_moved(sender: type[Job], job: Job, **more: Any) -> None:
    """An upload or a deletion has gone to another state. What goes wrong here stops no work."""
    try:
        with transaction.atomic():
            if isinstance(job, Upload):
                _upload_moved(job)
            elif isinstance(job, Deletion):
                _deletion_moved(job)
    except Exception:
        logger.exception("Nobody could be told of %s", job)


def on_written(sender: object, entry: AuditEntry, actor: str, **more: Any) -> None:
    """Something was written to AuroraX: perhaps somebody looks after a data source now who did not before."""
    if not isinstance(entry.after, dict) or entry.source is None:
        return
    try:
        with transaction.atomic():
            _tell_new_people(entry, entry.source, actor)
    except Exception:
        logger.exception("Nobody could be told of what was written: %s", entry.summary)


def on_deleted(sender: type[Upload], instance: Upload, **more: Any) -> None:
    """What is told of a file that was not kept would lead nowhere: whoever brought it was told why."""
    Notice.objects.filter(thing=f"upload {instance.pk}").delete()


def on_feed(sender: type[Feed], feed: Feed, news: FeedNews, message: str, **more: Any) -> None:
    """A feed needs somebody, or does not any more."""
    try:
        with transaction.atomic():
            _tell_of_feed(feed, news, message)
    except Exception:
        logger.exception("Nobody could be told of %s", feed)


def _tell_of_feed(feed: Feed, news: FeedNews, message: str) -> None:
    thing = f"feed {feed.pk}"
    if news == FeedNews.WELL:
        settle(thing, topics=(Topic.PAUSED,))
    elif news == FeedNews.LOOKED_AFTER:
        settle(thing)
    else:
        tell(
            person=feed.owner,
            topic=Topic.PAUSED if news == FeedNews.FAILING else Topic.WAITS,
            subject=f"The feed “{feed.name}” for {feed.source_name} {news.label}",
            message=message,
            path=reverse("feed-detail", args=[feed.pk]),
            about=f"{thing} {news} {timezone.now().isoformat()}",
            thing=thing,
        )


def _upload_moved(upload: Upload) -> None:
    thing = f"upload {upload.pk}"
    settle(thing)
    topic = _topic_of(upload)
    if topic is None:
        return
    tell(
        person=upload.owner,
        topic=topic,
        subject=f"{messages.title(upload)}: {upload.name} for {upload.source_name}",
        message=messages.message(upload).replace(" answered below", " answered"),
        path=reverse("upload-detail", args=[upload.pk]),
        about=f"{thing} {upload.state} {timezone.now().isoformat()}",
        thing=thing,
    )


def _topic_of(upload: Upload) -> Topic | None:
    state = State(upload.state)
    if state == State.PAUSED:
        return _topic_of_pause(upload)
    if state == State.DONE:
        return Topic.VERIFIED if upload.is_verified or not upload.started_at else Topic.REFUSED
    if state == State.UNDONE and upload.undo.get("not_done"):
        return Topic.REFUSED
    if state == State.CHECKED:
        return Topic.WAITS if _needs_a_decision(upload) else None
    return ENDS.get(state)


def _needs_a_decision(upload: Upload) -> bool:
    """Whether somebody has to be told of a compared upload: nobody looks at one that a feed has brought."""
    if not upload.message and not why_wait(upload):
        return False  # it goes on by itself
    return bool(upload.brought_by) or timezone.now() - upload.created_at > SEEN_BY_ITSELF


def _topic_of_pause(job: Job) -> Topic | None:
    """What tries again by itself is told of once, not each time that it has tried."""
    return None if job.retries > 1 else PAUSES.get(PauseReason(job.pause_reason))


def _deletion_moved(deletion: Deletion) -> None:
    """A deletion is looked at while it is decided about; what is told is how it went on by itself."""
    thing = f"deletion {deletion.pk}"
    settle(thing)
    topic = _topic_of_deletion(deletion)
    if topic is None:
        return
    kind = type_of(deletion.kind)
    words = f"{deletion.count:,} {kind.noun}{'' if deletion.count == 1 else 's'}"
    tell(
        person=deletion.user,
        topic=topic,
        subject=f"{DeletionState(deletion.state).label}: {words} of {deletion.source_name}",
        message=deletion.message,
        path=kind.url("deletion", deletion.source_identifier, deletion.pk),
        about=f"{thing} {deletion.state} {timezone.now().isoformat()}",
        thing=thing,
    )


def _topic_of_deletion(deletion: Deletion) -> Topic | None:
    state = DeletionState(deletion.state)
    if state == DeletionState.PAUSED:
        return _topic_of_pause(deletion)
    return {DeletionState.DONE: Topic.VERIFIED, DeletionState.STOPPED: Topic.WAITS}.get(state)


def _tell_new_people(entry: AuditEntry, source: DataSource, actor: str) -> None:
    before = entry.before if isinstance(entry.before, dict) else {}
    was = {folded(each) for each in before.get("maintainers") or ()}
    now = {folded(each) for each in entry.after.get("maintainers") or ()}
    _tell_each(
        now - was,
        Topic.MAINTAINER,
        f"{actor} has made you a maintainer of {source.display_name}.",
        source,
        actor,
    )
    owners = {folded(entry.after.get("owner"))} - {folded(before.get("owner")), ""}
    _tell_each(owners, Topic.OWNER, f"{actor} has handed {source.display_name} over to you.", source, actor)


def _tell_each(addresses: set[str], topic: Topic, subject: str, source: DataSource, actor: str) -> None:
    """People the portal knows, by an address that AuroraX has proved; nobody is told what they did themselves."""
    moment = timezone.now().isoformat()
    for person in User.objects.filter(username__in=addresses - {folded(actor), ""}, is_active=True):
        tell(
            person=person,
            topic=topic,
            subject=subject,
            message="What you may do there is said on its page.",
            path=reverse("source-detail", args=[source.identifier]),
            about=f"{topic} {source.identifier} {moment}",
            thing=f"source {source.identifier}",
        )
