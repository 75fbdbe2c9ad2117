"""Deleting records, as people decide about it: look what is there, then delete exactly that, or not.

What is true about a deletion is in its row; the task queue only wakes a worker, who does the work in `steps`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.background import aurorax_for
from apps.accounts.models import User
from apps.accounts.roles import confirm_role
from apps.aurorax import DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.deletions.tasks import carry_out
from apps.jobs.models import WrongTransition
from apps.jobs.recovery import resume_all, wake
from apps.permissions import NotAllowed, check
from apps.records.types import type_of

AT_ONCE = timedelta(days=2)  # a span this short is looked at before the page is answered
MAY_HAVE_ASKED = (DeletionState.DELETING, DeletionState.CHECKING, DeletionState.CANCELLING)


def look_for(
    *, by: User, source: DataSource, kind: str, start: datetime, end: datetime, urls: Sequence[str] = ()
) -> Deletion:
    """Begin a deletion by finding out what it would cover; nothing is deleted before `confirm`.

    Start and end are inclusive. `urls` restricts what is deleted by key to these.
    """
    check(by, type_of(kind).actions.delete, source)
    deletion = Deletion.objects.create(
        kind=kind,
        source_identifier=source.identifier,
        source_name=source.display_name,
        user=by,
        begun_by=by,
        start=start,
        end=end,
        chosen_urls=list(urls),
    )
    _begin(deletion)
    return deletion


def confirm(*, by: User, source: DataSource, deletion: Deletion, note: str = "") -> None:
    """Delete exactly what was shown. Raises `WrongTransition` when the deletion waits for no decision."""
    _may_decide(by, source, deletion)
    deletion.transition(DeletionState.SAVING, user=by, note=note)
    _begin(deletion)


def look_again(*, by: User, source: DataSource, deletion: Deletion, **meant: Any) -> None:
    """Find out anew what is there. `meant` are fields of the deletion that change with it, such as `edge_urls`.

    Raises `WrongTransition` once AuroraX has been asked: what the copy has must not be forgotten then.
    """
    _may_decide(by, source, deletion)
    if deletion.state not in (DeletionState.READY, DeletionState.STOPPED):
        raise WrongTransition(deletion.state, DeletionState.LOOKING)
    deletion.transition(DeletionState.LOOKING, survey={}, fingerprint="", user=by, **meant)
    _begin(deletion)


def resume(*, by: User, source: DataSource, deletion: Deletion) -> None:
    """Go on where the deletion was paused. Raises `WrongTransition` when it waits for another decision."""
    _may_decide(by, source, deletion)
    if deletion.is_running or deletion.is_over:
        return  # signing in again was enough, or somebody was quicker
    deletion.resume(user=by)
    _begin(deletion)


def cancel(*, by: User, source: DataSource, deletion: Deletion) -> None:
    """Delete nothing more. Once AuroraX may have been asked, a worker counts what is gone before it is over."""
    _may_decide(by, source, deletion)
    if deletion.step in MAY_HAVE_ASKED:
        deletion.transition(DeletionState.CANCELLING, user=by)
        wake(deletion)
    else:
        deletion.transition(DeletionState.CANCELLED)


def check_seen(*, by: User, deletion: Deletion) -> None:
    """Raises `NotAllowed` for whoever only stated their address, where somebody else began the deletion."""
    if by != deletion.user and not by.email_is_proved:
        raise NotAllowed(
            "Somebody else began this deletion. Sign in with your password to see it and to decide."
        )


def resume_after_sign_in(person: User) -> None:
    """Let this person's deletions go on that wait for a sign-in."""
    resume_all(Deletion.objects.filter(user=person).waiting_for_sign_in())


def _begin(deletion: Deletion) -> None:
    """At once where it is quick, otherwise in the background."""
    if deletion.state == DeletionState.LOOKING and deletion.end - deletion.start <= AT_ONCE:
        deletion.update_fields(woken_at=timezone.now())
        carry_out.call(str(deletion.pk))
        deletion.refresh_from_db()
    else:
        wake(deletion)


def _may_decide(by: User, source: DataSource, deletion: Deletion) -> None:
    """Whoever has the right on this source may decide; the rest of the deletion then runs under their sign-in.

    Behind an API key an address is only stated, and must not meddle with what others have begun.
    """
    check(by, type_of(deletion.kind).actions.delete, source)
    if by != deletion.user:
        check_seen(by=by, deletion=deletion)
        confirm_role(by=by, client=aurorax_for(by))
