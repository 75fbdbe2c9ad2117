"""Records out of JSON documents of other shapes: pandas' `to_json`, columns as arrays, GeoJSON points, HAPI.

{"time": {"0": 1, "1": 2}, "lat": {"0": 51, "1": 52}}           (orient="columns", pandas' default)
{"0": {"time": 1, "lat": 51}, "1": {"time": 2, "lat": 52}}      (orient="index")
{"columns": ["time", "lat"], "data": [[1, 51], [2, 52]]}        (orient="split")
{"schema": …, "data": [{"time": 1, "lat": 51}, …]}              (orient="table")
[["time", "lat"], [1, 51], [2, 52]]                             (rows as arrays)
{"time": [1, 2], "lat": [51, 52]}                               (columns as arrays)
    -> {"time": 1, "lat": 51}, {"time": 2, "lat": 52}
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

from apps.readers import hapi
from apps.readers.archives import MEGABYTE, temporary_file
from apps.readers.errors import UnreadableFile
from apps.readers.header import is_value
from apps.readers.headers import HeaderMatcher
from apps.validation.json_decoding import Decoder

LARGEST = 64 * MEGABYTE  # bytes: such a document is in memory as a whole
HEAD_BYTES = 64 * 1024
LONGEST_LINE = LARGEST + 1
INDEX = "index"
TOO_LARGE = (
    f"The file is one JSON object of more than {LARGEST // MEGABYTE} MB, which cannot be read piece by piece. Write one"
    " record a line instead (pandas: to_json(…, orient='records', lines=True)), and upload that."
)
Records = Iterator[Mapping[str, Any]]


class Reshaped(NamedTuple):
    """A JSON array of records in a temporary file, and what was made of the document."""

    stream: BinaryIO
    remark: str


def as_records(stream: BinaryIO, matcher: HeaderMatcher, open_files: ExitStack) -> Reshaped | None:
    """The records of a document of another shape; None for one record a line, arrays of records, and what is no JSON. The stream
    stays where it is. Raises `UnreadableFile` for what is too large or contradicts itself.
    """
    start = stream.tell()
    try:
        text = _single_document(stream)
    finally:
        stream.seek(start)
    if text is None:
        return None
    decoder = Decoder()
    try:
        document = decoder.decode(text.decode().strip())
    except (ValueError, RecursionError):  # told by the readers of JSON
        return None
    found = _records(document, matcher)
    if found is None:
        return None
    if decoder.repeated:
        raise UnreadableFile(f"The name {decoder.repeated} stands twice in one object. Keep one of them.")
    records, shape = found
    return Reshaped(_written(records, open_files), f"Read as {shape}.")


def _single_document(stream: BinaryIO) -> bytes | None:
    """The whole text, unless it is one object a line, or an array of them. Raises `UnreadableFile` when it is too large."""
    start = stream.tell()
    head = stream.read(HEAD_BYTES).lstrip()
    stream.seek(start)
    if not head.startswith(b"{") and not head[1:].lstrip().startswith(b"["):
        return None
    if head.startswith(b"{") and _is_complete(stream.readline(LONGEST_LINE)) and _goes_on(stream):
        return None
    stream.seek(start)
    text = stream.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise UnreadableFile(TOO_LARGE)
    return text


def _is_complete(line: bytes) -> bool:
    return line.rstrip().endswith(b"}")


def _goes_on(stream: BinaryIO) -> bool:
    """Whether another object follows in the lines below."""
    below = iter(lambda: stream.readline(HEAD_BYTES), b"")
    return next((line.lstrip().startswith(b"{") for line in below if line.strip()), False)


def _records(document: object, matcher: HeaderMatcher) -> tuple[Records, str] | None:
    """The records and the name of the shape; None where it is none of these."""
    if isinstance(document, list):
        return (_of_rows(document), "rows in arrays") if _are_lists(document) else None
    if not isinstance(document, dict):
        return None
    if document.get("type") == "FeatureCollection" and isinstance(document.get("features"), list):
        return _of_features(document["features"]), "points of GeoJSON"
    return _of_members(document) or _of_columns(document, matcher)


def _of_members(document: Mapping[str, Any]) -> tuple[Records, str] | None:
    """Documents that hold their records in `data`."""
    data = document.get("data")
    if not isinstance(data, list) or not data:
        return None
    if isinstance(document.get("parameters"), list) and _are_lists(data):
        names = hapi.names_of(document) or ()
        return _rows(names, ([*_flat(row)] for row in data)), "an answer of a HAPI server"
    if isinstance(document.get("columns"), list) and _are_lists(data):
        names = [str(name) for name in document["columns"]]
        return _with_index(_rows(names, data), document.get("index")), "a table in JSON (orient split)"
    if all(isinstance(record, dict) for record in data) and "epoch" not in document:
        numbered = all(record.get(INDEX) == n for n, record in enumerate(data))
        records = ({k: v for k, v in each.items() if not (numbered and k == INDEX)} for each in data)
        return records, "the records in “data”"
    return None


def _of_columns(document: Mapping[str, Any], matcher: HeaderMatcher) -> tuple[Records, str] | None:
    """Columns, as arrays or by row, or rows by their index: what has names of columns tells which."""
    values = [*document.values()]
    if not values or not any(map(matcher.of, document)):
        inner = [value for value in values if isinstance(value, dict)]
        is_index = len(inner) == len(values) > 0 and any(map(matcher.of, inner[0]))
        return (_with_index(iter(inner), [*document]), "rows by their index in JSON") if is_index else None
    if _are_lists(values):
        _check_lengths(document)
        return _rows([*document], zip(*values, strict=True)), "columns in arrays"
    if all(isinstance(value, dict) and not any(map(matcher.of, value)) for value in values):
        index = [*dict.fromkeys(chain.from_iterable(values))]
        if len(index) > 1 or index == ["0"]:
            rows = ([column.get(row) for column in values] for row in index)
            return _with_index(_rows([*document], rows), index), "columns in JSON (orient columns)"
    return None


def _of_rows(rows: Sequence[Sequence[Any]]) -> Records:
    """The first row holds the names of columns. Raises `UnreadableFile` when it does not."""
    first = rows[0]
    if not first or not all(isinstance(cell, str) and not is_value(cell) for cell in first):
        raise UnreadableFile(
            'The first array holds values, where names of columns should be. Put them first: [["epoch", "lat"], …].'
        )
    return _rows(first, rows[1:])


def _of_features(features: Sequence[Any]) -> Records:
    for number, feature in enumerate(features, start=1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") != "Point":
            raise UnreadableFile(f"Feature {number:,} is no point. Upload points only: one for each record.")
        longitude, latitude = [*geometry.get("coordinates", ()), None, None][:2]
        yield {**(feature.get("properties") or {}), "location_geo": {"lat": latitude, "lon": longitude}}


def _rows(names: Sequence[str], rows: Iterator[Sequence[Any]] | Sequence[Sequence[Any]]) -> Records:
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise UnreadableFile(f"Row {number:,} has {len(row):,} values for {len(names):,} columns.")
        yield dict(zip(names, row, strict=True))


def _with_index(records: Records, index: object) -> Records:
    """With the names of rows as a member, unless they only count them."""
    named = isinstance(index, list) and [*map(str, index)] != [*map(str, range(len(index)))]
    if not named or not isinstance(index, list):
        yield from records
        return
    for name, record in zip(index, records, strict=False):
        yield {INDEX: name, **record} if INDEX not in record else record


def _check_lengths(columns: Mapping[str, Sequence[Any]]) -> None:
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {count:,}" for name, count in islice(lengths.items(), 5))
        raise UnreadableFile(
            f"The columns have different numbers of values ({shown}). Each needs one a record."
        )


def _are_lists(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(value, list) for value in values)


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        yield from _flat(value) if isinstance(value, list) else (value,)


def _written(records: Records, open_files: ExitStack) -> BinaryIO:
    copy = temporary_file(open_files)
    copy.write(b"[")
    for number, record in enumerate(records):
        copy.write((",\n" if number else "").encode() + json.dumps(record, ensure_ascii=False).encode())
    copy.write(b"]")
    copy.seek(0)
    return copy
