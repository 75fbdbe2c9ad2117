"""How much of a data source is answered. Keys a format does not carry are absent, not null (API document)."""

from functools import lru_cache
from typing import Any

import msgspec
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from apps.sandbox.models import DataSource

BASIC_INFO = ("identifier", "program", "platform", "instrument_type", "source_type", "display_name")
WITH_METADATA = (*BASIC_INFO, "metadata")
FULL_RECORD = (
    *WITH_METADATA,
    "owner",
    "maintainers",
    "ephemeris_metadata_schema",
    "data_product_metadata_schema",
)
SCHEMAS = ("ephemeris_metadata_schema", "data_product_metadata_schema")
FIELDS = {
    "identifier_only": ("identifier",),
    "basic_info": BASIC_INFO,
    "with_metadata": WITH_METADATA,
    "full_record": FULL_RECORD,
}
AS_JSON = ("metadata", "maintainers", *SCHEMAS)
SCHEMA_FIELDS = (
    "field_name",
    "description",
    "data_type",
    "allowed_values",
    "additional_description",
    "searchable",
)


def source_document(source: DataSource, source_format: str) -> dict[str, Any]:
    """The source in one of the four formats, keys in the API's order."""
    return {
        field: _schema(getattr(source, field)) if field in SCHEMAS else getattr(source, field)
        for field in FIELDS[source_format]
    }


def source_documents(sources: "QuerySet[DataSource]", source_format: str) -> list[dict[str, Any]]:
    """The same of many, without making objects of what the database has as JSON already."""
    fields = FIELDS[source_format]
    texts = {f"{field}_json": Cast(field, TextField()) for field in fields if field in AS_JSON}
    columns = [f"{field}_json" if field in AS_JSON else field for field in fields]
    writers = [_WRITERS.get(field) for field in fields]
    return [
        {
            field: value if writer is None or value is None else writer(value)
            for field, writer, value in zip(fields, writers, row, strict=True)
        }
        for row in sources.annotate(**texts).values_list(*columns)
    ]


@lru_cache(maxsize=10_000)
def _schema_json(text: str) -> msgspec.Raw:
    """Many sources have the same schema."""
    return msgspec.Raw(msgspec.json.encode(_schema(msgspec.json.decode(text))))


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.format(text.encode(), indent=-1))


_WRITERS = {"metadata": _raw, "maintainers": _raw} | dict.fromkeys(SCHEMAS, _schema_json)


def _schema(fields: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """A metadata schema with the keys of each field in the API's order; what was never given stays absent."""
    if fields is None:
        return None
    return [{key: field[key] for key in SCHEMA_FIELDS if key in field} for field in fields]
