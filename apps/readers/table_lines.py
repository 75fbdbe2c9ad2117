r"""Lines of text tables as CSV has them: separated by blanks, or framed with bars.

' 2020-01-01 00:00:00   51.0 "CALG"'  -> '2020-01-01 00:00:00\t51.0\t"CALG"'
'|  51.0 |  CALG |'                   -> '  51.0 |  CALG '
'-------+--------', '(10 rows)'       -> nothing
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO

from apps.readers.archives import temporary_file

READ_BYTES = 1024 * 1024  # bytes
LONGEST_LINE = 8 * 1024 * 1024  # bytes
_quoted = re.compile(r'"[^"]*"')
_word = re.compile(r'"(?:[^"\\]|\\.|"")*"(?=\s|$)|\S+')
_word_bytes = re.compile(rb'"(?:[^"\\]|\\.|"")*"(?=\s|$)|\S+')
_between = re.compile(rb"[ \t]+")
_at_ends = re.compile(rb"^\t|\t(?=\r?$)", re.MULTILINE)
_date_and_clock = re.compile(
    rb"(?<![^\s])(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}-[A-Za-z]{3}-\d{4})[ \t]+(?=\d{1,2}:\d\d)"
)
_JOINT = b"\x1f"  # stands for the blank within a time, for a while
_rule = re.compile(rb"[ \t]*[-+|=:]{2}[-+|=: \t]*\r?|[ \t]*\(\d+ rows?\)[ \t]*\r?").fullmatch
_is_rule = re.compile(r"\s*[-+|=:]{2}[-+|=:\s]*").fullmatch


def words(line: str) -> list[str]:
    """The words of a line; one in quotation marks is one, without them."""
    return [
        word[1:-1] if word[0] == word[-1] == '"' and len(word) > 1 else word for word in _word.findall(line)
    ]


def without_quoted(line: str) -> str:
    """What stands outside quotation marks."""
    return _quoted.sub("", line)


def is_framed(lines: Sequence[str]) -> bool:
    """Whether the cells have bars around them, or a rule stands below their names."""
    written = [line.strip() for line in lines if line.strip()]
    framed = [line for line in written if line.startswith("|") and line.endswith("|")]
    ruled = len(written) > 1 and "|" in written[0] and bool(_is_rule(written[1]))
    return ruled or len(framed) + sum(map(bool, map(_is_rule, written))) == len(written) > 0 < len(framed)


def rewritten(
    stream: BinaryIO, above: int, open_files: ExitStack, *, joins_times: bool, framed: bool
) -> BinaryIO:
    """A copy with tabs, or with bars, between cells only; `above` lines at its top are left out, and all others in place."""
    copy = temporary_file(open_files)
    for _ in range(above):
        stream.readline(LONGEST_LINE)
    change = _unframed if framed else _joining if joins_times else _tabbed
    for block in _blocks(stream):
        copy.write(change(block))
    copy.seek(0)
    return copy


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of a text in blocks of whole lines."""
    while block := stream.read(READ_BYTES):
        yield block if block.endswith(b"\n") else block + stream.readline(LONGEST_LINE)


def _unframed(block: bytes) -> bytes:
    return _line_by_line(block, _without_frame)


def _without_frame(line: bytes) -> bytes:
    return b"" if _rule(line) else line.strip().removeprefix(b"|").removesuffix(b"|")


def _joining(block: bytes) -> bytes:
    return _tabbed(_date_and_clock.sub(rb"\1" + _JOINT, block)).replace(_JOINT, b" ")


def _tabbed(block: bytes) -> bytes:
    if b'"' in block:
        return _line_by_line(block, _tabbed_words)
    return _at_ends.sub(b"", _between.sub(b"\t", block))


def _tabbed_words(line: bytes) -> bytes:
    """Marks inside of quoted words are doubled, as CSV has them."""
    return b"\t".join(word.replace(b'\\"', b'""') for word in _word_bytes.findall(line))


def _line_by_line(block: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return b"\n".join(map(change, block.split(b"\n")))
