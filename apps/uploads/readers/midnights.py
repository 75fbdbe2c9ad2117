"""Midnights of a workbook that are none: the last moment of a day, which the reader of workbooks rounds up.

Spreadsheet programs keep a time as a number of days. That of 23:59:59.9999 is rounded to the millisecond, to the next day's
midnight; unlike a real midnight, which is a whole number and comes as a date, it comes as a time.
"""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import BinaryIO

from apps.uploads.readers.packing import BROKEN, MEGABYTE

# Still nearer to midnight than to the millisecond before it, so that rounding (`reckoning`) does with it as with CSV.
BEFORE = timedelta(milliseconds=0.4)
MIDNIGHT = time()
OPEN_DOCUMENT = "content.xml"
ISO_CELL = b't="d"'  # a cell of .xlsx that holds its time as text


class Midnights:
    """Those of one workbook."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._keeps_numbers: bool | None = None  # not looked at yet

    def mended(self, cell: object) -> object:
        """The cell, or the moment before midnight it stands for."""
        if isinstance(cell, datetime) and cell.time() == MIDNIGHT and self._are_numbers():
            return cell - BEFORE
        return cell

    def _are_numbers(self) -> bool:
        """Whether times are numbers of days in this workbook, and nowhere text, whose midnights are real."""
        if self._keeps_numbers is None:
            self._keeps_numbers = not any(self._texts())
        return self._keeps_numbers

    def _texts(self) -> Iterator[bool]:
        with suppress(*BROKEN), zipfile.ZipFile(self._stream) as archive:  # an old workbook is no archive
            names = archive.namelist()
            yield OPEN_DOCUMENT in names
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as sheet:
                        yield _holds(sheet, ISO_CELL)


def _holds(stream: "zipfile.ZipExtFile", text: bytes) -> bool:
    before = b""
    while part := stream.read(MEGABYTE):
        if text in before + part:
            return True
        before = part[-len(text) :]
    return False
