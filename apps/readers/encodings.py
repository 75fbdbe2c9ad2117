"""Text in whatever encoding, as UTF-8: readers know no other, and need not look out for anything that is none."""

import codecs
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import BinaryIO, NamedTuple

from apps.readers.archives import temporary_file
from apps.readers.dialect import ENCODINGS
from apps.readers.errors import UnreadableFile

READ_BYTES = 1024 * 1024  # bytes
HEAD_BYTES = 4096
LONGEST_LINE = 1024 * 1024  # bytes in which a position is counted
NOT_TEXT = (
    "This is not a text file: it holds binary data. Save it as CSV or JSON, as a workbook or as Parquet."
)


class Text(NamedTuple):
    """UTF-8 without byte order mark, NUL or lone carriage return; what it was written in, and a remark about that."""

    stream: BinaryIO
    encoding: str
    remark: str = ""


def as_utf8(stream: BinaryIO, chosen: str | None, open_files: ExitStack) -> Text:
    """The text of a file: `chosen` is one of `dialect.ENCODINGS`, None finds it out. Raises `UnreadableFile`.

    UTF-8 is read from where it is; anything else from a temporary copy that lives until `open_files` is closed.
    """
    encoding = chosen or _marked(stream)
    remark = ""
    if encoding in (None, "utf-8"):
        flaw = _first_flaw(stream)
        if flaw is None and not _has_lone_returns(stream):
            return Text(_after_mark(stream), "utf-8")
        if flaw is not None and encoding:
            raise UnreadableFile(f"{flaw.message} Save the file as UTF-8, or choose another encoding.")
        if flaw is not None and flaw.is_binary:
            raise UnreadableFile(NOT_TEXT)
        remark = f"Read as Windows-1252: {flaw.message}" if flaw else ""
        encoding = "cp1252" if flaw else "utf-8"
    return Text(_transcoded(stream, encoding, open_files), encoding, remark)


class Flaw(NamedTuple):
    """The first byte that UTF-8 does not know. A file that is text otherwise may be in Windows-1252."""

    message: str
    is_binary: bool


def _marked(stream: BinaryIO) -> str | None:
    """By its byte order mark, or (UTF-16 of western text) by the zero in every other byte."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    odd, even = head[1::2].count(0), head[::2].count(0)
    return (
        "utf-16"
        if max(odd, even) > 0.8 * (len(head) // 2) and min(odd, even) == 0 and len(head) > 3
        else None
    )


def _first_flaw(stream: BinaryIO) -> Flaw | None:
    """Reads it all: what is wrong far down is wrong as well."""
    decoder, start = codecs.getincrementaldecoder("utf-8")(), 0
    for chunk in chain(_chunks(stream), [b""]):
        if b"\0" in chunk:
            return Flaw("", is_binary=True)
        carried = len(decoder.getstate()[0])  # bytes before that wait for the rest of a character
        if chunk and not carried and chunk.isascii():  # seen in a twentieth of the time
            start += len(chunk)
            continue
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return _flaw(stream, start + error.start - carried)
        start += len(chunk)
    return None


def _flaw(stream: BinaryIO, place: int) -> Flaw:
    stream.seek(max(place - LONGEST_LINE, 0))
    before = stream.read(min(place, LONGEST_LINE))
    byte = stream.read(1)
    line, column = _line_of(stream, place), len(before) - before.rfind(b"\n")
    message = f"Line {line:,} is not UTF-8 text (byte {byte[0]:#04x} at position {column})."
    return Flaw(message, is_binary=_is_binary(stream))


def _line_of(stream: BinaryIO, place: int) -> int:
    lines, left = 1, place
    for chunk in _chunks(stream):
        lines += chunk[:left].count(b"\n")
        left -= len(chunk)
        if left <= 0:
            break
    return lines


def _is_binary(stream: BinaryIO) -> bool:
    """Whether there is a character that no text has."""
    controls = bytes(set(range(32)) - {9, 10, 12, 13})
    return any(len(chunk.translate(None, controls)) < len(chunk) for chunk in _chunks(stream))


def _has_lone_returns(stream: BinaryIO) -> bool:
    """Line ends of old Macintosh programs."""
    last = b""
    for chunk in _chunks(stream):
        whole = last + chunk
        last = whole[-1:] if whole.endswith(b"\r") else b""
        kept = whole[:-1] if last else whole
        if b"\r" in kept and kept.count(b"\r") != kept.count(b"\r\n"):
            return True
    return bool(last)


def _transcoded(stream: BinaryIO, encoding: str, open_files: ExitStack) -> BinaryIO:
    """A copy in UTF-8 with line feeds."""
    copy = temporary_file(open_files)
    if encoding not in ENCODINGS:
        raise UnreadableFile("There is no such encoding. Choose one of the list.")
    decoder, held = codecs.getincrementaldecoder(_python_name(stream, encoding))(), ""
    try:
        for chunk in chain(_chunks(stream), [b""]):
            text = held + decoder.decode(chunk, final=not chunk)
            held = text[-1:] if text.endswith("\r") and chunk else ""
            text = text.removesuffix("\r") if held else text
            copy.write(text.replace("\r\n", "\n").replace("\r", "\n").encode())
    except UnicodeError:
        raise UnreadableFile(
            f"The file cannot be read as {ENCODINGS[encoding]}. Choose another encoding."
        ) from None
    copy.seek(0)
    if any(b"\0" in chunk for chunk in _chunks(copy)):
        raise UnreadableFile(NOT_TEXT)
    return _after_mark(copy)


def _python_name(stream: BinaryIO, encoding: str) -> str:
    """UTF-16 without a mark does not say which byte comes first."""
    if encoding != "utf-16":
        return "utf-8-sig" if encoding == "utf-8" else encoding
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _after_mark(stream: BinaryIO) -> BinaryIO:
    """At the first byte behind a byte order mark."""
    stream.seek(0)
    if stream.read(3) != codecs.BOM_UTF8:
        stream.seek(0)
    return stream


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """All of the file from its start; leaves it there."""
    stream.seek(0)
    try:
        while chunk := stream.read(READ_BYTES):
            yield chunk
    finally:
        stream.seek(0)
