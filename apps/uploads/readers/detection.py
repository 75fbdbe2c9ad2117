"""Looking at the first bytes: what is this file?"""

from typing import BinaryIO

from apps.uploads.columns import NotReadable
from apps.uploads.readers import csv, json, ndjson
from apps.uploads.readers.table import Layout, Table

LOOK = 64 * 1024  # bytes
BOM = b"\xef\xbb\xbf"
# First bytes of what people upload by mistake. Reading workbooks and archives themselves is a later step.
OTHER_FORMATS = [
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
]
CURE = "Save it as CSV in UTF-8, or as JSON, and upload that."
NOT_TEXT = f"This is not a text file: it holds binary data. {CURE}"


def look_at(stream: BinaryIO) -> None:
    """Raise `NotReadable` for an empty or binary file, from its beginning alone; leaves the stream at its start."""
    head = stream.read(LOOK)
    stream.seek(0)
    if not head.removeprefix(BOM).strip():
        raise NotReadable("The file is empty. Choose a file with records in it.")
    for magic, name in OTHER_FORMATS:
        if head.startswith(magic):
            raise NotReadable(f"This is {name}, whatever its name says. {CURE}")
    if b"\0" in head:
        raise NotReadable(NOT_TEXT)


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Open with the reader that fits. Raises `NotReadable`."""
    look_at(stream)
    head = stream.read(LOOK).removeprefix(BOM).lstrip()
    stream.seek(0)
    if head.startswith(b"[") or json.is_search_result(head):
        return json.open_table(stream, layout)
    if head.startswith(b"{"):
        return ndjson.open_table(stream, layout)
    return csv.open_table(stream, layout)
