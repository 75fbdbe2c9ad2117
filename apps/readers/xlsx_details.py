"""Behind the cells of an Excel workbook (.xlsx, .xlsm)."""

import posixpath
import zipfile
from typing import BinaryIO

from apps.readers.cell_details import Address, CellDetails, Elements, holds_any, opened, place_of

# Cells with errors, formulas and links, with whatever prefix. What looks like one and is none costs only time.
_INTERESTING = (b'"e"', b"'e'", b"<f", b":f", b"hyperlink")
TEXT = "str"  # the type of a formula's result: its empty text is one


def read_details(stream: BinaryIO, sheet: str) -> CellDetails:
    """What stands behind the cells of this sheet. Raises `UnreadableFile`, and what zipfile and expat raise."""
    with opened(stream) as archive:
        names = archive.namelist()
        book = next((name for name in names if name.endswith("workbook.xml")), "")
        if not book:
            return CellDetails()
        workbook = _Workbook()
        workbook.read(archive, book)
        part = _targets(archive, book).get(workbook.parts.get(sheet, ""), "")
        if part not in names or not holds_any(archive, part, _INTERESTING):
            return CellDetails()
        reader = _Sheet(_targets(archive, part), calculates_later=workbook.calculates_later)
        reader.read(archive, part)
        return reader.found


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """What the relations of a part lead to, by their id."""
    folder, name = posixpath.split(part)
    relations = _Relations(folder)
    member = f"{folder}/_rels/{name}.rels"
    if member in archive.namelist():
        relations.read(archive, member)
    return relations.found


class _Relations(Elements):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep where it leads: another part of the archive, or an address."""
        if name == "Relationship":
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + self._folder, target)).lstrip("/")
            self.found[attributes.get("Id", "")] = target


class _Workbook(Elements):
    """`parts`: the relation of each sheet. `calculates_later`: whoever wrote it has not calculated anything."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self.calculates_later = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Sheets, and when formulas are calculated."""
        if name == "sheet":
            self.parts[attributes.get("name", "")] = attributes.get("id", "")
        elif name == "calcPr":
            self.calculates_later = attributes.get("fullCalcOnLoad") in ("1", "true")


class _Sheet(Elements):
    def __init__(self, targets: dict[str, str], *, calculates_later: bool) -> None:
        super().__init__()
        self.found = CellDetails()
        self._targets, self._calculates_later = targets, calculates_later
        self._row, self._column = 0, -1
        self._type = ""
        self._texts: dict[str, str] = {}  # of the cell: its formula and its value
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Rows and cells may have no address: then they follow the one before."""
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
        elif name == "c":
            place = place_of(attributes.get("r", "")) or (self._row, self._column + 1)
            self._row, self._column = place
            self._type, self._texts = attributes.get("t", ""), {}
        elif name in ("f", "v", "is"):
            self._inside = name
            self._texts[name] = ""
        elif name == "hyperlink":
            self._link(attributes)

    def text(self, text: str) -> None:
        """Of a formula or a value."""
        if self._inside:
            self._texts[self._inside] += text

    def end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""
        elif name == "c" and (self._type == "e" or "f" in self._texts):
            self._note((self._row, self._column))
            self.found.check_size()

    def _note(self, place: Address) -> None:
        formula, value = self._texts.get("f", ""), self._texts.get("v", "")
        if self._type == "e":
            self.found.errors[place] = value or "#ERROR!"
        elif self._has_no_result(value):
            self.found.formulas[place] = f"={formula}"
        else:
            self.found.note_formula(place, formula)

    def _has_no_result(self, value: str) -> bool:
        """Nothing; or the 0 that programs write which leave calculating to the next."""
        if not value:
            return self._type not in (TEXT, "inlineStr")
        return self._calculates_later and value in ("0", "0.0")

    def _link(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        start, stop = place_of(first), place_of(last or first)
        target, location = self._targets.get(attributes.get("id", ""), ""), attributes.get("location", "")
        address = f"{target}#{location}" if target and location else target or f"#{location}"
        if start is None or stop is None:
            return
        for row in range(start[0], stop[0] + 1):
            for column in range(start[1], stop[1] + 1):
                self.found.links[row, column] = address
                self.found.check_size()
