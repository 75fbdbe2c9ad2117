"""Whole blocks of JSON records at once, where they all have the types their fields should have.

msgspec reads them as one type made for the file: the fields of its first record and those of the API. Anything else in a
block (a field nobody knows, a number written as text, NaN) makes that fail, and the block is read record by record.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from operator import attrgetter, is_
from typing import Any

import msgspec
import polars as pl

from apps.uploads import decoding
from apps.uploads.blocks import Block
from apps.uploads.cells import DECLARED
from apps.uploads.columns import METADATA, Column
from apps.uploads.readers.objects import ObjectRows
from apps.uploads.readers.table import Layout

Number, Text = float | None | msgspec.UnsetType, str | None | msgspec.UnsetType
Object, Whatever = dict[str, Any] | None | msgspec.UnsetType, Any

_encoder = msgspec.json.Encoder()
MISSING = ...  # a name that is not there, inside a group


class RepeatedName(ValueError):
    """A name may stand twice in an object of a block."""


# What reading a block as a whole may raise: then it is read record by record.
UNUSUAL = (msgspec.MsgspecError, OverflowError, RecursionError, UnicodeError, RepeatedName)


class TypedRecords:
    """Decodes records of one file, and lays them out as columns."""

    def __init__(self, first: Mapping[str, Any], rows: ObjectRows, layout: Layout) -> None:
        self._rows, self._layout = rows, layout
        self._columns = {column.name: column for column in layout.columns}
        self._places: dict[str, tuple[str, ...]] = {}  # canonical name -> where it is in a record
        self._ignored: list[tuple[str, ...]] = []  # where the other fields are
        fields = self._fields(first)
        record = msgspec.defstruct("Record", fields, forbid_unknown_fields=True, gc=False)
        self._array = msgspec.json.Decoder(list[record])  # type: ignore[valid-type]
        self._line = msgspec.json.Decoder(record)

    def array(self, text: str | bytes) -> list[Any]:
        """The records of a JSON array. Raises `msgspec.MsgspecError` when one is not as expected."""
        return self._array.decode(text)

    def lines(self, text: bytes) -> list[Any]:
        """The records of NDJSON; blank lines are left out. Raises like `array`."""
        found: list[Any] = self._line.decode_lines(text)
        return found

    def block(self, lines: pl.Series, records: Sequence[Any], text: bytes) -> Block:
        """The records of this text as columns. Raises OverflowError for a number in metadata that JSON takes and nobody
        else, and `RepeatedName` where a name may stand twice in an object.
        """
        laid_out = _LaidOut(records)
        columns: list[pl.Series] = []
        for name, place in self._places.items():
            if not name.startswith(METADATA):
                columns += self._column(name, laid_out, place)
        members = {name: laid_out.values(place) for name, place in self._places.items() if _is_member(name)}
        objects = laid_out.objects(self._places[METADATA], alone=not members)
        for place in self._ignored:
            laid_out.values(place)
        if decoding.names_in(text) != laid_out.names and self._may_repeat(text):
            raise RepeatedName
        if objects is not None:
            columns.append(pl.Series(METADATA, _encoded(objects)))
        columns += [_member(name, values) for name, values in members.items()]
        self._rows.given.update(column.name for column in columns)
        encoded, absent = frozenset(members), laid_out.absent
        return Block(lines, pl.DataFrame(columns), objects=objects, encoded=encoded, absent=absent)

    def _may_repeat(self, text: bytes) -> bool:
        """As `decoding.may_repeat`, of an array or of lines."""
        if text.startswith(b"["):
            return decoding.may_repeat(text, msgspec.json.decode(text))
        return decoding.may_repeat(text, msgspec.json.Decoder().decode_lines(text))

    # The type ------------------------------------------------------------------------------------------------------------

    def _fields(self, first: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
        """Fields of the first record as they are spelt there, then those of the API it does not have."""
        nested: dict[str, list[str]] = {}
        plain = dict[str, None]()
        for name, value in first.items():
            if isinstance(value, dict) and not name.startswith(METADATA) and _can_be_named(name):
                nested[name] = [inner for inner in value if _can_be_named(inner)]
            elif value is not None and _can_be_named(name):
                plain[name] = None
        known = {self._rows.name_of(header) for header in plain}
        known |= {column.json_column for column in self._layout.columns}  # rare, and no field of the API
        plain.setdefault(METADATA)
        for column in self._layout.columns:
            group, dot, inner = column.name.partition(".")
            if column.name not in known and group not in plain and (dot or group not in nested):
                inside = nested.setdefault(group, []) if dot else plain.setdefault(group)
                if inside is not None and inner not in inside:
                    inside.append(inner)
        return [*self._plain_fields(plain), *self._nested_fields(nested)]

    def _plain_fields(self, headers: Mapping[str, None]) -> Iterator[tuple[str, Any, Any]]:
        for place, header in enumerate(headers):
            yield self._field(f"f{place}", header, header, ())

    def _nested_fields(self, nested: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Any, Any]]:
        for place, (group, inners) in enumerate(nested.items()):
            inside = [
                self._field(f"i{n}", f"{group}.{inner}", inner, (f"g{place}",))
                for n, inner in enumerate(inners)
            ]
            struct = msgspec.defstruct(
                "Nested", inside, forbid_unknown_fields=group != "data_source", gc=False
            )
            kind = struct | None | msgspec.UnsetType
            yield f"g{place}", kind, msgspec.field(name=group, default=UNSET)

    def _field(self, name: str, header: str, spelt: str, within: tuple[str, ...]) -> tuple[str, Any, Any]:
        meaning = self._rows.name_of(header) or ""
        if meaning:
            self._places[meaning] = (*within, name)
        else:
            self._ignored.append((*within, name))
        return name, self._type(meaning), msgspec.field(name=spelt, default=UNSET)

    def _type(self, meaning: str) -> Any:
        if meaning == METADATA:
            return Object
        if not meaning or meaning.startswith(METADATA):
            return Whatever
        column: Column | None = self._columns.get(meaning)
        if meaning == "data_source.identifier":
            return int | str | None | msgspec.UnsetType
        unix = self._layout.notation.spellings.get(meaning) in DECLARED
        return Number if unix or (column and column.holds == "number") else Text

    # The columns ---------------------------------------------------------------------------------------------------------

    def _column(self, name: str, laid_out: "_LaidOut", place: tuple[str, ...]) -> list[pl.Series]:
        """One column; none where no record has it."""
        if name == "data_source.identifier":
            values = [None if value is None else str(value) for value in laid_out.values(place)]
            return [pl.Series(name, values, dtype=pl.String)]
        found = laid_out.column(name, place, pl.Float64 if self._type(name) == Number else pl.String)
        return [] if found is None else [found]


def _is_member(name: str) -> bool:
    return name.startswith(f"{METADATA}.")


def _member(name: str, values: Sequence[Any]) -> pl.Series:
    """What stands under a name of its own (`metadata.state`), as JSON values."""
    texts = pl.Series(name, _encoded(values))
    return texts.set(texts == "null", None)


def _encoded(values: Sequence[Any]) -> list[str]:
    """Each as JSON. Raises OverflowError for a number that JSON takes and nobody else."""
    encoded = _encoder.encode_lines(values)
    if decoding.has_long_number(encoded):
        raise OverflowError
    return encoded.decode().split("\n")[:-1]


def _can_be_named(field: str) -> bool:
    """What msgspec bears as a name; blocks with any other field are read record by record."""
    return field.isprintable() and not set(field) & {'"', "\\"}
