"""Looking at a file: what is it, and which reader is for it? Its content decides, never its name."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from apps.readers import (
    archive_listings,
    archives,
    cdf,
    csv,
    hdf5,
    json,
    json_shapes,
    ndjson,
    other_formats,
    parquet,
    workbook,
)
from apps.readers.dialect import BLANKS
from apps.readers.encodings import as_utf8
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMatcher
from apps.readers.table import Layout, Table
from apps.readers.text_tables import EMPTY, TextTable, find_table

HEAD_BYTES = 64 * 1024  # bytes
BOM = b"\xef\xbb\xbf"


def look_at(stream: BinaryIO) -> None:
    """Raise `UnreadableFile` for what is no file of records, from its beginning alone; leaves the stream at its start."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not head.removeprefix(BOM).strip():
        raise UnreadableFile(EMPTY)
    other_formats.refuse(head.removeprefix(BOM))


class FileKind(NamedTuple):
    """What a file seems to be, for people."""

    name: str
    is_text: bool = False


def kind_of(head: bytes) -> FileKind:
    """By its first bytes alone."""
    if head.startswith(parquet.MAGIC):
        return FileKind("Parquet files")
    if head.startswith(cdf.MAGICS):
        return FileKind("CDF files")
    if head.startswith(hdf5.MAGIC):
        return FileKind("netCDF and HDF5 files")
    if head.startswith(workbook.OLD_EXCEL):
        return FileKind("old Excel workbooks (.xls)")
    if head.startswith(archives.ZIP):
        return FileKind("workbooks")
    return FileKind("archives" if head.startswith(archives.GZIP) else "text files", is_text=True)


@contextmanager
def open_table(stream: BinaryIO, layout: Layout) -> Iterator[Table]:
    """The table in the file, for as long as the block lasts. Raises `UnreadableFile`."""
    look_at(stream)
    with ExitStack() as open_files:
        plain, packed_with = archives.unpacked(stream, open_files, layout.largest_unpacked)
        look_at(plain)
        layout = _packed(layout, packed_with)
        yield _binary(plain, layout, open_files) or _text(plain, layout, open_files)


def _packed(layout: Layout, packing_name: str) -> Layout:
    dialect = layout.dialect.with_(packing=packing_name or None)
    return replace(layout, dialect=dialect)


def _binary(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table | None:
    """Workbooks, Parquet, CDF, netCDF and HDF5."""
    head = stream.read(len(workbook.OLD_EXCEL))
    stream.seek(0)
    if head.startswith(parquet.MAGIC):
        return parquet.open_table(stream, layout, open_files)
    if head.startswith(cdf.MAGICS):
        return cdf.open_table(stream, layout, open_files)
    if head.startswith(hdf5.MAGIC):
        return hdf5.open_table(stream, layout, open_files)
    if head.startswith(workbook.OLD_EXCEL):
        if archives.size_of(stream) > workbook.LARGEST_OLD:
            raise UnreadableFile(workbook.TOO_LARGE)
        return workbook.open_table(stream, layout)
    if members := archives.workbook_members(stream):
        workbook.check_members(members, stream)
        return workbook.open_table(stream, layout)
    return None


def _text(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table:
    """CSV and JSON, in whatever encoding."""
    text = as_utf8(stream, layout.dialect.encoding, open_files)
    dialect = layout.dialect.with_(encoding=text.encoding)
    layout = replace(layout, dialect=dialect)
    reader = _json_reader_of(text.stream)
    if reader is None:
        table = csv.open_table(_lines_of(text.stream, layout, open_files), layout)
    elif reshaped := json_shapes.as_records(text.stream, HeaderMatcher(layout.columns, {}), open_files):
        table = replace(json.open_table(reshaped.stream, layout), remark=reshaped.remark)
    else:
        table = reader(text.stream, layout)
    return replace(table, remark=" ".join(filter(None, [text.remark, table.remark])))


def _lines_of(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> TextTable:
    """The table in a text. Listings of archives have their own way of saying the names of columns."""
    listing = None if layout.dialect.delimiter else archive_listings.rewritten(stream, open_files)
    if listing is None:
        return find_table(stream, layout, open_files)
    remark = f"Read as {listing.kind}: the names of the columns are taken from the {listing.lines:,} lines above the rows."
    matcher = HeaderMatcher(layout.columns, {})
    proposed = listing.proposed(matcher.of)
    return TextTable(listing.stream, "\t", BLANKS, listing.lines, listing.names, remark, proposed)


def _json_reader_of(stream: BinaryIO) -> Callable[[BinaryIO, Layout], Table] | None:
    """None where it is no JSON, but CSV or another table in a text."""
    start = stream.tell()
    head = stream.read(HEAD_BYTES).lstrip()
    stream.seek(start)
    if not head:
        raise UnreadableFile(EMPTY)
    if head.startswith(b"[") or json.is_search_result(head):
        return json.open_table
    return ndjson.open_table if head.startswith(b"{") else None
