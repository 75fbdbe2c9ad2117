"""What can be taken away: the records as they would be sent, and the rows that are not, both in the shape an upload takes."""

from collections.abc import Iterator

import msgspec

from apps.aurorax import DataSource
from apps.readers.headers import REASONS
from apps.records.listing_csv import RecordCsv
from apps.records.types import type_of
from apps.ui.spreadsheets import harmless, lines_as_given
from apps.uploads.models import Upload, UploadMending
from apps.uploads.reader import wrong_rows
from apps.uploads.reader.wrong_rows import WrongRow
from apps.validation.rules import RULES
from apps.validation.values import is_number


def corrected(upload: Upload, source: DataSource) -> Iterator[str]:
    """The valid records as CSV, mended."""
    chunks = upload.chunks.order_by("first", "index").iterator()
    blocks = (msgspec.json.decode(each.as_given()) for each in chunks)
    return RecordCsv(type_of(upload.kind), source).blocks(blocks)


def rejected(mending: UploadMending) -> Iterator[str]:
    """The rows that are not sent, each with its reasons in a column that is left out when the file is uploaded again."""
    header = _columns(mending)
    yield lines_as_given([[*map(harmless, header), REASONS]])
    with mending.wrong_rows.open("rb") as file:
        for row in wrong_rows.read(file):
            if row.cells:
                yield lines_as_given([[*(_cell(row.cells.get(name)) for name in header), _reasons(row)]])


def _cell(text: str | None) -> str:
    """A number stays one, whatever its sign."""
    return text if text is not None and is_number(text) else harmless(text or "")


def _columns(mending: UploadMending) -> list[str]:
    """All that some row has."""
    with mending.wrong_rows.open("rb") as file:
        return [*dict.fromkeys(name for row in wrong_rows.read(file) for name in row.cells)]


def _reasons(row: WrongRow) -> str:
    found = ((each.column, RULES[each.slug].message) for each in row.found)
    return "; ".join(f"{column}: {message}" if column else message for column, message in found)
