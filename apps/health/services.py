"""Looking at the health of a data source, as people ask for it. A worker does it, in `checking`."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.aurorax import AuroraX, DataSource, errors
from apps.health.models import CheckState, HealthCheck
from apps.jobs.recovery import resume_all, wake
from apps.permissions import Action, check
from apps.records.types import RecordType, record_types
from apps.validation.unusual.remark import and_more

LOOKS = Action.EPHEMERIS_CREATE  # who keeps the records
KEPT = 5  # looks at one data source
NO_RECORDS = "AuroraX holds no records of this data source yet."


class NothingToLookAt(Exception):
    """There are no records."""


class FoundOfType(NamedTuple):
    """What a look has found of one record type: sentences, each with the records it is about, in words."""

    kind: RecordType
    records: int
    remarks: list[tuple[str, str]]
    is_judged: bool  # whether anything is looked for at all


def begin(*, by: User, client: AuroraX, source: DataSource, days: int | None) -> HealthCheck:
    """Look at the last so many days that have records, or at all. `source` is read with its statistics.

    Raises `NotAllowed`, `NothingToLookAt`, and `errors.NotSignedIn` without a live sign-in.
    """
    check(by, LOOKS, source)
    first, last = _span(source, days)
    if not Credential.objects.live().of_browsers().filter(user=by).exists():
        raise errors.NotSignedIn
    old = HealthCheck.objects.filter(api_url=client.base_url, source_identifier=source.identifier)
    running = old.filter(state=CheckState.RUNNING, first=first, last=last, user=by).first()
    if running is not None:
        return running
    old.filter(
        pk__in=[*old.exclude(state=CheckState.RUNNING).values_list("pk", flat=True)[KEPT - 1 :]]
    ).delete()
    found = HealthCheck.objects.create(
        user=by, api_url=client.base_url, source_identifier=source.identifier, first=first, last=last
    )
    wake(found)
    return found


def latest(*, client: AuroraX, source: DataSource) -> HealthCheck | None:
    """The newest look, whoever wanted it."""
    return HealthCheck.objects.filter(api_url=client.base_url, source_identifier=source.identifier).first()


def resume_after_sign_in(person: User) -> None:
    """Let this person's looks go on that wait for a sign-in."""
    resume_all(HealthCheck.objects.filter(user=person).waiting_for_sign_in())


def found_of(health: HealthCheck, source: DataSource) -> Iterator[FoundOfType]:
    """What it has found, type by type; nothing while it looks."""
    for kind in record_types():
        if found := health.found.get(kind.slug):
            remarks = [
                (each["text"], and_more(each["rows"], each["count"], is_sample=each.get("is_sample", False)))
                for each in found["remarks"]
            ]
            watched = kind.batch_validator_class.watched_class
            yield FoundOfType(kind, found["records"], remarks, watched.judges(source.source_type))


def _span(source: DataSource, days: int | None) -> tuple[date, date]:
    stats = source.stats
    spans = [span for kind in record_types() if stats and (span := kind.counts.span(stats))]
    if not spans:
        raise NothingToLookAt
    first = min(span.first for span in spans)
    last = max(span.last for span in spans)
    if days is None:
        return first, last
    today = timezone.now().date()
    until = max(first, min(last, today)) if first <= today else last
    return max(first, until - timedelta(days=days - 1)), until
