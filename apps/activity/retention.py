"""Copies of records as they were before a write: kept for a while, and not at all where nothing came of the write."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.jobs.retention import SETTLED_AFTER, Prunable

FOLDER = "snapshots"
LOOKED_FOR = timedelta(days=7)


class Holders:
    """Who needs copies, by their ids: each app says which it tells of, and which somebody may still want to put back."""

    def __init__(self) -> None:
        self._named: list[Callable[[], Iterator[UUID]]] = []
        self._at_work: list[Callable[[], Iterator[UUID]]] = []

    def register(self, named: Callable[[], Iterator[UUID]], at_work: Callable[[], Iterator[UUID]]) -> None:
        """For `AppConfig.ready`."""
        self._named.append(named)
        self._at_work.append(at_work)

    def named(self) -> set[UUID]:
        """Every copy that a piece of work tells of."""
        return {each for ids in self._named for each in ids()}

    def at_work(self) -> set[UUID]:
        """Copies that undoing, or work that is not over, may still need."""
        return {each for ids in self._at_work for each in ids()}


holders = Holders()


def old_copies() -> Iterator[Prunable]:
    """Older than `settings.KEEP_COPIES_DAYS`. The row stays, so that pages can say what was kept and how long."""
    old = Snapshot.objects.filter(taken_at__lt=_days_ago(settings.KEEP_COPIES_DAYS)).exclude(file="")
    if old.exists():
        needed = holders.at_work()
        for snapshot in old.order_by("taken_at").iterator():
            if snapshot.pk not in needed:
                yield Prunable(partial(snapshots.let_go, snapshot), snapshot.size)


def copies_for_nothing() -> Iterator[Prunable]:
    """Those of attempts that were killed, or that found something else than was shown. Looked for in the first week; what is
    missed goes with `old_copies`.
    """
    settled = timezone.now() - timedelta(seconds=SETTLED_AFTER)
    of_late = Snapshot.objects.filter(taken_at__range=(settled - LOOKED_FOR, settled)).exclude(file="")
    named = holders.named() if of_late.exists() else set()
    for snapshot in of_late.iterator():
        if snapshot.pk not in named and not Event.objects.filter(snapshot=snapshot.pk).exists():
            yield Prunable(partial(snapshots.discard, snapshot), snapshot.size)


def files_of_no_copy() -> Iterator[Prunable]:
    """What was written when a worker was killed, before it could say so."""
    if not default_storage.exists(FOLDER):
        return
    known = set(Snapshot.objects.exclude(file="").values_list("file", flat=True).iterator())
    settled = timezone.now() - timedelta(seconds=SETTLED_AFTER)
    for file in default_storage.listdir(FOLDER)[1]:
        name = f"{FOLDER}/{file}"
        if name not in known and default_storage.get_modified_time(name) < settled:
            yield Prunable(partial(default_storage.delete, name), default_storage.size(name))


def _days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
