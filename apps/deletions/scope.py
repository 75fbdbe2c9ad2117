"""What a deletion is meant to cover, for its record type."""

from datetime import UTC, date, datetime, time

from apps.aurorax import times
from apps.aurorax.times import TimeSpan
from apps.deletions.models import Deletion
from apps.records.deletion_scope import DeletionScope
from apps.records.spans import span_of
from apps.records.types import type_of
from apps.uploads.spans import merged


def scope_of(deletion: Deletion) -> DeletionScope:
    """Its span, the keys that were chosen, and those on the edge that were ticked."""
    return DeletionScope(
        deletion.start,
        deletion.end,
        frozenset(deletion.chosen_urls),
        frozenset(deletion.edge_urls),
        _reach(deletion),
        _days(deletion),
    )


def _reach(deletion: Deletion) -> TimeSpan | None:
    """Once it has been looked at, how far the chosen ones reach is known."""
    if deletion.edge_urls and not deletion.survey:
        return None
    kind = type_of(deletion.kind)
    edges = [kind.row_of(edge) for edge in deletion.survey.get("edges", [])]
    chosen = [edge for edge in edges if kind.key(edge) in deletion.edge_urls]
    if not chosen:
        return deletion.start, deletion.end
    first, last = span_of(kind, chosen)
    return min(deletion.start, first), max(deletion.end, last)


def _days(deletion: Deletion) -> list[TimeSpan]:
    """Where records begin that were found, within the span."""
    days = map(date.fromisoformat, deletion.survey.get("days", {}))
    spans = (
        (max(_begin(day), deletion.start), min(_begin(day) + times.DAY - times.SECOND, deletion.end))
        for day in days
    )
    return merged(spans)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
