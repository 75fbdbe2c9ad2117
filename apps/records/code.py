"""The records of one type in one data source, as `apps.snippets` writes of them."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from apps.aurorax import DataSource
from apps.records.types import RecordType
from apps.snippets import Code
from apps.snippets.records import Records, exported


def snippet_records(
    kind: RecordType, identifier: int, names: Mapping[str, str], base_url: str = ""
) -> Records | None:
    """None for a type that PyAuroraX does not know."""
    if not kind.api_name:
        return None
    return Records(
        base_url=base_url or settings.AURORAX_API_URL,
        api_name=kind.api_name,
        key=kind.key_name.lower(),
        key_is_time=kind.key_is_time,
        identifier=identifier,
        source=names,
    )


def export_code(kind: RecordType, source: DataSource, span: tuple[datetime, datetime]) -> Code | None:
    """What the export of a span does."""
    records = snippet_records(kind, source.identifier, source.key)
    return exported(records, span) if records else None
