"""Tables for spreadsheet programs, safe to open."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

# A cell that begins with one of these is run as a formula by spreadsheet programs (OWASP, "CSV Injection"); the wide ones
# by those that are set to Chinese, Japanese or Korean.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


def csv_response(
    file_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A CSV download, sent row by row: UTF-8, comma, one header line."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, each with its line end."""
    yield lines_as_given([header])
    for row in rows:
        yield lines_as_given([[harmless(cell) for cell in row]])


def lines_as_given(rows: Iterable[Sequence[Any]]) -> str:
    """The lines of cells that are known to be harmless."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def harmless(cell: Any) -> Any:
    """A text that would be run as a formula gets an apostrophe in front; numbers and all other texts stay.

    That cannot be taken off again without doubt: where a file is to be read by the portal, `uploads.record_csv` writes it.
    """
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would run a cell with this text; some leave out blanks in front."""
    return text.startswith(FORMULA_STARTS) or (
        text[:1].isspace() and text.lstrip().startswith(FORMULA_STARTS)
    )
