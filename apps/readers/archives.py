"""Files inside gzip and zip: taken out within bounds, because a few kilobytes can hold a disk full of zeros."""

import gzip
import struct
import tempfile
import zipfile
import zlib
from contextlib import ExitStack
from typing import BinaryIO, cast

from apps.readers.errors import UnreadableFile

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
READ_BYTES = 1024 * 1024  # bytes
MOST_MEMBERS = 100
MOST_TIMES_AS_LARGE = 200  # real records pack 6 to 15 times; asked from `FREELY` on
FREELY = 16 * 1024 * 1024  # bytes
DEEPEST = 2  # a gzip in a zip is somebody's habit, more is a trap
MEGABYTE = 1024 * 1024
DAMAGED = "The archive is damaged or cut off. Pack the file anew, or upload it without packing it."
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError,
)  # fmt: skip


def temporary_file(open_files: ExitStack) -> BinaryIO:
    """A temporary file that is gone when `open_files` is closed."""
    return cast("BinaryIO", open_files.enter_context(tempfile.TemporaryFile()))


def unpacked(stream: BinaryIO, open_files: ExitStack, largest: int) -> tuple[BinaryIO, str]:
    """The file itself, and what it was packed with (or nothing). Workbooks are zip files too, and stay packed.

    What is taken out, at most `largest` bytes, lives until `open_files` is closed. Raises `UnreadableFile`.
    """
    packing = ""
    for _ in range(DEEPEST):
        magic = _magic(stream)
        if magic.startswith(GZIP):
            packed = cast("BinaryIO", gzip.GzipFile(fileobj=stream))
            stream, packing = _copy(packed, size_of(stream), open_files, largest), "gzip"
        elif magic.startswith(ZIP) and not workbook_members(stream):
            stream, packing = _only_member(stream, open_files, largest), "zip"
        else:
            return stream, packing
    if _magic(stream).startswith(GZIP):
        raise UnreadableFile("There are archives inside archives here. Upload the file itself.")
    return stream, packing


def workbook_members(stream: BinaryIO) -> list[zipfile.ZipInfo]:
    """The members of a zip file that is a workbook or another office document; none for any other file."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except BROKEN:
        return []
    finally:
        stream.seek(0)
    names = {member.filename for member in members}
    return members if names & {"[Content_Types].xml", "content.xml"} else []


def size_of(stream: BinaryIO) -> int:
    """How many bytes there are; the stream is at its start afterwards."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    return size


def _only_member(stream: BinaryIO, open_files: ExitStack, largest: int) -> BinaryIO:
    try:
        archive = open_files.enter_context(zipfile.ZipFile(stream))
        member = _choose(archive.infolist())
        with archive.open(member) as packed:
            return _copy(cast("BinaryIO", packed), max(member.compress_size, 1), open_files, largest)
    except BROKEN:
        raise UnreadableFile(DAMAGED) from None


def _choose(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The one file in the archive, leaving aside what operating systems put beside it."""
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(f"The archive holds {len(members):,} files. Upload them one by one.")
    files = [
        member
        for member in members
        if member.filename  # damaged archives have members without one, which zipfile cannot bear
        and not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not member.filename.rpartition("/")[2].startswith(".")
    ]
    if not files:
        raise UnreadableFile("The archive is empty. Choose one with a file of records in it.")
    if len(files) > 1:
        names = ", ".join(ascii(member.filename)[1:-1][:60] for member in files[:3])
        raise UnreadableFile(f"The archive holds {len(files)} files ({names}…). Upload them one by one.")
    if files[0].flag_bits & 0x1:
        raise UnreadableFile("The archive is locked with a password. Upload it without one.")
    return files[0]


def _copy(packed: BinaryIO, packed_size: int, open_files: ExitStack, largest: int) -> BinaryIO:
    """What comes out, in a temporary file. Stops at the bounds."""
    plain = temporary_file(open_files)
    size = 0
    try:
        while chunk := packed.read(READ_BYTES):
            size += len(chunk)
            if size > largest:
                raise UnreadableFile(
                    f"Unpacked, the file is larger than {largest // MEGABYTE:,} MB. Split it."
                )
            if size > FREELY and size > MOST_TIMES_AS_LARGE * packed_size:
                raise UnreadableFile(
                    f"Unpacked, the file is more than {MOST_TIMES_AS_LARGE} times as large: no records are that much"
                    " alike. Upload it without packing it."
                )
            plain.write(chunk)
    except BROKEN:
        raise UnreadableFile(DAMAGED) from None
    plain.seek(0)
    return plain


def _magic(stream: BinaryIO) -> bytes:
    magic = stream.read(4)
    stream.seek(0)
    return magic
