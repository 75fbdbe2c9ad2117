"""Data sources as files."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from apps.aurorax import DataSource
from apps.ui.spreadsheets import csv_response

COLUMNS = (
    "identifier",
    "program",
    "platform",
    "instrument_type",
    "source_type",
    "display_name",
    "metadata",
    "owner",
    "maintainers",
    "ephemeris_metadata_schema",
    "data_product_metadata_schema",
)


def as_csv(sources: Iterable[DataSource]) -> StreamingHttpResponse:
    """One line each; what is not a text or a number is written as JSON."""
    return csv_response("data-sources.csv", COLUMNS, map(_row, sources))


def as_json(sources: Iterable[DataSource]) -> HttpResponse:
    """The API's own objects, in a list."""
    return json_download("data-sources.json", [source.to_api() for source in sources])


def json_download(file_name: str, value: Any) -> HttpResponse:
    """Any JSON value as a file."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _row(source: DataSource) -> list[Any]:
    record = source.to_api()
    return [_cell(record[name]) for name in COLUMNS]


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
