"""NDJSON: one JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from apps.uploads.columns import NotReadable
from apps.uploads.readers.objects import ObjectRows
from apps.uploads.readers.table import Layout, Table
from apps.uploads.readers.text import not_utf8

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 4 * 1024 * 1024  # bytes


def open_table(stream: BinaryIO, layout: Layout) -> Table:
    """Open the file; rows follow as they are asked for. Raises `NotReadable`."""
    rows = ObjectRows(_objects(stream), layout)
    return Table("NDJSON", "one record a line", rows.matching, iter(rows))


def _objects(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    """What each line holds; a line that is not JSON comes as its text, which is no object and is told of as such."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        text = line.removeprefix(BOM).strip()
        if not text:
            continue
        try:
            yield number, _decode(text)
        except UnicodeDecodeError:
            raise not_utf8(stream) from None
        except (ValueError, RecursionError):
            if number == 1:
                raise NotReadable(
                    "Line 1 is not a complete JSON object. Write one object a line, or one array: [ {…}, {…} ]."
                ) from None
            yield number, text.decode(errors="replace")


def _decode(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)  # takes NaN, which numpy and pandas write
