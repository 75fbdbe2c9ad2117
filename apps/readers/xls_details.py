"""Behind the cells of an old Excel workbook (.xls): a file system of sectors, with records of cells in one of its files.

Formats: [MS-CFB] and [MS-XLS] of Microsoft's Open Specifications.
"""

import struct
from collections.abc import Iterator

from apps.readers.cell_details import CellDetails

LAST = 0xFFFFFFFA  # and above: no sector follows
SIZES = {6: 64, 9: 512, 12: 4096}  # bytes of a sector, by their logarithm
SHEET, FORMULA, CELL, END = 0x85, 0x06, 0x205, 0x0A
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
IS_ERROR, IS_EMPTY = 2, 3  # what a formula's result is, where it is no number


class Unknown(Exception):
    """Not a workbook as this module knows them."""


def read_details(content: bytes, sheet: str) -> CellDetails:
    """What stands behind the cells of this sheet, links aside. Raises `Unknown`."""
    try:
        return _of_sheet(_Sectors(content).file("Workbook"), sheet)
    except (struct.error, IndexError, KeyError, UnicodeError) as error:
        raise Unknown from error


class _Sectors:
    """The file system."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = SIZES[self._number("<H", 30)]
        self._small_size = SIZES[self._number("<H", 32)]
        self._directory, self._cutoff = self._number("<I", 48), self._number("<I", 56)
        fat = [n for n in struct.unpack_from("<109I", content, 76) if n < LAST]
        more = self._number("<I", 68)
        for _ in range(len(content) // self._size):
            if more >= LAST:
                break
            *places, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            fat += [n for n in places if n < LAST]
        self._next = [n for place in fat for n in struct.unpack(f"<{self._size // 4}I", self._sector(place))]

    def file(self, name: str) -> bytes:
        """The content of one file."""
        directory = self._chain(self._directory)
        entries = [directory[start : start + 128] for start in range(0, len(directory), 128)]
        for entry in entries:
            length = max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)
            if entry[:length].decode("utf-16-le") == name:
                first, size = struct.unpack_from("<II", entry, 116)
                return (self._small(entries[0], first) if size < self._cutoff else self._chain(first))[:size]
        raise Unknown

    def _small(self, root: bytes, first: int) -> bytes:
        """Small files share the sectors of one large one."""
        shared = self._chain(struct.unpack_from("<I", root, 116)[0])
        table = self._chain(self._number("<I", 60))
        following = struct.unpack(f"<{len(table) // 4}I", table)
        places = self._places(first, following)
        return b"".join(shared[n * self._small_size :][: self._small_size] for n in places)

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, self._places(first, self._next)))

    @staticmethod
    def _places(first: int, following: "list[int] | tuple[int, ...]") -> Iterator[int]:
        place, left = first, len(following)
        while place < LAST and left >= 0:  # a chain that goes round in circles ends all the same
            yield place
            place, left = following[place], left - 1

    def _sector(self, place: int) -> bytes:
        start = (place + 1) * self._size
        return self._content[start : start + self._size]

    def _number(self, kind: str, place: int) -> int:
        return int(struct.unpack_from(kind, self._content, place)[0])


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, start)
        yield kind, book[start + 4 : start + 4 + size]
        start += 4 + size
        if kind == END:
            return


def _of_sheet(book: bytes, sheet: str) -> CellDetails:
    for kind, data in _records(book, 0):
        if kind == SHEET and _text(data[6:]) == sheet:
            return _of_cells(book, struct.unpack_from("<I", data)[0])
    raise Unknown


def _text(data: bytes) -> str:
    length, is_wide = data[0], data[1] & 1
    return data[2 : 2 + 2 * length].decode("utf-16-le") if is_wide else data[2 : 2 + length].decode("latin-1")


def _of_cells(book: bytes, start: int) -> CellDetails:
    found = CellDetails()
    for kind, data in _records(book, start):
        if kind not in (FORMULA, CELL):
            continue
        row, column = struct.unpack_from("<HH", data)
        place = (row + 1, column)
        if kind == CELL and data[7]:
            found.errors[place] = ERRORS.get(data[6], "#ERROR!")
        elif kind == FORMULA and data[12:14] == b"\xff\xff" and data[6] == IS_ERROR:
            found.errors[place] = ERRORS.get(data[8], "#ERROR!")
        elif kind == FORMULA and data[12:14] == b"\xff\xff" and data[6] == IS_EMPTY:
            found.formulas[place] = "a formula"  # it may have calculated an empty text: nothing says which
        found.check_size()
    return found
