"""Deleting records, as people decide about it: look what is there, then delete exactly that, or not.

What is true about a deletion is in its row; the task queue only wakes a worker, who does the work in `deleting`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import DataSource
from apps.deletions.models import WORKING, Deletion, DeletionState
from apps.deletions.steps import carry_out
from apps.deletions.targets import TARGETS
from apps.jobs.queue import enqueue
from apps.permissions import NotAllowed, check

AT_ONCE = timedelta(days=2)  # a span this short is looked at before the page is answered
WAKE_SECONDS = 60


def look_for(
    *, by: User, source: DataSource, kind: str, start: datetime, end: datetime, urls: Sequence[str] = ()
) -> Deletion:
    """Begin a deletion by finding out what it would cover; nothing is deleted before `confirm`.

    Start and end are inclusive. `urls` restricts data products to these.
    """
    check(by, TARGETS[kind].action, source)
    deletion = Deletion.objects.create(
        kind=kind,
        source_identifier=source.identifier,
        source_name=source.display_name,
        user=by,
        start=start,
        end=end,
        chosen_urls=list(urls),
    )
    _begin(deletion)
    return deletion


def confirm(*, by: User, source: DataSource, deletion: Deletion) -> None:
    """Delete exactly what was shown. Raises `WrongTransition` when the deletion waits for no decision."""
    _may_decide(by, source, deletion)
    deletion.transition(DeletionState.SAVING, user=by)
    _begin(deletion)


def look_again(*, by: User, source: DataSource, deletion: Deletion, **meant: Any) -> None:
    """Find out anew what is there. `meant` are fields of the deletion that change with it, such as `edge_urls`."""
    _may_decide(by, source, deletion)
    deletion.transition(DeletionState.LOOKING, survey={}, fingerprint="", user=by, **meant)
    _begin(deletion)


def resume(*, by: User, source: DataSource, deletion: Deletion) -> None:
    """Go on where the deletion was paused."""
    _may_decide(by, source, deletion)
    deletion.resume(user=by)
    _begin(deletion)


def cancel(*, by: User, source: DataSource, deletion: Deletion) -> None:
    """Leave everything as it is; possible until AuroraX has been asked."""
    _may_decide(by, source, deletion)
    deletion.transition(DeletionState.CANCELLED, finished_at=timezone.now())


def wake(deletion: Deletion) -> None:
    """Make sure somebody works on it: a worker may have been killed. Asked by whoever looks at the page."""
    if deletion.is_working and _is_idle(deletion) and cache.add(_wake_key(deletion), True, WAKE_SECONDS):
        enqueue(carry_out, str(deletion.pk))


def recover() -> int:
    """Wake a worker for every deletion that should have one and has none; answers how many were looked at."""
    abandoned = [deletion for deletion in Deletion.objects.filter(state__in=WORKING) if _is_idle(deletion)]
    for deletion in abandoned:
        wake(deletion)
    return len(abandoned)


def _begin(deletion: Deletion) -> None:
    """At once where it is quick, otherwise in the background."""
    cache.set(_wake_key(deletion), True, WAKE_SECONDS)
    if deletion.state == DeletionState.LOOKING and deletion.end - deletion.start <= AT_ONCE:
        carry_out.call(str(deletion.pk))
        deletion.refresh_from_db()
    else:
        enqueue(carry_out, str(deletion.pk))


def _is_idle(deletion: Deletion) -> bool:
    return deletion.leased_until is None or deletion.leased_until < timezone.now()


def _may_decide(by: User, source: DataSource, deletion: Deletion) -> None:
    """Whoever has the right on this source may decide; the rest of the deletion then runs under their sign-in.

    Behind an API key an address is only stated, and must not meddle with what others have begun.
    """
    check(by, TARGETS[deletion.kind].action, source)
    if by != deletion.user and not by.email_is_proved:
        raise NotAllowed("Somebody else began this deletion. Sign in with your password to decide about it.")


def _wake_key(deletion: Deletion) -> str:
    return f"deletion-wake:{deletion.pk}"
