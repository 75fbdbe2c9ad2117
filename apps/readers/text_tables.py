"""Where the table of a text file begins, and what stands between its cells.

Programs write comments, titles and `sep=;` above the names of columns, separate cells by blanks, or frame them with bars.
What is no part of the table is left out and said; its lines keep their numbers.

"# %ECSV 1.0", "# ---", "time lat", "2020-01-01T00:00 51.0"  -> from line 3, separated by blanks
"# time lat", "1577836800 51.0"                              -> from line 2, named by the comment
"Site CALG, 2020", "", "time;lat", "2020-01-01T00:00;51.0"   -> from line 3, separated by semicolons
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from apps.readers import hapi, table_lines
from apps.readers.dialect import BLANKS, DELIMITERS
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMatcher
from apps.readers.table import Layout
from apps.readers.table_lines import LONGEST_LINE
from apps.readers.table_start import TableStart, above_table, table_start

HEAD_LINES = 200  # looked at to find the table
EMPTY = "The file is empty. Choose a file with records in it."
_comment = re.compile(r"\s*[#%](?![,;\t|])").match
_separator = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE).fullmatch


class TextTable(NamedTuple):
    """`stream` stands at the first row, with so many `lines` above it, and has `delimiter` between cells; in the file they
    are separated by `written`. `names` are given where they stand in a comment; `proposed` is what some of them may mean.
    """

    stream: BinaryIO
    delimiter: str
    written: str
    lines: int = 0
    names: Sequence[str] | None = None
    remark: str = ""
    proposed: Mapping[str, str] = MappingProxyType({})


class _Head(NamedTuple):
    """The first lines of a file: those above the first that is neither blank nor a comment, and the others."""

    above: list[str]
    below: list[str]

    @property
    def separator(self) -> str | None:
        """As `sep=;` has it, which spreadsheet programs read."""
        found = next(filter(None, map(_separator, self.above)), None)
        return found[1] if found else None

    @property
    def comments(self) -> list[str]:
        """The text of the comments."""
        return [line.strip().lstrip("#%").strip() for line in self.above if _comment(line)]


def find_table(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> TextTable:
    """The table of a text in UTF-8. One that is separated by blanks or framed is read from a copy that lives until
    `open_files` is closed. Raises `UnreadableFile` for a file without any.
    """
    place = stream.tell()
    head = _head(stream)
    stream.seek(place)
    matcher = HeaderMatcher(layout.columns, {})
    start = _start(head.below, layout.dialect.delimiter or head.separator, matcher)
    names = _names(head, start) if start.row == 0 else None
    above = len(head.above) + start.row
    remark = _remark(head, start, is_named=names is not None)
    framed = table_lines.is_framed(head.below[start.row :])
    if framed or start.delimiter == BLANKS:
        copy = table_lines.rewritten(stream, above, open_files, joins_times=start.joins_times, framed=framed)
        return TextTable(copy, "|" if framed else "\t", start.delimiter, above, names, remark)
    for _ in range(above):
        stream.readline(LONGEST_LINE)
    return TextTable(stream, start.delimiter, start.delimiter, above, names, remark)


def _head(stream: BinaryIO) -> _Head:
    lines = [line.decode(errors="replace").rstrip("\r\n") for line in islice(_lines(stream), HEAD_LINES)]
    above = next((n for n, line in enumerate(lines) if not _is_above(line)), len(lines))
    if above == len(lines):
        raise UnreadableFile(EMPTY)
    return _Head(lines[:above], lines[above:])


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.readline(LONGEST_LINE), b"")


def _is_above(line: str) -> bool:
    return not line.strip() or bool(_comment(line) or _separator(line))


def _start(lines: Sequence[str], chosen: str | None, matcher: HeaderMatcher) -> TableStart:
    """Where the table begins, and what separates its cells: as chosen, else what makes names of columns that are known, else
    what there is most of in the first line; a comma when there is nothing.
    """
    if chosen:
        return table_start(lines, chosen, matcher)
    counts = {sign: table_lines.without_quoted(lines[0]).count(sign) for sign in DELIMITERS}
    signs = sorted(DELIMITERS, key=counts.__getitem__, reverse=True)
    first = table_start(lines, signs[0], matcher)
    if first.known or matcher.of(lines[0]):
        return first
    others = [table_start(lines, sign, matcher) for sign in signs[1:]]
    words = [] if counts[signs[0]] else [table_start(lines, BLANKS, matcher)]
    if named := max((start.known for start in [*others, *words]), default=0):
        return next(start for start in [*others, *words] if start.known == named)
    return next((start for start in words if start.is_table), first)


def _names(head: _Head, start: TableStart) -> Sequence[str] | None:
    """Names of columns that stand in the comments above a table without any."""
    if not start.is_data or not head.comments:
        return None
    return hapi.names(head.comments) or start.names_in(head.comments[-1])


def _remark(head: _Head, start: TableStart, *, is_named: bool) -> str:
    """What was left out, for people."""
    left_out = above_table([*head.above, *head.below[: start.row]], "line")
    return (
        f"The names of the columns are taken from the comment above them. {left_out}"
        if is_named
        else left_out
    )
