"""Bytes to text: UTF-8, with or without a byte order mark, and a clear word about anything else."""

import io
from typing import BinaryIO

from apps.uploads.columns import NotReadable


class Unclosing(io.TextIOWrapper):
    """Text over a stream that somebody else closes."""

    def close(self) -> None:
        """Let go of the stream without closing it."""


def open_text(stream: BinaryIO) -> io.TextIOWrapper:
    """Text of a binary stream, with line ends as they are."""
    return Unclosing(stream, encoding="utf-8-sig", newline="")


def not_utf8(stream: BinaryIO) -> NotReadable:
    """The sentence for a file that stopped being UTF-8: finds the line and the byte by reading once more."""
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        try:
            line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            return NotReadable(
                f"Line {number} is not UTF-8 text (byte {line[error.start]:#04x} at position {error.start + 1})."
                " Save the file as UTF-8 and upload it again."
            )
    return NotReadable("The file is not UTF-8 text. Save it as UTF-8 and upload it again.")
