"""Bringing back work that lost its worker: each app says how, in its `AppConfig.ready`."""

import logging
from collections import Counter
from collections.abc import Callable

from django.apps import apps
from django.db import close_old_connections
from django.db.models import F
from django.utils import timezone

from apps.jobs.models import RecoveryRun

logger = logging.getLogger(__name__)
_recoveries: dict[str, Callable[[], int]] = {}
_unrecorded: Counter[str] = Counter()  # failures by kind that the database did not take


def register(recover: Callable[[], int]) -> None:
    """Have `recover` called every few seconds: it wakes a worker for each job that should have one and has none, and
    answers how many it woke. It must be harmless to repeat. Its app's label names it in `/readyz` and `/metrics`.
    """
    config = apps.get_containing_app_config(recover.__module__)
    _recoveries[config.label if config else recover.__module__] = recover


def recover_all() -> int:
    """Recover jobs of every kind; answers how many were woken. What goes wrong with one kind is logged and counted, and
    stops neither the others nor the caller.
    """
    return sum(_recover(kind) for kind in _recoveries)


def _recover(kind: str) -> int:
    woken = 0
    try:
        woken = _recoveries[kind]()
    except Exception:
        logger.exception("Lost work of the kind %s could not be looked for; trying again soon", kind)
        _unrecorded[kind] += 1
    try:
        _record(kind, failures=_unrecorded[kind])
    except Exception:
        logger.exception("That lost work of the kind %s was looked for could not be recorded", kind)
        close_old_connections()
    return woken


def _record(kind: str, *, failures: int) -> None:
    """Write down that this kind was looked after, and what failed since that was last written down."""
    now = timezone.now()
    RecoveryRun.objects.get_or_create(kind=kind)
    changes = {"failed_at": now, "failures": F("failures") + failures} if failures else {"ended_at": now}
    RecoveryRun.objects.filter(kind=kind).update(**changes)
    del _unrecorded[kind]
