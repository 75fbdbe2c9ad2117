"""Feeds that are due: a chore of every worker asks for them, and a task looks, because other people's addresses take their time."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from apps.feeds.models import Feed
from apps.feeds.running import run
from apps.jobs.queue import enqueue

ASKED_AT_ONCE = 20
PUT_OFF = timedelta(minutes=30)  # a look that nobody took up, or whose worker died, is due again then


@task
def look(feed_id: str) -> None:
    """Look once. Asked for twice it is looked once: the lease says so."""
    feed = Feed.objects.select_related("owner", "token__credential").filter(pk=UUID(feed_id)).first()
    if feed is not None:
        run(feed)


def ask_for_looks() -> int:
    """A chore: ask for those that are due, each once. Answers how many that were."""
    due = Feed.objects.filter(paused_at=None, next_at__lte=timezone.now()).order_by("next_at")
    return sum(ask_now(feed) for feed in due[:ASKED_AT_ONCE])


def ask_now(feed: Feed) -> bool:
    """Have it looked at at once. Put off before it is asked for, so that no other worker asks meanwhile."""
    now = timezone.now()
    row = Feed.objects.filter(pk=feed.pk, next_at=feed.next_at, paused_at=None)
    if not row.update(next_at=now + PUT_OFF, asked_at=now):
        return False
    enqueue(look, str(feed.pk))
    return True
