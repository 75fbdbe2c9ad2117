"""What an Administrator's overview shows of everybody: work under way, who has gone silent, and who was here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSourceStats, ListedSource
from apps.deletions.models import RUNNING as DELETING
from apps.deletions.models import Deletion, DeletionState
from apps.permissions import Action, check
from apps.records.types import record_types, type_of
from apps.sources.gaps import LEAST_PATIENCE, LONGEST
from apps.ui.links import Link
from apps.uploads.attention import FRESH
from apps.uploads.models import Upload
from apps.uploads.page import UploadPage
from apps.uploads.states import RUNNING, State

MOST_SHOWN = 50  # pieces of work
MOST_PEOPLE = 10
MOST_NAMED = 5  # silent data sources of one owner
STUCK = (DeletionState.PAUSED, DeletionState.STOPPED)


class Work(NamedTuple):
    """One upload or deletion of somebody's that runs, is paused or failed."""

    name: str
    url: str
    source: Link
    person: str
    state: str
    colour: str
    since: datetime
    is_running: bool


class PersonLately(NamedTuple):
    """Somebody who was here, and when they last asked for something."""

    person: User
    last: datetime


class SilentOwner(NamedTuple):
    """An owner (none for ""), how many data sources they have, and which of them had no record for over a week, the
    most silent last. `days` is for how long the last of them has been so.
    """

    owner: str
    total: int
    silent: list[tuple[ListedSource, int]]

    @property
    def named(self) -> list[tuple[ListedSource, int]]:
        """The first of them."""
        return self.silent[:MOST_NAMED]

    @property
    def more(self) -> int:
        """How many are not named."""
        return len(self.silent) - len(self.named)


@dataclass(frozen=True)
class Everybody:
    """All of it; `sources` is how many AuroraX holds, `silent` what of that is silent, by owner."""

    work: list[Work]
    people: list[PersonLately]
    sources: int
    silent: list[SilentOwner]

    @property
    def running(self) -> int:
        """Pieces of work under way."""
        return sum(each.is_running for each in self.work)

    @property
    def stuck(self) -> int:
        """Those that are paused or failed."""
        return len(self.work) - self.running

    @property
    def silent_sources(self) -> int:
        """Data sources without a record for over a week."""
        return sum(len(each.silent) for each in self.silent)


def everybody(*, by: User, client: AuroraX) -> Everybody:
    """Of all people and data sources. Raises `NotAllowed` for anybody but Administrators."""
    check(by, Action.PEOPLE_SEE)
    sources = client.sources.directory()
    silent = silent_by_owner(sources, client.sources.all_stats(), today=timezone.now().date())
    return Everybody(work_of_all(), lately_active(), len(sources), silent)


def work_of_all() -> list[Work]:
    """Uploads and deletions that run, are paused or failed of late: what does not run first, then the newest."""
    uploads = [_of_upload(each) for each in _uploads()]
    deletions = [_of_deletion(each) for each in _deletions()]
    return sorted([*uploads, *deletions], key=lambda work: (work.is_running, -work.since.timestamp()))


def lately_active() -> list[PersonLately]:
    """Who asked AuroraX for something last, by their sign-ins."""
    people = User.objects.annotate(
        last=Max("credentials__used_at", filter=Q(credentials__is_for_token=False))
    )
    found = people.filter(last__isnull=False).order_by("-last")[:MOST_PEOPLE]
    return [PersonLately(person, person.last) for person in found]


def silent_by_owner(
    sources: Iterable[ListedSource], stats: Mapping[int, DataSourceStats], *, today: date
) -> list[SilentOwner]:
    """By statistics alone, without anybody's habit: that would be a question for each. Who has most comes first."""
    owners: dict[str, list[ListedSource]] = {}
    for source in sources:
        owners.setdefault(source.owner or "", []).append(source)
    found = []
    for owner, theirs in owners.items():
        days = [(source, _days_silent(stats.get(source.identifier), today)) for source in theirs]
        silent = [(source, ago) for source, ago in days if LEAST_PATIENCE < ago <= LONGEST]
        if silent:
            found.append(SilentOwner(owner, len(theirs), sorted(silent, key=lambda pair: pair[1])))
    return sorted(found, key=lambda each: -len(each.silent))


def _days_silent(stats: DataSourceStats | None, today: date) -> int:
    ends = [kind.counts.latest(stats) for kind in record_types()] if stats else []
    return min(((today - end.date()).days for end in ends if end), default=LONGEST + 1)


def _uploads() -> "QuerySet[Upload]":
    moving = Q(state__in=[*RUNNING, State.PAUSED])
    failed = Q(state=State.REJECTED, ended_at__gte=timezone.now() - FRESH)
    return Upload.objects.filter(moving | failed).select_related("owner")[:MOST_SHOWN]


def _deletions() -> "QuerySet[Deletion]":
    return Deletion.objects.filter(state__in=[*DELETING, *STUCK]).select_related("user")[:MOST_SHOWN]


def _of_upload(upload: Upload) -> Work:
    page = UploadPage(upload, may_act=False)
    return Work(
        upload.name,
        reverse("upload-detail", args=[upload.pk]),
        _source(upload.source_name, upload.source_identifier),
        upload.owner.email,
        page.title,
        page.colour,
        upload.created_at,
        upload.is_running,
    )


def _of_deletion(deletion: Deletion) -> Work:
    kind = type_of(deletion.kind)
    return Work(
        f"Deletion of {kind.nouns}",
        kind.url("deletion", deletion.source_identifier, deletion.pk),
        _source(deletion.source_name, deletion.source_identifier),
        deletion.user.email,
        deletion.get_state_display(),
        "blue" if deletion.is_running else "yellow",
        deletion.created_at,
        deletion.is_running,
    )


def _source(name: str, identifier: int) -> Link:
    return Link(name, reverse("source-detail", args=[identifier]))
