"""Noting that a data source is in repair, so that nobody is told that it is quiet."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from apps.accounts.models import User
from apps.activity.recording import AuditEntry, record
from apps.aurorax import DataSource
from apps.permissions import Action, check
from apps.sources.models import RepairNote

LONGEST = 366  # days ahead
KEEPS = Action.EPHEMERIS_CREATE  # who keeps its records knows whether it works


def note_of(identifier: int) -> RepairNote | None:
    """The note on one data source, while it counts."""
    return RepairNote.objects.filter(pk=identifier, until__gte=timezone.now().date()).first()


def in_repair(identifiers: Iterable[int], *, today: date) -> set[int]:
    """Those of these data sources that are in repair on this day."""
    wanted = set(identifiers)
    noted = RepairNote.objects.filter(until__gte=today).values_list("pk", flat=True)
    return wanted & set(noted)


def note(*, by: User, source: DataSource, until: date, reason: str = "") -> None:
    """In repair until the end of this day. Raises `NotAllowed` for who does not keep its records."""
    check(by, KEEPS, source)
    fields = {"until": until, "reason": reason, "actor": by.email, "made_at": timezone.now()}
    RepairNote.objects.update_or_create(source_identifier=source.identifier, defaults=fields)
    _record(by, source, f"Noted that it is in repair until {until}", {"until": str(until), "reason": reason})


def clear(*, by: User, source: DataSource) -> None:
    """It works again."""
    check(by, KEEPS, source)
    if RepairNote.objects.filter(pk=source.identifier).delete()[0]:
        _record(by, source, "Noted that it is in repair no more", None)


def _record(by: User, source: DataSource, summary: str, after: dict[str, str] | None) -> None:
    record(by=by, action=KEEPS, entry=AuditEntry(summary=summary, source=source, after=after))
