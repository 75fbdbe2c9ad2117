"""A JSON array of records, read one record at a time: the file is never in memory as a whole."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from apps.uploads.columns import NotReadable
from apps.uploads.readers.objects import ObjectRows
from apps.uploads.readers.table import Layout, Table
from apps.uploads.readers.text import not_utf8, open_text

BLOCK = 256 * 1024  # characters
LONGEST_RECORD = 4 * 1024 * 1024  # characters
# What a search of the API answers, and PyAuroraX saves: {"result": [...]}.
_result = re.compile(r'\s*\{\s*"result"\s*:\s*\[')
_blank = re.compile(r"\s*")


def is_search_result(head: bytes) -> bool:
    """Whether the file is an array inside `{"result": ...}`."""
    return bool(_result.match(head.decode("utf-8", errors="replace")))


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Open the array; rows follow as they are asked for. Raises `NotReadable`."""
    rows = ObjectRows(_Array(stream).records(), layout)
    return Table("JSON", "one array of records", rows.matching, iter(rows))


class _Array:
    """Records of the array with the line each begins on. Holds one block and one record."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._text = open_text(stream)
        self._decoder = json.JSONDecoder()
        self._buffer, self._place, self._line, self._ended = "", 0, 1, False

    def records(self) -> Iterator[tuple[int, Any]]:
        """Raises `NotReadable` where the array breaks off or is not JSON."""
        self._read_more()
        wrapped = _result.match(self._buffer)
        self._go_to(wrapped.end() if wrapped else self._buffer.index("[") + 1)
        if self._next_character() == "]":
            self._finish(wrapped=bool(wrapped))
            raise NotReadable("The list is empty: [ ]. Choose a file with records in it.")
        while True:
            yield self._line, self._record()
            character = self._next_character()
            if character == "]":
                return self._finish(wrapped=bool(wrapped))
            if character != ",":
                raise self._broken("A comma between two records, or the closing bracket ], is missing")
            self._go_to(self._place + 1)
            self._next_character()

    def _record(self) -> Any:
        while True:
            try:
                record, end = self._decoder.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError as error:
                if self._ended or len(self._buffer) - self._place > LONGEST_RECORD:
                    self._tell(error)
                self._read_more()
            except (RecursionError, ValueError):
                raise self._broken(
                    "A record is nested too deeply, or holds a number that is too long"
                ) from None
            else:
                if (
                    end < len(self._buffer) or self._ended
                ):  # a number at the end of the block may go on in the next
                    self._go_to(end)
                    return record
                self._read_more()

    def _tell(self, error: json.JSONDecodeError) -> None:
        line = self._line + self._buffer.count("\n", self._place, error.pos)
        if error.pos >= len(self._buffer.rstrip()) or error.msg.startswith("Unterminated string"):
            raise NotReadable(
                f"The file ends inside the record that begins on line {self._line}: a closing bracket or quotation mark"
                " is missing. Mend it there, or fetch the file anew if it was cut off, then upload it again."
            ) from None
        raise NotReadable(
            f"Line {line} is not JSON: {error.msg}. Mend it there, then upload the file again."
        ) from None

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

    def _finish(self, *, wrapped: bool) -> None:
        """Behind the array there may be nothing but the closing brace of a search result."""
        self._go_to(self._place + 1)
        while not self._ended:
            self._read_more()
        rest = self._buffer[self._place :].strip()
        if rest.removeprefix("}" if wrapped else "").strip():
            raise self._broken("Text follows the closing bracket ]")

    def _go_to(self, place: int) -> None:
        self._line += self._buffer.count("\n", self._place, place)
        self._place = place

    def _read_more(self) -> None:
        try:
            block = self._text.read(BLOCK)
        except UnicodeDecodeError:
            raise not_utf8(self._stream) from None
        self._ended = not block
        self._buffer, self._place = self._buffer[self._place :] + block, 0

    def _broken(self, what: str) -> NotReadable:
        return NotReadable(f"{what} (line {self._line}). Mend it there, then upload the file again.")
