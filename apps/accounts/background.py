"""Background work under somebody's sign-in: with whichever of their credentials AuroraX accepts, until it has to wait."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Case, Q, When
from django.utils import timezone

from apps.accounts.encryption import UndecryptableSecret
from apps.accounts.models import Credential, User
from apps.accounts.services import mark_used
from apps.accounts.sessions import end_kept_for
from apps.aurorax import AuroraX, AuroraXCredential, errors
from apps.jobs.leases import Lease, LeaseLost, RetryLater, Stopped
from apps.jobs.models import Job, PauseReason, WrongTransition
from apps.permissions import NotAllowed
from apps.ui import storage

logger = logging.getLogger(__name__)
JobT = TypeVar("JobT", bound=Job)
RETRY_AFTER = timedelta(minutes=1)  # for the first time, then twice as long each time
LONGEST_RETRY = timedelta(minutes=15)
FAULT = "The portal had a fault of its own here. Tell its administrator."


def live_credential(person: User, first: int | None = None, job: UUID | None = None) -> Credential | None:
    """The one with the key `first` while it is alive, else this person's newest live one; last that kept for this `job`. What
    was begun in a browser never goes on under the key of a token: signing out ends it.
    """
    usable = Q(kept_for=None, is_for_token=False) | Q(kept_for=job, kept_for__isnull=False)
    alive = Credential.objects.alive().filter(usable | Q(pk=first, kept_for=None), user=person)
    rank = Case(When(pk=first, then=0), When(kept_for=None, then=1), default=2)
    return alive.order_by(rank, "-used_at").first()


def open_credential(credential: Credential) -> AuroraXCredential:
    """As the client takes it. Raises `errors.NotSignedIn` where no key opens it any more: only a new sign-in helps."""
    try:
        return credential.opened()
    except UndecryptableSecret as error:
        raise errors.NotSignedIn from error


def ensure_live(credential: Credential | None) -> None:
    """Raises `errors.NotSignedIn` where its person has signed out meanwhile: AuroraX itself goes on taking an API key."""
    if credential is not None and not Credential.objects.alive().filter(pk=credential.pk).exists():
        raise errors.NotSignedIn


def aurorax_for(person: User) -> AuroraX:
    """AuroraX under this person's newest live sign-in. Raises `errors.NotSignedIn` where there is none."""
    credential = live_credential(person)
    if credential is None:
        raise errors.NotSignedIn
    return AuroraX(open_credential(credential))


@dataclass(frozen=True)
class SignedInRunner(Generic[JobT]):
    """Does one step after the other for as long as the job is in one of `states`.

    `credential` finds the sign-in to work under; `step` does what the job's state asks for, and `refused` writes down that
    AuroraX (or the portal) does not let it go on, where the step itself has not.
    """

    states: frozenset[Any]
    credential: Callable[[JobT], Credential | None]
    step: Callable[[JobT, Lease[JobT], Credential], None]
    refused: Callable[[JobT, str], None] | None = None

    def run(self, job: JobT, lease: Lease[JobT]) -> None:
        """Take the job as far as it goes now: to an end, to a decision, or to a pause that says why. A sign-in that was kept
        for it alone ends then.
        """
        try:
            self._run(job, lease)
        finally:
            end_kept_for(job)

    def _run(self, job: JobT, lease: Lease[JobT]) -> None:
        goes_on = True
        while goes_on and job.state in self.states:
            credential = self.credential(job)
            if credential is None:
                _pause(job, PauseReason.SIGN_IN, _ask_to_sign_in(job))
                return
            goes_on = self._go_on(job, lease, credential)

    def _go_on(self, job: JobT, lease: Lease[JobT], credential: Credential) -> bool:
        """One step; whether another may follow at once."""
        was = job.state
        try:
            self._step(job, lease, credential)
        except errors.NotSignedIn:
            credential.end()  # then try with another of this person's, if there is one
        except RetryLater as parked:
            job.update_fields(retry_at=timezone.now() + timedelta(seconds=parked.seconds))
            return False
        except LeaseLost:
            return False
        except Stopped:
            job.refresh_from_db()  # somebody has decided, and perhaps back again: that may be work, too
        except WrongTransition:
            job.refresh_from_db()
            return bool(job.state != was)
        except Exception:
            _pause(job, PauseReason.FAULT, FAULT)
            raise
        return True

    def _step(self, job: JobT, lease: Lease[JobT], credential: Credential) -> None:
        """Raises `NotSignedIn`, and what says that somebody else decided or that there is nothing but to wait."""
        try:
            mark_used(credential)
            self.step(job, lease, credential)
        except errors.NotSignedIn:
            raise
        except errors.TryAgain as error:
            _pause(job, PauseReason.UNAVAILABLE, error.plain_message, again_in=_wait(job, error.retry_after))
        except (errors.Refused, NotAllowed) as refusal:
            message = refusal.message if isinstance(refusal, errors.Refused) else refusal.reason
            _pause(job, PauseReason.REFUSED, message)
            if self.refused is not None:
                self.refused(job, message)
        except Exception as error:
            if not storage.is_away(error):
                raise
            logger.warning("Files cannot be kept: %s waits", job, exc_info=True)
            _pause(job, PauseReason.STORAGE, storage.WAITS, again_in=_wait(job))


def _wait(job: Job, at_least: float | None = None) -> timedelta:
    """Longer each time; not less than so many seconds."""
    wait: timedelta = min(RETRY_AFTER * 2**job.retries, LONGEST_RETRY)
    return max(wait, timedelta(seconds=at_least or 0))


def _ask_to_sign_in(job: Job) -> str:
    kind = type(job)._meta.verbose_name  # noqa: SLF001 - Django documents it
    return f"AuroraX does not accept the sign-in any more. Sign in again: the {kind} then goes on by itself."


def _pause(job: Job, because: PauseReason, message: str, *, again_in: timedelta | None = None) -> None:
    """Pause, unless somebody has moved the job elsewhere meanwhile."""
    try:
        job.pause(because, message, again_in=again_in)
    except WrongTransition:
        job.refresh_from_db()
