"""CSV: names in the first line, cells separated by commas, semicolons, tabs or vertical bars, and what `text_tables` makes CSV.

Two ways through the file give the same rows. Blocks in which nothing is unusual are read as columns by polars; anything
it might see in another way than the csv module (cells too many or too few, quotes in odd places, cells of several lines)
goes through the csv module, line by line.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

import polars as pl
from polars.exceptions import PolarsError

from apps.readers.csv_text import count_byte, count_separators, last_row_end
from apps.readers.errors import UnreadableFile
from apps.readers.header import header_of, with_row_names
from apps.readers.headers import HeaderMapping
from apps.readers.rows import batches_of, match_headers
from apps.readers.table import Layout, Table
from apps.readers.table_lines import LONGEST_LINE
from apps.readers.text_tables import TextTable
from apps.validation.batches import Batch
from apps.validation.batches.masks import null_is_false

READ_BYTES = 1536 * 1024  # bytes
LONGEST_CELL = 1_000_000  # characters; a longer one is an unclosed quote
FIRST_ROWS = 50  # looked at before the rest
csv.field_size_limit(LONGEST_CELL)

UNCLOSED = (
    "A quotation mark is opened there and never closed. Close it, or double the marks inside a quoted text."
)
_decimal_comma = re.compile(r"[+-]?\d{1,3},\d+", re.ASCII).fullmatch


def open_table(found: TextTable, layout: Layout) -> Table:
    """Read the header; rows follow as they are asked for. Raises `UnreadableFile`. The text is UTF-8 (`encodings.as_utf8`)."""
    rows = CsvRows(found.stream, found.delimiter, found.lines)
    place, line, cells = _header(rows) if found.names is None else (rows.place, found.lines, [*found.names])
    first_rows = _peek(rows)
    header = header_of(line, with_row_names(cells, first_rows), first_rows, layout)
    if header.is_data:
        rows.go_back_to(place)
        first_rows.insert(0, cells)
    layout.value_formats.decimal_comma = found.delimiter != "," and layout.dialect.decimal_comma is not False
    matching = match_headers(header.names, layout, first_rows, delimiter=found.written)
    decimal_comma = _has_decimal_comma(layout, matching.names, first_rows) and found.delimiter != ","
    layout.value_formats.decimal_comma = decimal_comma
    layout.value_formats.has_types = False
    dialect = layout.dialect.with_(
        delimiter=found.written,
        decimal_comma=decimal_comma,
        proposed={**found.proposed},
        **header.shown(first_rows),
    )
    batches = _Batches(rows, matching).batches()
    return Table("CSV", dialect, matching, batches, found.remark, header.questions)


def _header(rows: "CsvRows") -> tuple[tuple[int, int], int, list[str]]:
    """The first row that is not blank: where it begins, its line and its cells."""
    place = rows.place
    for line, _, cells in rows.read():
        if any(cell.strip() for cell in cells):
            return place, line, cells
        place = rows.place
    raise UnreadableFile("The file is empty. Choose a file with records in it.")


def _peek(rows: "CsvRows") -> list[list[str]]:
    """The first rows, which are read again afterwards. Where they cannot be read, that is reported in its time."""
    place = rows.place
    found: list[list[str]] = []
    with suppress(UnreadableFile):
        found.extend(cells for _, _, cells in islice(rows.read(), FIRST_ROWS))
    rows.go_back_to(place)
    return found


def _has_decimal_comma(layout: Layout, names: Sequence[str | None], first_rows: list[list[str]]) -> bool:
    """As chosen; else by the first value with a comma or a point under a column of numbers."""
    if layout.dialect.decimal_comma is not None:
        return layout.dialect.decimal_comma
    numeric = {column.name for column in layout.columns if column.holds == "number"}
    places = [place for place, name in enumerate(names) if name in numeric]
    cells = (row[place].strip() for row in first_rows for place in places if place < len(row))
    decisive = next((cell for cell in cells if "," in cell or "." in cell), "")
    return bool(_decimal_comma(decisive)) if decisive else _counts_with_commas(layout, names, first_rows)


def _counts_with_commas(layout: Layout, names: Sequence[str | None], first_rows: list[list[str]]) -> bool:
    """Whether a column that nobody knows, or one of times, holds nothing but numbers with commas: 58849,0007."""
    times = {column.name for column in layout.columns if column.holds == "time"}
    places = [place for place, name in enumerate(names) if name is None or name in times]
    columns = ([row[place].strip() for row in first_rows if place < len(row)] for place in places)
    return any(cells and all(map(_decimal_comma, cells)) for cells in columns)


class CsvRows:
    """The csv module's rows, each with the lines it begins and ends on. Stands at the end of a row whenever it rests."""

    def __init__(self, stream: BinaryIO, delimiter: str, line: int) -> None:
        self.stream, self.delimiter = stream, delimiter
        self.line = line  # lines behind us

    @property
    def place(self) -> tuple[int, int]:
        """Where the next row begins, for `go_back_to`."""
        return self.stream.tell(), self.line

    def go_back_to(self, place: tuple[int, int]) -> None:
        offset, self.line = place
        self.stream.seek(offset)

    def read(self) -> Iterator[tuple[int, int, list[str]]]:
        """Rows from here on: first line, last line, cells. Raises `UnreadableFile`."""
        begins = self.line + 1
        try:
            for cells in csv.reader(self._lines(), delimiter=self.delimiter, strict=True):
                yield begins, self.line, cells
                begins = self.line + 1
        except csv.Error as error:
            raise UnreadableFile(_in_words(error, begins)) from None

    def _lines(self) -> Iterator[str]:
        """One line at a time, and no further than the csv module asks: so the stream never stands inside a row."""
        while line := self.stream.readline(LONGEST_LINE):
            self.line += 1
            if len(line) == LONGEST_LINE:
                raise UnreadableFile(f"Line {self.line:,} is longer than any row can be. {UNCLOSED}")
            yield line.decode()


def _in_words(error: csv.Error, line: int) -> str:
    message = str(error)
    if "unexpected end" in message or "field larger" in message:
        return f"The row that begins on line {line} never ends. {UNCLOSED}"
    if "expected after" in message:
        return f"Line {line}: text follows a closing quotation mark. Double the marks inside a quoted text."
    return f"Line {line} cannot be read as CSV ({message})."


class _Batches:
    """The rows below the header, as batches."""

    def __init__(self, rows: CsvRows, matching: HeaderMapping) -> None:
        self._rows, self._matching = rows, matching
        self._width = len(matching.headers)
        names = {place: name for place, name in enumerate(matching.names) if name}
        self._kept = [pl.col(f"{place}").alias(name) for place, name in names.items()]
        self._schema = {f"{place}": pl.String for place in range(self._width)}

    def batches(self) -> Iterator[Batch]:
        """All of them. Raises `UnreadableFile` where the file cannot be read on."""
        stream = self._rows.stream
        while text := self._peek():
            end = len(text) if len(text) < READ_BYTES else last_row_end(text)
            columns = self._columns(text[:end]) if end else None
            if columns is None:
                yield from self._slowly(until=stream.tell() + max(end, 1))
            else:
                stream.seek(end, 1)
                yield self._batch(columns)

    def _peek(self) -> bytes:
        """The next bytes; the stream stays before them."""
        stream = self._rows.stream
        start = stream.tell()
        text = stream.read(READ_BYTES)
        stream.seek(start)
        return text

    def _columns(self, text: bytes) -> pl.DataFrame | None:
        """The cells as columns, where no row is other than the csv module would see it; None where that is not sure.

        With three headers: "1,2,3" and "4,,6"  -> 0: ["1", "4"], 1: ["2", null], 2: ["3", "6"]
        "1,2,3" and "4,5", or "4,5,6,7"         -> None: as many separators as cells have to be between them
        'a"b,2,3', or a cell of several lines   -> None
        """
        separators = count_separators(text, self._rows.delimiter)
        lines = count_byte(text, b"\n") + (not text.endswith(b"\n"))
        if separators != lines * (self._width - 1):
            return None
        try:
            columns = pl.read_csv(
                text,
                has_header=False,
                infer_schema=False,
                schema=self._schema,
                null_values=[""],  # in quotes too
                separator=self._rows.delimiter,
            )
        except PolarsError:
            return None
        return columns if columns.height == lines else None

    def _batch(self, columns: pl.DataFrame) -> Batch:
        first = self._rows.line + 1
        self._rows.line += columns.height
        lines = pl.int_range(first, first + columns.height, dtype=pl.UInt32, eager=True)
        blank = _blank(columns)
        if blank.any():  # as spreadsheet programs leave them behind
            lines, columns = lines.filter(~blank), columns.filter(~blank)
        return Batch(lines, columns.select(self._kept))

    def _slowly(self, until: int) -> Iterator[Batch]:
        """Row by row, at least up to this place in the file."""
        yield from batches_of(self._one_by_one(until), self._matching)

    def _one_by_one(self, until: int) -> Iterator[tuple[int, int, list[str]]]:
        for row in self._rows.read():
            yield row
            if self._rows.stream.tell() >= until:
                return


def _blank(columns: pl.DataFrame) -> pl.Series:
    """Which rows have nothing in any cell. Where the first column is full, as it nearly always is, there is none."""
    empty = ~null_is_false(columns.to_series() != "")
    if empty.any():
        return columns.select(pl.all_horizontal((pl.all() == "").fill_null(value=True))).to_series()
    return empty
