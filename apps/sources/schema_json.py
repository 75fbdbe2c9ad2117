"""Metadata schemas as JSON, in the API's shape (API document: MetadataSchema)."""

from typing import Any

from django.core.exceptions import ValidationError

from apps.ui.strict_json import strict_json

KEYS = (
    "field_name",
    "description",
    "data_type",
    "allowed_values",
    "additional_description",
    "searchable",
)
LARGEST_SCHEMA = 1024 * 1024  # bytes
EXAMPLE = '[{"field_name": "state", "description": "orbit", "data_type": "string", "allowed_values": []}]'


def read_schema(raw: bytes) -> list[dict[str, Any]]:
    """The rows of a schema, ready for the editor.

    Raises ValidationError with a message that names the first row that is wrong, and what to do about it.
    """
    if len(raw) > LARGEST_SCHEMA:
        raise ValidationError("This is larger than 1 MB, which no schema is. Choose another file.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError("This is not a text file in UTF-8. Save it as JSON in UTF-8.") from error
    if not text.strip():
        raise ValidationError("There is nothing to read. Paste the JSON of a schema, or choose a file.")
    rows = strict_json(text)
    if not isinstance(rows, list):
        raise ValidationError(f"A schema is a JSON list of objects, such as {EXAMPLE}.")
    return [_row(number, row) for number, row in enumerate(rows, start=1)]


def _row(number: int, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ValidationError(
            f"Row {number} is not an object. Each row is an object such as {EXAMPLE[1:-1]}."
        )
    unknown = [key for key in row if key not in KEYS]
    if unknown:
        raise ValidationError(
            f"Row {number} has {unknown[0]}, which AuroraX does not know. Use: {', '.join(KEYS)}."
        )
    for key in ("field_name", "description", "data_type", "additional_description"):
        if not isinstance(row.get(key), str | None):
            raise ValidationError(f"Row {number}: {key} must be a text in quotes.")
    if not row.get("field_name"):
        raise ValidationError(f"Row {number} has no field_name. Give it one.")
    if not isinstance(row.get("searchable"), bool | None):
        raise ValidationError(f"Row {number}: searchable must be true, false or null.")
    return {**row, "data_type": row.get("data_type") or "string", "allowed_values": _allowed(number, row)}


def _allowed(number: int, row: dict[str, Any]) -> list[str]:
    """Allowed values are always texts in AuroraX; numbers and truth values become what JSON writes for them."""
    values = row.get("allowed_values") or []
    if not isinstance(values, list) or any(
        isinstance(value, dict | list) or value is None for value in values
    ):
        raise ValidationError(
            f'Row {number}: allowed_values must be a list of texts, such as ["day", "night"].'
        )
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
