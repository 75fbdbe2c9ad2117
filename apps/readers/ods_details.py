"""Behind the cells of an OpenDocument spreadsheet (.ods)."""

import re
from typing import BinaryIO

from apps.readers.cell_details import CellDetails, Elements, holds_any, opened

CONTENT = "content.xml"
# Errors, formulas and links.
_INTERESTING = (b'"error"', b"'error'", b":formula=", b"<text:a ", b"<text:a>", b"Err:", b">#")
_error = re.compile(r"(?:#[A-Z0-9/!?]+|Err:\d+)").fullmatch


def read_details(stream: BinaryIO, sheet: str) -> CellDetails:
    """What stands behind the cells of this sheet. Raises `UnreadableFile`, and what zipfile and expat raise."""
    with opened(stream) as archive:
        if CONTENT not in archive.namelist() or not holds_any(archive, CONTENT, _INTERESTING):
            return CellDetails()
        reader = _Content(sheet)
        reader.read(archive, CONTENT)
        return reader.found


class _Content(Elements):
    def __init__(self, sheet: str) -> None:
        super().__init__()
        self.found = CellDetails()
        self._sheet = sheet
        self._is_here = False
        self._row, self._column = 0, 0  # behind the cell
        self._rows, self._columns = 1, 1  # as often the row and the cell are repeated
        self._cell: dict[str, str] | None = None
        self._text = self._link = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Tables, rows and cells; one that is repeated is written once."""
        if name == "table":
            self._is_here = attributes.get("name") == self._sheet
        elif not self._is_here:
            return
        elif name == "table-row":
            self._rows, self._column = int(attributes.get("number-rows-repeated", 1)), 0
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = int(attributes.get("number-columns-repeated", 1))
            self._cell, self._text, self._link = attributes, "", ""
        elif name == "a" and self._cell is not None:
            self._link = attributes.get("href", "")

    def text(self, text: str) -> None:
        if self._cell is not None:
            self._text += text

    def end(self, name: str) -> None:
        if not self._is_here:
            return
        if name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._note(self._cell, self._text.strip())
            self._column += self._columns
            self._cell = None
        elif name == "table-row":
            self._row += self._rows

    def _note(self, cell: dict[str, str], text: str) -> None:
        formula = cell.get("formula", "")
        is_error = bool(formula and _error(text)) or cell.get("value-type") == "error"
        if not (formula or self._link or is_error):
            return
        for row in range(self._row + 1, self._row + 1 + self._rows):
            for column in range(self._column, self._column + self._columns):
                if is_error:
                    self.found.errors[row, column] = text or "#ERROR!"
                elif formula and "value-type" not in cell:
                    self.found.formulas[row, column] = formula
                elif self._link:
                    self.found.links[row, column] = self._link
                else:
                    self.found.note_formula((row, column), formula)
                self.found.check_size()
