"""Sign-ins that outlive their browser's session: each for one piece of background work alone, and ended with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.accounts.models import Credential, User
from apps.jobs.models import GO_ON_BY_THEMSELVES, PAUSED, Job
from apps.ui.links import Link


@dataclass(frozen=True)
class WorkKind:
    """Background work under a person's sign-in: which is theirs, and how a page names it."""

    model: type[Job]
    of: Callable[[User], QuerySet[Any]]
    link: Callable[[Any], Link]


@dataclass(frozen=True)
class UnfinishedWork:
    """One piece of work that goes on by itself as long as its person is signed in."""

    pk: UUID
    link: Link


_kinds: list[WorkKind] = []


def register(kind: WorkKind) -> None:
    """Have it asked about before somebody signs out; for `AppConfig.ready`."""
    if all(each.model is not kind.model for each in _kinds):
        _kinds.append(kind)


def unfinished_work(person: User) -> list[UnfinishedWork]:
    """What would stop if this person had no sign-in any more."""
    return [UnfinishedWork(job.pk, kind.link(job)) for kind in _kinds for job in _going_on(kind, person)]


def stops_without(credential: Credential) -> list[UnfinishedWork]:
    """What would stop if this sign-in ended: nothing while the person has another."""
    others = Credential.objects.live().of_browsers().filter(user=credential.user).exclude(pk=credential.pk)
    return [] if others.exists() else unfinished_work(credential.user)


def keep(credential: Credential, work: list[UnfinishedWork]) -> None:
    """Keep the secret of a sign-in for each of these, and for nothing else. The sign-in itself is to be ended after that."""
    Credential.objects.bulk_create(
        Credential(
            user=credential.user,
            kind=credential.kind,
            encrypted_secret=credential.encrypted_secret,
            created_at=credential.created_at,
            proved_at=credential.proved_at,
            signed_out=True,
            kept_for=each.pk,
        )
        for each in work
    )


def kept_for(job: Job) -> Iterator[Credential]:
    """The sign-ins to end now: those kept for a job that does not go on by itself any more."""
    if not job.goes_on_by_itself:
        yield from Credential.objects.kept().filter(kept_for=job.pk)


def kept_for_nothing() -> Iterator[Credential]:
    """Of all that are kept: those whose work is over, needs a person, or is gone."""
    for credential in Credential.objects.kept():
        jobs = (kind.model._default_manager.filter(pk=credential.kept_for).first() for kind in _kinds)  # noqa: SLF001 - Django documents it
        if not any(job is not None and job.goes_on_by_itself for job in jobs):
            yield credential


def kept_of(person: User) -> list[tuple[Credential, Link | None]]:
    """The sign-ins kept for this person's work, with what that is."""
    links = {each.pk: each.link for each in unfinished_work(person)}
    return [
        (each, links.get(each.kept_for) if each.kept_for else None)
        for each in Credential.objects.kept().filter(user=person)
    ]


def _going_on(kind: WorkKind, person: User) -> QuerySet[Any]:
    waiting = Q(state=PAUSED, pause_reason__in=GO_ON_BY_THEMSELVES)
    return kind.of(person).filter(Q(state__in=kind.model.running) | waiting)
