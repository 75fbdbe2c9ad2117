"""What a deletion that waits for its yes does, as code."""

from apps.aurorax import AuroraX, DataSource, errors
from apps.deletions.models import Deletion, DeletionState
from apps.deletions.scope import scope_of
from apps.records.code import snippet_records
from apps.records.types import type_of
from apps.snippets import Code
from apps.snippets.records import MOST_INLINE, deleted_keys, deleted_span

MANY = "These are too many records with some on the edge for a script to name: delete them here."


def code_of(deletion: Deletion, source: DataSource, client: AuroraX) -> Code | None:
    """For one that can be confirmed now; None for any other, and where AuroraX does not answer."""
    kind = type_of(deletion.kind)
    records = snippet_records(kind, source.identifier, source.key)
    if records is None or deletion.state != DeletionState.READY or not deletion.count:
        return None
    span = (deletion.start, deletion.end)
    if not kind.deletes_by_key:
        return deleted_span(records, span)
    reach = scope_of(deletion).reach or span
    if deletion.count > MOST_INLINE and not deletion.chosen_urls:
        return Code("", note=MANY) if deletion.edge_urls else deleted_keys(records, None, reach)
    try:
        return deleted_keys(records, _keys(deletion, source, client), reach)
    except errors.AuroraXError:
        return None


def _keys(deletion: Deletion, source: DataSource, client: AuroraX) -> list[str]:
    """Those that were chosen, or all that it means. Raises `errors.AuroraXError`."""
    if deletion.chosen_urls:
        return [str(key) for key in deletion.chosen_urls]
    kind, scope = type_of(deletion.kind), scope_of(deletion)
    spans = kind.spans_meant(client, source, scope)
    found = (row for first, last in spans for row in kind.search(client, source, first, last))
    return [kind.key(row) for row in found if kind.is_meant(row, scope)]
