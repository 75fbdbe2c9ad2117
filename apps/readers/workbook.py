"""Workbooks: Excel (.xlsx, .xlsb, .xls) and OpenDocument (.ods). One sheet of names and rows."""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook

from apps.readers import cell_problems, hyperlinks, ods_details, rounded_midnights, xls_details, xlsx_details
from apps.readers.archives import BROKEN, DAMAGED, MEGABYTE
from apps.readers.cell_details import Address, CellDetails, differs, letters_of, opened
from apps.readers.errors import UnreadableFile
from apps.readers.header import header_of
from apps.readers.headers import HeaderMapping, HeaderMatcher
from apps.readers.rows import Wrong, batches_of, match_headers
from apps.readers.rust_panics import as_unreadable
from apps.readers.table import Layout, Table
from apps.readers.table_start import above_table, below_titles
from apps.validation.batches import Batch
from apps.validation.columns import METADATA
from apps.validation.findings import Places

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
LARGEST = 400 * MEGABYTE  # bytes unpacked: a sheet is in memory as a whole
LARGEST_OLD = 64 * MEGABYTE  # bytes of an old workbook, which is not packed
UNREADABLE = (
    "The workbook cannot be read: it is damaged, locked, or no workbook at all. Save it anew, or as CSV."
)
TOO_LARGE = "The workbook is too large to be read at once. Save the sheet as CSV and upload that."
ERRORS_ARE_EMPTY = (
    "In workbooks of this format a cell with an error (#N/A, #DIV/0!) cannot be told from an empty one, and a formula that"
    " was never calculated not from 0: if there are any, save the workbook as .xlsx and upload that."
)
FIRST_ROWS = 50
NumberedRow = tuple[int, Sequence[object]]


def check_members(members: Sequence[zipfile.ZipInfo], stream: BinaryIO) -> None:
    """Raise `UnreadableFile` for a packed workbook that would unpack to more than it says, or more than is good."""
    if sum(member.file_size for member in members) > LARGEST:
        raise UnreadableFile(TOO_LARGE)
    try:
        with zipfile.ZipFile(stream) as archive:
            broken = archive.testzip()  # reads every member, and no further than it says it goes
    except BROKEN:
        raise UnreadableFile(DAMAGED) from None
    finally:
        stream.seek(0)
    if broken is not None:
        raise UnreadableFile(DAMAGED)


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Read the header of the sheet; rows follow as they are asked for. Raises `UnreadableFile`."""
    with as_unreadable(UNREADABLE):
        workbook = CalamineWorkbook.from_filelike(stream)
        sheet = _sheet(workbook, layout.dialect.sheet)
        known = _details(stream, sheet.name)
        details = known or CellDetails()
        merged = cell_problems.merged_cells(sheet)
        rows = list(_rows(sheet)) if details.links else _rows(sheet)
        rest = iter(rows)
        above, top = below_titles(rest, text_of, HeaderMatcher(layout.columns, {}))
        line, cells = top[0], [*map(text_of, top[1])]
        first = list(islice(rest, FIRST_ROWS))
        first_cells = [[*map(text_of, cells)] for _, cells in first]
        header = header_of(line, cells, first_cells, layout)
        if header.is_data:
            first.insert(0, top)
            first_cells.insert(0, cells)
        matching = match_headers(header.names, layout, first_cells, sheet=sheet.name)
    below = [(row, [*map(text_of, cells)]) for row, cells in rows] if isinstance(rows, list) else []
    questions = [*header.questions, *hyperlinks.questions(below, details, matching)]
    dialect = layout.dialect.with_(sheet=sheet.name, **header.shown(first_cells))
    remark = " ".join(
        filter(
            None,
            [
                above_table(above, "row"),
                _others(workbook.sheet_names, sheet.name),
                "" if known else ERRORS_ARE_EMPTY,
            ],
        )
    )
    letters = {name: letters_of(place) for place, name in enumerate(matching.names) if name}
    links = hyperlinks.addresses(details, matching, layout.dialect.answers)
    wrong = cell_problems.wrong_rows(
        details, merged, links, matching, after=first[0][0] if first else line + 1
    )
    forms = _forms(layout, matching, rounded_midnights.RoundedMidnights(stream))
    batches = _batches(_with_links(chain(first, rest), links), matching, forms, wrong)
    return Table("Workbook", dialect, matching, batches, remark, questions, Places("row", letters))


def _details(stream: BinaryIO, sheet: str) -> CellDetails | None:
    """What the library does not show; None where the format does not show it."""
    stream.seek(0)
    head = stream.read(len(OLD_EXCEL))
    stream.seek(0)
    if head.startswith(OLD_EXCEL):
        try:
            return xls_details.read_details(stream.read(), sheet)
        except xls_details.Unknown:
            return None
    with opened(stream) as archive:
        names = archive.namelist()
    if any(name.endswith("workbook.bin") for name in names):  # .xlsb
        return None
    if ods_details.CONTENT in names:
        return ods_details.read_details(stream, sheet)
    return xlsx_details.read_details(stream, sheet)


def _with_links(rows: Iterator[NumberedRow], links: Mapping[Address, str]) -> Iterator[NumberedRow]:
    """The rows, with addresses where they are meant."""
    if not links:
        yield from rows
        return
    by_row: dict[int, dict[int, str]] = {}
    for (row, place), address in links.items():
        by_row.setdefault(row, {})[place] = address
    for row, given in rows:
        cells = list(given)
        for place, address in by_row.get(row, {}).items():
            text = text_of(cells[place]) if place < len(cells) else ""
            if text.strip() and differs(text, address):
                cells[place] = address
        yield row, cells


def _sheet(workbook: CalamineWorkbook, chosen: str | None) -> CalamineSheet:
    """The sheet with this name; else the first that holds anything."""
    if chosen is not None:
        if chosen not in workbook.sheet_names:
            names = ", ".join(f"“{name}”" for name in workbook.sheet_names[:10])
            raise UnreadableFile(f"The workbook has no sheet “{chosen}”. It has {names}.")
        return workbook.get_sheet_by_name(chosen)
    sheets = map(workbook.get_sheet_by_name, workbook.sheet_names)
    found = next((sheet for sheet in sheets if sheet.height), None)
    if found is None:
        raise UnreadableFile("The workbook is empty. Choose one with records in it.")
    return found


def _others(names: Sequence[str], read: str) -> str:
    others = [f"“{name}”" for name in names if name != read]
    return f"Sheets that were not read: {', '.join(others[:10])}." if others else ""


def _forms(
    layout: Layout, matching: HeaderMapping, before: rounded_midnights.RoundedMidnights
) -> list[Callable[[object], Any]]:
    """How the cells of each column become text: those of metadata as JSON, which keeps their type. Columns of numbers wait: as
    a rule they are numbers all the way down.
    """
    holds = {column.name: column.holds for column in layout.columns}

    def time_of(cell: object) -> str:
        if type(cell) is datetime and (cell.minute or cell.hour or cell.second):  # nearly always
            return cell.isoformat()
        return text_of(before.corrected(cell))

    def form_of(name: str | None) -> Callable[[object], Any]:
        if name in holds and holds[name] != "text":
            return time_of if holds[name] == "time" else _as_it_is
        return json_of if _is_member(name) else text_of

    return [form_of(name) for name in matching.names]


def _is_member(name: str | None) -> bool:
    return name is not None and name.startswith(f"{METADATA}.")


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[object]]]:
    """Rows with their numbers."""
    above = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > above:  # iter_rows also gives the empty rows above the first that is used
            yield number, cells


def _batches(
    numbered: Iterator[NumberedRow],
    matching: HeaderMapping,
    forms: Sequence[Callable[[object], Any]],
    wrong: Wrong,
) -> Iterator[Batch]:
    """Columns of numbers as numbers, other cells as text, and those of metadata as JSON, which keeps their type."""
    members = frozenset(filter(_is_member, matching.kept))

    def rows() -> Iterator[tuple[int, int, list[Any]]]:
        with as_unreadable(UNREADABLE):
            for line, cells in numbered:
                yield line, line, [form(cell) for form, cell in zip(forms, cells, strict=True)]

    for batch in batches_of(rows(), matching, wrong=wrong, text_of=text_of):
        yield replace(batch, encoded=members)


def _as_it_is(cell: object) -> object:
    return cell


def json_of(cell: object) -> str:
    """A cell as a JSON value: numbers, true and false as such, all others as text. Nothing for an empty one."""
    if isinstance(cell, str):
        return _json_text(cell) if cell else ""
    return text_of(cell) if type(cell) in _ARE_JSON else _json_text(text_of(cell))


def text_of(cell: object) -> str:
    """A cell as CSV would have it. Times, which spreadsheet programs keep as fractions of a day, come to the millisecond."""
    return _TEXTS.get(type(cell), str)(cell)


@lru_cache(maxsize=1024)  # texts in metadata are mostly the same few
def _json_text(text: str) -> str:
    return msgspec.json.encode(text.replace("\0", "")).decode()


def _number(cell: float) -> str:
    return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)


_ARE_JSON = frozenset({float, int, bool})
# By the exact type, because a sheet has very many cells.
_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: lambda cell: cell.replace("\0", ""),
    float: _number,
    bool: lambda cell: str(cell).lower(),
    datetime: datetime.isoformat,
    date: lambda cell: f"{cell.isoformat()}T00:00:00",
}
