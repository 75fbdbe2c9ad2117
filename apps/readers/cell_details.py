"""What stands behind the cells of a workbook: the library that reads their values shows errors and formulas that were
never calculated as empty, and of a link only its text.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import unquote
from xml.parsers import expat

from apps.readers.errors import UnreadableFile

MOST_CELLS = 500_000  # cells that are kept in memory
READ_BYTES = 1024 * 1024
TOO_MANY = "The sheet has more than 500,000 cells with errors, formulas without a result or links. Save it as CSV and upload that."
Address = tuple[int, int]  # row from 1, column from 0
_hyperlink = re.compile(
    r'\s*=?\s*(?:of:=)?HYPERLINK\(\s*"((?:[^"]|"")*)"\s*(?:[,;].*)?\)\s*', re.IGNORECASE | re.DOTALL
).fullmatch
_reference = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)").fullmatch


@dataclass
class CellDetails:
    """`errors` are shown as #N/A and the like; `formulas` have no result in the file; `links` are addresses."""

    errors: dict[Address, str] = field(default_factory=dict)
    formulas: dict[Address, str] = field(default_factory=dict)
    links: dict[Address, str] = field(default_factory=dict)

    def check_size(self) -> None:
        """Raise `UnreadableFile` where there is too much of it."""
        if len(self.errors) + len(self.formulas) + len(self.links) > MOST_CELLS:
            raise UnreadableFile(TOO_MANY)

    def note_formula(self, place: Address, formula: str) -> None:
        """A formula with a result: only links are of interest, whose address is in it or calculated elsewhere."""
        if found := _hyperlink(formula):
            self.links[place] = found[1].replace('""', '"')
        elif formula.lstrip("= ").upper().removeprefix("OF:=").startswith("HYPERLINK("):
            self.links[place] = f"={formula.lstrip('=')}"


def differs(text: str, address: str) -> bool:
    """Whether a link shows something else than where it leads. Programs write addresses with %20 and a slash at the end."""
    return unquote(text.strip()).rstrip("/") != unquote(address.strip()).rstrip("/")


def place_of(reference: str) -> Address | None:
    """`B7` as row 7 and column 1."""
    found = _reference(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


def letters_of(column: int) -> str:
    """Column 1 as `B`."""
    name, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class Elements:
    """Reads XML element by element. A document that declares entities is refused: a few bytes can mean gigabytes."""

    def __init__(self) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = lambda name, attributes: self.start(
            _local(name), {_local(key): value for key, value in attributes.items()}
        )
        parser.EndElementHandler = lambda name: self.end(_local(name))
        parser.CharacterDataHandler = self.text
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """Text inside."""

    def read(self, archive: zipfile.ZipFile, member: str) -> None:
        """All of one member. Raises whatever is wrong with it."""
        with archive.open(member) as stream:
            while chunk := stream.read(READ_BYTES):
                self._parser.Parse(chunk, False)
        self._parser.Parse(b"", True)


@contextmanager
def opened(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The workbook as an archive; the stream is at its start before and after."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            yield archive
    finally:
        stream.seek(0)


def holds_any(archive: zipfile.ZipFile, member: str, words: Sequence[bytes]) -> bool:
    """Whether there is anything of interest in a member: most sheets have nothing, and are not looked at further. Words and
    no pattern: that takes a twentieth of the time.
    """
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(READ_BYTES):
            text = tail + chunk
            if any(word in text for word in words):
                return True
            tail = chunk[-64:]
    return False


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_: object) -> None:
    raise UnreadableFile(
        "The workbook declares XML entities, which no spreadsheet program does. Save it anew."
    )
