"""A JSON array of records, read batch by batch: the file is never in memory as a whole."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

import polars as pl

from apps.readers.errors import UnreadableFile
from apps.readers.json_batches import UNUSUAL, TypedRecords
from apps.readers.json_rows import AHEAD, ObjectRows
from apps.readers.table import Layout, Table
from apps.validation.batches import Batch
from apps.validation.batches.batch import merge_batches
from apps.validation.findings import Places
from apps.validation.json_decoding import Decoder

MERGED_ROWS = 20_000  # rows to a batch that is handed on
READ_BYTES = 512 * 1024  # characters
LONGEST_RECORD = 4 * 1024 * 1024  # characters
ROWS = 2_000  # that are read one by one before whole batches are tried again
LONGEST_GAP = 1_000  # characters of blanks around a comma
TRIES = 5  # places at which a batch is cut, before it is read record by record
# What a search of the API answers, and PyAuroraX saves: {"result": [...]}.
_result = re.compile(r'\s*\{\s*"result"\s*:\s*\[')
_blank = re.compile(r"\s*")
_between = re.compile(r"\s*,\s*")


def is_search_result(head: bytes) -> bool:
    """Whether the file is an array inside `{"result": ...}`."""
    return bool(_result.match(head.decode("utf-8", errors="replace")))


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Open the array; rows follow as they are asked for. Raises `UnreadableFile`. The text is UTF-8."""
    layout.value_formats.exact_texts = True
    layout.value_formats.has_null = True
    array = _Array(stream)
    first = array.first()
    rows = ObjectRows(first, layout, array.ahead())
    typed = TypedRecords(first if isinstance(first, dict) else {}, rows, layout)
    batches = merge_batches(array.batches(rows, typed), MERGED_ROWS)
    places = Places("record", keyed=True)
    return Table("JSON", layout.dialect, rows.matching, batches, places=places, met=rows.given)


class _Text(io.TextIOWrapper):
    """Text over a stream that somebody else closes."""

    def close(self) -> None:
        """Let go of the stream without closing it."""


class _Array:
    """Records of the array with their numbers, from 1. Holds one text of READ_BYTES and one record."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = _Text(stream, encoding="utf-8", newline="")
        self._decoder = Decoder()
        self._number = 1  # of the record here
        self._buffer, self._place, self._line, self._ended = "", 0, 1, False
        self._over = False

    def first(self) -> Any:
        """Go to the first record and answer it without passing it. Raises `UnreadableFile`, also when there is none."""
        self._read_more()
        wrapped = _result.match(self._buffer)
        self._wrapped = bool(wrapped)
        self._go_to(wrapped.end() if wrapped else self._buffer.index("[") + 1)
        if self._next_character() == "]":
            self._finish()
            raise UnreadableFile("The list is empty: [ ]. Choose a file with records in it.")
        record, _ = self._record()
        return record

    def ahead(self) -> Iterator[Any]:
        """Some of the records from here on, as far as they have been read; none is passed."""
        place, decoder = self._place, Decoder()
        with suppress(ValueError, RecursionError):  # reported in its time
            for _ in range(AHEAD):
                record, place = decoder.raw_decode(self._buffer, place)
                yield record
                between = _between.match(self._buffer, place)
                if between is None:
                    return
                place = between.end()

    def batches(self, rows: ObjectRows, typed: TypedRecords) -> Iterator[Batch]:
        """All records from here on. Raises `UnreadableFile` where the array breaks off or is not JSON."""
        while not self._over:
            yield self._whole(typed) or rows.batch(self._some())

    # Many records at once ------------------------------------------------------------------------------------------------

    def _whole(self, typed: TypedRecords) -> Batch | None:
        """As many records as the buffer holds, when nothing about them is unusual."""
        self._fill()
        for cut in self._cuts():
            text = f"[{self._buffer[self._place : cut]}]".encode()
            try:
                records = typed.array(text)
                batch = typed.batch(self._numbers(len(records)), records, text)
            except UNUSUAL:
                continue
            self._number += len(records)
            self._go_to(cut)
            self._go_on()
            return batch
        return None

    def _cuts(self) -> Iterator[int]:
        """Places behind a record, the last first: `{…}, {…}, {"epo` -> 8, 3, where the buffer ends inside the third.

        One may be inside metadata: then what is before it is no JSON, and the next is tried.
        """
        if self._ended:
            end = self._buffer.rfind("]")
            yield end if end > self._place else len(self._buffer)
        yield from islice(self._ends(), TRIES)

    def _ends(self) -> Iterator[int]:
        """Behind every `}` that a comma and a `{` follow, the last first."""
        end = len(self._buffer)
        while (end := self._buffer.rfind("{", self._place, end)) > 0:
            start = max(self._place, end - LONGEST_GAP)
            front = self._buffer[start:end].rstrip()
            if front.endswith(",") and front[:-1].rstrip().endswith("}"):
                yield start + len(front[:-1].rstrip())

    def _numbers(self, count: int) -> pl.Series:
        return pl.int_range(self._number, self._number + count, dtype=pl.UInt32, eager=True)

    # Record by record ----------------------------------------------------------------------------------------------------

    def _some(self) -> Iterator[tuple[int, Any, str]]:
        """The next records, each with its number and with a name that is given twice in it."""
        for _ in range(ROWS):
            if self._over:
                return
            record, end = self._record()
            number, repeated = self._number, self._decoder.repeated
            self._number += 1
            self._go_to(end)
            self._go_on()
            yield number, record, repeated

    def _record(self) -> tuple[Any, int]:
        """The record here, and where it ends; the place stays."""
        while True:
            try:
                record, end = self._decoder.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError as error:
                if self._ended or len(self._buffer) - self._place > LONGEST_RECORD:
                    self._refuse(error)
                self._read_more()
            except (RecursionError, ValueError):
                raise self._broken(
                    "A record is nested too deeply, or holds a number that is too long"
                ) from None
            else:
                if (
                    end < len(self._buffer) or self._ended
                ):  # a number at the end of the text may go on in the next
                    return record, end
                self._read_more()

    def _refuse(self, error: json.JSONDecodeError) -> None:
        line = self._line + self._buffer.count("\n", self._place, error.pos)
        if error.pos >= len(self._buffer.rstrip()) or error.msg.startswith("Unterminated string"):
            raise UnreadableFile(
                f"The file ends inside record {self._number:,}, which begins on line {self._line:,}: a closing bracket or"
                " quotation mark is missing. Mend it there, or fetch the file anew if it was cut off, then upload it again."
            ) from None
        raise UnreadableFile(
            f"Record {self._number:,} is not JSON: {error.msg} (line {line:,}). Mend it there, then upload the file again."
        ) from None

    # Moving on -----------------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """From behind a record to the next one, or to the end."""
        character = self._next_character()
        if character == "]":
            self._finish()
            return
        if character != ",":
            raise self._broken("A comma between two records, or the closing bracket ], is missing")
        self._go_to(self._place + 1)
        self._next_character()

    def _next_character(self) -> str:
        """Skip blanks; raise when the file ends inside the array."""
        while True:
            blank = _blank.match(self._buffer, self._place)
            self._go_to(blank.end() if blank else self._place)
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if self._ended:
                raise self._broken("The file ends before the closing bracket ]")
            self._read_more()

    def _finish(self) -> None:
        """Behind the array there may be nothing but the closing brace of a search result."""
        self._over = True
        self._go_to(self._place + 1)
        while not self._ended:
            self._read_more()
        rest = self._buffer[self._place :].strip()
        if rest.removeprefix("}" if self._wrapped else "").strip():
            raise self._broken("Text follows the closing bracket ]")

    def _go_to(self, place: int) -> None:
        self._line += self._buffer.count("\n", self._place, place)
        self._place = place

    def _fill(self) -> None:
        """A whole batch ahead, if there is as much."""
        if not self._ended and len(self._buffer) - self._place < READ_BYTES // 2:
            self._read_more()

    def _read_more(self) -> None:
        text = self._text.read(READ_BYTES)
        self._ended = not text
        self._buffer, self._place = self._buffer[self._place :] + text, 0

    def _broken(self, what: str) -> UnreadableFile:
        where = f"line {self._line:,}, record {self._number:,}"
        return UnreadableFile(f"{what} ({where}). Mend it there, then upload the file again.")
