"""What a deletion is meant to cover, for its record type."""

from datetime import datetime

from apps.deletions.models import Deletion
from apps.records.deletion_scope import DeletionScope
from apps.records.spans import span_of
from apps.records.types import type_of


def scope_of(deletion: Deletion) -> DeletionScope:
    """Its span, the keys that were chosen, and those on the edge that were ticked."""
    return DeletionScope(
        deletion.start,
        deletion.end,
        frozenset(deletion.chosen_urls),
        frozenset(deletion.edge_urls),
        _reach(deletion),
    )


def _reach(deletion: Deletion) -> tuple[datetime, datetime] | None:
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
