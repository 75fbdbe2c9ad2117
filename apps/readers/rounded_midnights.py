"""Midnights of a workbook that are none: the last moment of a day, which the reader of workbooks rounds up.

Spreadsheet programs keep a time as a number of days. That of 23:59:59.9999 is rounded to the millisecond, to the next day's
midnight; unlike a real midnight, which is a whole number and comes as a date, it comes as a time. What the number is, only
the sheet's own XML says.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import IO, BinaryIO

from apps.readers.archives import BROKEN, MEGABYTE

# Still nearer to midnight than to the millisecond before it, so that rounding (`validation.rounding`) does with it as with CSV.
JUST_BEFORE = timedelta(milliseconds=0.4)
MIDNIGHT = time()
HALF_A_MILLISECOND = 0.0005 / 86_400  # days
DAY_0, DAY_0_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - workbooks know no zones
LONGEST_NUMBER = 64  # bytes
_since_1904 = re.compile(rb'date1904="(?:1|true)"').search
_nearly_whole = re.compile(rb"<v>(\d+\.99999999\d*)</v>").findall


class RoundedMidnights:
    """Those of one workbook."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._just_before: frozenset[datetime] | None = None  # not looked for yet
        self._has_xml = True

    def corrected(self, cell: object) -> object:
        """The cell, or the moment before midnight it stands for."""
        if isinstance(cell, datetime) and cell.time() == MIDNIGHT and self._is_just_before(cell):
            return cell - JUST_BEFORE
        return cell

    def _is_just_before(self, midnight: datetime) -> bool:
        if self._just_before is None:
            self._just_before = frozenset()
            with suppress(*BROKEN):
                self._just_before = frozenset(self._look())
        return midnight in self._just_before or not self._has_xml

    def _look(self) -> Iterator[datetime]:
        """Midnights that some cell of the workbook is less than half a millisecond before."""
        if not zipfile.is_zipfile(self._stream):
            self._has_xml = False  # an old workbook: nearly always it is before
            return
        with zipfile.ZipFile(self._stream) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
            self._has_xml = not any(name.endswith(".bin") for name in sheets)
            if not sheets or not self._has_xml:  # OpenDocument writes times as text, to their last digit
                return
            first = DAY_0_OF_1904 if _since_1904(archive.read("xl/workbook.xml")) else DAY_0
            for name in sheets:
                with archive.open(name) as sheet:
                    yield from (first + timedelta(days=day) for day in _days(sheet))


def _days(sheet: IO[bytes]) -> Iterator[int]:
    """Whole numbers that some number in the sheet is hardly less than."""
    rest = b""
    while part := sheet.read(MEGABYTE):
        text = rest + part
        for value in _nearly_whole(text):
            if round(float(value)) - float(value) <= HALF_A_MILLISECOND:
                yield round(float(value))
        rest = text[-LONGEST_NUMBER:]
