"""The rows of a file that cannot be sent, with all their cells: kept beside the list of problems, so that they can be mended."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import IO, BinaryIO

import msgspec

from apps.validation.batches import Batch
from apps.validation.findings import Finding, Places
from apps.validation.rules import PROBLEM

BLOCK = 1024 * 1024  # bytes
MOST = 50_000  # rows that are kept
LONGEST = 2_000  # characters of a cell
Cause = tuple[str, str]  # rule and column


class WrongCell(msgspec.Struct, frozen=True, array_like=True):
    """What is wrong in a row."""

    slug: str
    column: str
    value: str


class WrongRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row: by canonical columns. `cells` is empty for one that could not be read into any. `is_left_out`: somebody chose so."""

    line: int
    place: str
    cells: Mapping[str, str | None]
    found: Sequence[WrongCell]
    is_left_out: bool = False


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(WrongRow).decode


def read(stream: Iterable[bytes]) -> Iterator[WrongRow]:
    """The rows that were kept, in the order of the file."""
    return (_decode(line) for line in stream)


def encode_line(row: WrongRow) -> bytes:
    """As it is kept."""
    return _encode(row) + b"\n"


def lines_with(stream: IO[bytes], slug: str, column: str) -> Iterator[bytes]:
    """Lines of rows in which this may be wrong, found without reading the others: a row may have hundreds of cells."""
    mark, rest = _encode([slug, column])[:-1], b""
    while block := stream.read(BLOCK):
        *whole, rest = (rest + block).split(b"\n")
        yield from (line for line in whole if mark in line)


def can_be_mended(line: bytes) -> bool:
    """Whether the row of this line has cells, and nobody has left it out."""
    return b'"cells":{}' not in line and not line.endswith(b'"is_left_out":true}')


class WrongRows:
    """Collects them while a file is read. Rows with one of the causes in `leave_out` are left out because somebody said so."""

    def __init__(
        self, each: Callable[[Finding], None], places: Places, leave_out: Collection[Cause], target: BinaryIO
    ) -> None:
        self._each, self._places, self._leave_out, self._target = each, places, leave_out, target
        self._found: dict[int, list[Finding]] = {}
        self._kept = self.left_out = 0
        target.seek(0)
        target.truncate()

    def note(self, found: Finding) -> None:
        """Take up a finding, before its row is kept."""
        self._each(found)
        if found.rule.severity is PROBLEM and (self._kept < MOST or self._leave_out):
            self._found.setdefault(found.line, []).append(found)

    def keep(self, batch: Batch) -> None:
        """The rows of this batch that something was found in since the last one."""
        cells = {}
        if self._found and self._kept < MOST:
            for line, row in batch.only(batch.lines.is_in([*self._found])).rows():
                cells[line] = {_storable(name): _text(value) for name, value in row.items()}
        for line, found in sorted(self._found.items()):
            self._keep(line, cells.get(line, {}), found)
        self._found = {}

    def _keep(self, line: int, cells: Mapping[str, str | None], found: Sequence[Finding]) -> None:
        is_left_out = any((each.rule.slug, each.column) in self._leave_out for each in found)
        self.left_out += is_left_out
        if self._kept < MOST:
            self._kept += 1
            wrong = [WrongCell(each.rule.slug, each.column, each.value) for each in found]
            row = WrongRow(line, self._places.words(found[0]), cells, wrong, is_left_out)
            self._target.write(encode_line(row))

    def finish(self) -> None:
        """All rows are read; what was found only then are rows whose cells are not known any more."""
        for line, found in sorted(self._found.items()):
            self._keep(line, {}, found)
        self._target.flush()


def _text(value: object) -> str | None:
    """As a cell of a CSV file would have it."""
    if value is None:
        return None
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict | list):
        return _storable(json.dumps(value, ensure_ascii=False, default=str))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _storable(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return text[:LONGEST].encode(errors="replace").decode()
