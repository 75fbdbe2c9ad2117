"""CSV: comma, semicolon or tab, names in the first line."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from apps.uploads import rules
from apps.uploads.columns import IGNORE, Meanings, NotReadable, require
from apps.uploads.readers.table import Layout, Table
from apps.uploads.readers.text import not_utf8, open_text

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
LONGEST_CELL = 1_000_000  # characters; a longer one is an unclosed quote
csv.field_size_limit(LONGEST_CELL)

UNCLOSED = (
    "A quotation mark is opened there and never closed. Close it, or double the marks inside a quoted text."
)


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Read the header; rows follow as they are asked for. Raises `NotReadable`."""
    text = open_text(stream)
    try:
        delimiter = _delimiter(text.readline(LONGEST_CELL))
    except UnicodeDecodeError:
        raise not_utf8(stream) from None
    text.seek(0)
    records = _Records(stream, csv.reader(text, delimiter=delimiter, strict=True))
    headers = [header.strip() for header in _header(records)]
    meanings = Meanings(layout.columns, layout.mapping)
    matching = meanings.match(headers)
    require(matching, meanings.required)
    dialect = f"separated by {DELIMITERS[delimiter]}"
    return Table("CSV", dialect, matching, _rows(records, matching.names, layout))


def _delimiter(first_line: str) -> str:
    """The separator there is most of in the header; a comma when there is none."""
    return max(DELIMITERS, key=first_line.count)


class _Records:
    """The csv module's records with the lines each begins and ends on, and its errors in words."""

    def __init__(self, stream: BinaryIO, reader: Any) -> None:
        self._stream = stream
        self._reader = reader

    def __iter__(self) -> Iterator[tuple[int, int, list[str]]]:
        reader = self._reader
        line = reader.line_num
        try:
            for cells in reader:
                end = reader.line_num
                yield line + 1, end, cells
                line = end
        except UnicodeDecodeError:
            raise not_utf8(self._stream) from None
        except csv.Error as error:
            raise NotReadable(_in_words(error, line + 1)) from None


def _in_words(error: csv.Error, line: int) -> str:
    told = str(error)
    if "unexpected end" in told or "field larger" in told:
        return f"The row that begins on line {line} never ends. {UNCLOSED}"
    if "expected after" in told:
        return f"Line {line}: text follows a closing quotation mark. Double the marks inside a quoted text."
    return f"Line {line} cannot be read as CSV ({told})."


def _header(records: _Records) -> Sequence[str]:
    """The first record that is not blank. Raises `NotReadable` when it holds values instead of names."""
    for line, _, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if all(_is_value(cell) for cell in cells):
            raise NotReadable(f"Line {line} holds values. Put the names of the columns in the first line.")
        unnamed = [place for place, cell in enumerate(cells, start=1) if not cell.strip()]
        if unnamed:
            raise NotReadable(
                f"Column {unnamed[0]} has no name in line {line}. Name it, or remove the column."
            )
        return cells
    raise NotReadable("The file is empty. Choose a file with records in it.")


def _is_value(cell: str) -> bool:
    return not cell.strip() or cell.strip()[0] in "0123456789+-."


def _rows(
    records: _Records, names: Sequence[str | None], layout: Layout
) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Rows as {column: cell}; blank lines are left out, cells too many or too few are told of, never shifted."""
    width = len(names)
    kept = [name for name in names if name not in (None, IGNORE)]
    take_all = len(kept) == width
    for line, end, cells in records:
        if len(cells) != width:
            if not any(cells):
                continue
            if len(cells) < width or any(cells[width:]):
                layout.findings.add(rules.RAGGED, line, "", f"{len(cells)} cells, the header has {width}")
                yield line, None
                continue
            del cells[width:]
        if end > line:
            layout.findings.add(rules.MULTI_LINE, line, "", f"lines {line} to {end}")
        if take_all:
            yield line, dict(zip(names, cells, strict=False))  # type: ignore[arg-type]
        elif any(cells):
            yield line, {name: cell for name, cell in zip(names, cells, strict=True) if name}
