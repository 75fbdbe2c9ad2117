"""What a reader may do at its worst, harmlessly: these are called in the place of the portal's own."""

import os
import time
from typing import BinaryIO

from apps.jobs.isolation import Channel
from apps.uploads.reader.options import ReaderOptions


def abort(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """As a library does at a fault of its own."""
    os.abort()


def allocate_without_end(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """As fast as the machine can."""
    kept = []
    while True:
        kept.append(b"x" * 10_000_000)


def ask_for_too_much(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """All at once, without ever using it."""
    bytearray(1 << 45)


def never_return(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """Without doing anything."""
    time.sleep(3600)


def compute_without_end(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """With all that the machine has."""
    while True:
        pass


def fail(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """With words that are in the file."""
    raise LookupError(stream.read().decode())


def talk_nonsense(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """As one does that has been taken over."""
    channel.send(b"\xc1 is nothing that this format has")
    time.sleep(3600)


def print_the_file(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """As a panic in Rust does, before the process ends."""
    os.write(2, stream.read())
    os.write(1, b"printed")
    os.abort()
