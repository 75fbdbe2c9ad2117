"""Cells of a workbook that look empty and are not: errors, formulas without a result, merged cells."""

from collections.abc import Mapping

from python_calamine import CalamineSheet

from apps.readers.cell_details import MOST_CELLS, Address, CellDetails, letters_of
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMapping
from apps.validation import rules
from apps.validation.rules import Rule

TOO_MANY_MERGED = "The sheet has more than 500,000 merged cells. Split them, or save the sheet as CSV."


def merged_cells(sheet: CalamineSheet) -> dict[Address, str]:
    """Cells that belong to a larger one: they show the value of its first cell, which is the only one that has it."""
    found: dict[Address, str] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS - len(found):
            raise UnreadableFile(TOO_MANY_MERGED)
        first = f"merged with {letters_of(left)}{top + 1}"
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    found[row + 1, column] = first
    return found


def wrong_rows(
    details: CellDetails,
    merged: Mapping[Address, str],
    links: Mapping[Address, str],
    matching: HeaderMapping,
    after: int,
) -> dict[int, list[tuple[Rule, str, str]]]:
    """The rows with cells that have no value, in columns that are read: rules, columns and what stands there."""
    found: dict[int, list[tuple[Rule, str, str]]] = {}
    unknown = {place: address for place, address in links.items() if address.startswith("=")}
    for rule, cells in (
        (rules.CELL_ERROR, details.errors),
        (rules.NOT_CALCULATED, details.formulas),
        (rules.NOT_CALCULATED, unknown),
        (rules.MERGED, merged),
    ):
        for (row, place), text in cells.items():
            name = matching.names[place] if place < len(matching.names) else None
            if name and row >= after:
                found.setdefault(row, []).append((rule, name, text))
    return found
