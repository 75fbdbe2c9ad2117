"""How much of a data source is answered. Keys a format does not carry are absent, not null (API document)."""

from typing import Any

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


def _schema(fields: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """A metadata schema with the keys of each field in the API's order; what was never given stays absent."""
    if fields is None:
        return None
    return [{key: field[key] for key in SCHEMA_FIELDS if key in field} for field in fields]
