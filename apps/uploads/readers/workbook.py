"""Workbooks: Excel (.xlsx, .xlsb, .xls) and OpenDocument (.ods). One sheet of names and rows."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import BinaryIO

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook

from apps.uploads import rules
from apps.uploads.blocks import Block
from apps.uploads.columns import METADATA, Matching, NotReadable
from apps.uploads.findings import Places
from apps.uploads.readers import behind_ods, behind_xlsx, grid, linked
from apps.uploads.readers.behind import Address, Behind, differs, letters_of, opened
from apps.uploads.readers.header import header_of
from apps.uploads.readers.header import samples as header_samples
from apps.uploads.readers.packing import BROKEN, DAMAGED, MEGABYTE
from apps.uploads.readers.panics import as_sentence
from apps.uploads.readers.table import Layout, Table
from apps.uploads.rules import Rule

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
LARGEST = 400 * MEGABYTE  # bytes unpacked: a sheet is in memory as a whole
LARGEST_OLD = 64 * MEGABYTE  # bytes of an old workbook, which is not packed
UNREADABLE = (
    "The workbook cannot be read: it is damaged, locked, or no workbook at all. Save it anew, or as CSV."
)
TOO_LARGE = "The workbook is too large to be read at once. Save the sheet as CSV and upload that."
ERRORS_ARE_EMPTY = (
    "In workbooks of this format a cell with an error (#N/A, #DIV/0!) cannot be told from an empty one: if there are any,"
    " save it as .xlsx and upload that."
)
FIRST_ROWS = 50
NumberedRow = tuple[int, Sequence[object]]
HALF_A_SECOND = timedelta(seconds=0.5)


class _Texts(list[str]):
    """A row with every cell as text; `cells` as the workbook has them."""

    def __init__(self, cells: Sequence[object]) -> None:
        super().__init__(map(text_of, cells))
        self.cells = cells


def check_members(members: Sequence[zipfile.ZipInfo], stream: BinaryIO) -> None:
    """Raise `NotReadable` for a packed workbook that would unpack to more than it says, or more than is good."""
    if sum(member.file_size for member in members) > LARGEST:
        raise NotReadable(TOO_LARGE)
    try:
        with zipfile.ZipFile(stream) as archive:
            broken = archive.testzip()  # reads every member, and no further than it says it goes
    except BROKEN:
        raise NotReadable(DAMAGED) from None
    finally:
        stream.seek(0)
    if broken is not None:
        raise NotReadable(DAMAGED)


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Read the header of the sheet; rows follow as they are asked for. Raises `NotReadable`."""
    with as_sentence(UNREADABLE):
        workbook = CalamineWorkbook.from_filelike(stream)
        sheet = _sheet(workbook, layout.dialect.sheet)
        behind = _behind(stream, sheet.name)
        rows = list(_rows(sheet)) if behind.links else _rows(sheet)
        rest = iter(rows)
        line, cells = _header(rest)
        first = list(islice(rest, FIRST_ROWS))
        first_cells = [cells for _, cells in first]
        header = header_of(line, cells, first_cells, layout)
        if header.is_data:
            first.insert(0, (line, cells))
            first_cells.insert(0, cells)
        matching = grid.match(header.names, layout, first_cells)
    below = [row for row in rows if row[0] >= first[0][0]] if first and isinstance(rows, list) else []
    questions = [*header.questions, *linked.questions(below, behind, matching)]
    samples = header_samples(header.names, first_cells) if header.is_data else {}
    dialect = layout.dialect.with_(sheet=sheet.name, samples=samples)
    remark = " ".join(filter(None, [_others(workbook.sheet_names, sheet.name), _cannot_tell(stream)]))
    letters = {name: letters_of(place) for place, name in enumerate(matching.names) if name}
    links = linked.addresses(behind, matching, layout.dialect.answers)
    wrong = _wrong(behind, links, matching, after=first[0][0] if first else line + 1)
    blocks = _blocks(_with_links(chain(first, rest), links), matching, wrong)
    return Table("Workbook", dialect, matching, blocks, remark, questions, Places("row", letters))


def _behind(stream: BinaryIO, sheet: str) -> Behind:
    """What the library does not show, as far as the format lets it be told."""
    head = stream.read(len(OLD_EXCEL))
    stream.seek(0)
    if head.startswith(OLD_EXCEL):
        return Behind()
    found = behind_xlsx.behind(stream, sheet)
    if not (found.errors or found.formulas or found.links):
        found = behind_ods.behind(stream, sheet)
    return found


def _cannot_tell(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(len(OLD_EXCEL))
    stream.seek(0)
    return ERRORS_ARE_EMPTY if head.startswith(OLD_EXCEL) or _is_binary(stream) else ""


def _is_binary(stream: BinaryIO) -> bool:
    """Whether it is an .xlsb file."""
    with opened(stream) as archive:
        return any(name.endswith("workbook.bin") for name in archive.namelist())


def _wrong(
    behind: Behind, links: Mapping[Address, str], matching: Matching, after: int
) -> dict[int, list[tuple[Rule, str, str]]]:
    """The rows with cells that have no value, in columns that are read: rules, columns and what stands there."""
    found: dict[int, list[tuple[Rule, str, str]]] = {}
    unknown = {place: address for place, address in links.items() if address.startswith("=")}
    for rule, cells in (
        (rules.CELL_ERROR, behind.errors),
        (rules.NOT_CALCULATED, behind.formulas),
        (rules.NOT_CALCULATED, unknown),
    ):
        for (row, place), text in cells.items():
            name = matching.names[place] if place < len(matching.names) else None
            if name and row >= after:
                found.setdefault(row, []).append((rule, name, text))
    return found


def _with_links(
    rows: Iterator[tuple[int, _Texts]], links: Mapping[Address, str]
) -> Iterator[tuple[int, _Texts]]:
    """The rows, with addresses where they are meant."""
    if not links:
        yield from rows
        return
    by_row: dict[int, dict[int, str]] = {}
    for (row, place), address in links.items():
        by_row.setdefault(row, {})[place] = address
    for row, cells in rows:
        for place, address in by_row.get(row, {}).items():
            if place < len(cells) and cells[place].strip() and differs(cells[place], address):
                cells[place] = address
        yield row, cells


def _sheet(workbook: CalamineWorkbook, chosen: str | None) -> CalamineSheet:
    """The sheet with this name; else the first that holds anything."""
    if chosen is not None:
        if chosen not in workbook.sheet_names:
            names = ", ".join(f"“{name}”" for name in workbook.sheet_names[:10])
            raise NotReadable(f"The workbook has no sheet “{chosen}”. It has {names}.")
        return workbook.get_sheet_by_name(chosen)
    sheets = map(workbook.get_sheet_by_name, workbook.sheet_names)
    found = next((sheet for sheet in sheets if sheet.height), None)
    if found is None:
        raise NotReadable("The workbook is empty. Choose one with records in it.")
    return found


def _others(names: Sequence[str], read: str) -> str:
    others = [f"“{name}”" for name in names if name != read]
    return f"Sheets that were not read: {', '.join(others[:10])}." if others else ""


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, _Texts]]:
    """Rows with their numbers."""
    above = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > above:  # iter_rows also gives the empty rows above the first that is used
            yield number, _Texts(cells)


def _header(rows: Iterator[tuple[int, _Texts]]) -> tuple[int, _Texts]:
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            return line, cells
    raise NotReadable("The sheet is empty. Choose one with records in it.")


def _blocks(numbered: Iterator[tuple[int, _Texts]], matching: Matching, wrong: grid.Wrong) -> Iterator[Block]:
    """Every cell as text, and those of metadata as JSON, which keeps their type."""
    members = {
        place: name for place, name in enumerate(matching.names) if name and name.startswith(f"{METADATA}.")
    }

    def rows() -> Iterator[tuple[int, int, list[str]]]:
        with as_sentence(UNREADABLE):
            for line, cells in numbered:
                yield line, line, _with_types(cells, members) if members else cells

    for block in grid.blocks_of(rows(), matching, wrong=wrong):
        yield replace(block, encoded=frozenset(members.values()))


def _with_types(row: _Texts, places: Iterable[int]) -> list[str]:
    """These cells as JSON values: numbers, true and false as such, all others as text. Nothing for an empty one."""
    found = [*row]
    for place in places:
        if found[place] and not isinstance(row.cells[place], bool | int | float):
            found[place] = msgspec.json.encode(found[place]).decode()
    return found


def text_of(cell: object) -> str:
    """A cell as CSV would have it. Spreadsheet programs keep times as fractions of a day: rounded to the second."""
    if isinstance(cell, datetime):
        return (cell + HALF_A_SECOND).replace(microsecond=0).isoformat()
    if isinstance(cell, date):
        return f"{cell.isoformat()}T00:00:00"
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell).replace("\0", "")
