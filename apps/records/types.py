"""The record types there are: their apps register one each, and nothing else knows how many."""

from typing import Any, TypeAlias

from apps.accounts import source_tabs
from apps.records.record_type import RecordRow, RecordTypeOf

__all__ = ["RecordRow", "RecordType", "record_types", "register", "type_of"]

RecordType: TypeAlias = RecordTypeOf[Any]
_types: dict[str, RecordType] = {}


def register(record_type: RecordType) -> None:
    """Make a record type known to all pages; called by its app when Django starts."""
    _types[record_type.slug] = record_type
    actions = record_type.actions
    pages = source_tabs.RecordPages(record_type.label, record_type.slug, actions.create, actions.delete)
    source_tabs.register(pages)


def record_types() -> list[RecordType]:
    """All that there are, in the order in which pages show them."""
    return [*_types.values()]


def type_of(slug: str) -> RecordType:
    """The record type with this slug. Raises KeyError for one nobody registered."""
    return _types[slug]
