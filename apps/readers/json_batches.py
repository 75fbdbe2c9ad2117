"""Whole batches of JSON records at once, where they all have the types their fields should have.

msgspec reads them as one type made for the file: the fields of its first record and those of the API. Anything else in a
batch (a field nobody knows, a number written as text, NaN) makes that fail, and the batch is read record by record.
Members that a record does not have are UNSET, which polars refuses: so they cost nothing where there are none.

    {"epoch": "00:00", "location_geo": {"lat": 1, "lon": 2}, "metadata": {"a": 1}}
    {"epoch": "00:01", "location_geo": null}
        -> epoch: ["00:00", "00:01"]; location_geo.lat: [1, null]; metadata: ['{"a":1}', null], absent in row 2
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from operator import attrgetter, is_
from typing import Any

import msgspec
import polars as pl

from apps.readers.json_fields import NamedFields
from apps.readers.json_rows import ObjectRows, is_metadata
from apps.readers.table import Layout
from apps.validation import json_decoding
from apps.validation.batches import Batch
from apps.validation.columns import METADATA, Column
from apps.validation.time_formats import DECLARED
from apps.validation.time_parts import is_number_part

Number, Text = float | None | msgspec.UnsetType, str | None | msgspec.UnsetType
Object, Whatever = dict[str, Any] | None | msgspec.UnsetType, Any
NoObject = list[Any] | str | float | bool | None | msgspec.UnsetType

_encoder = msgspec.json.Encoder()
MISSING = ...  # a name that is not there, inside a group


class RepeatedName(ValueError):
    """A name may stand twice in an object of a batch, or two names mean the same."""


# What reading a batch as a whole may raise: then it is read record by record.
UNUSUAL = (msgspec.MsgspecError, OverflowError, RecursionError, UnicodeError, RepeatedName)


class TypedRecords:
    """Decodes records of one file, and lays them out as columns."""

    def __init__(self, first: Mapping[str, Any], rows: ObjectRows, layout: Layout) -> None:
        self._rows, self._layout = rows, layout
        self._columns = {column.name: column for column in layout.columns}
        self._places: dict[str, tuple[str, ...]] = {}  # canonical name -> where it is in a record
        self._ignored: list[tuple[str, ...]] = []  # where the other fields are
        named = NamedFields.of(first, rows, layout)
        self._is_scattered = named.is_scattered
        fields = [*self._plain_fields(named.plain), *self._nested_fields(named.nested)]
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

    def batch(self, lines: pl.Series, records: Sequence[Any], text: bytes) -> Batch:
        """The records of this text as columns. Raises OverflowError for a number in metadata that JSON takes and nobody
        else, and `RepeatedName` where a name may stand twice in an object.
        """
        if self._is_scattered:
            raise RepeatedName
        groups = {step: list(map(attrgetter(step), records)) for step in self._groups}
        self._names, self._partly = 0, set[str]()
        nowhere = {step for step, values in groups.items() if _is_nowhere(values)}
        columns: list[pl.Series] = []
        absent: dict[str, pl.Series] = {}
        for name, place in self._places.items():
            if not name.startswith(METADATA) and place[0] not in nowhere:
                columns += self._column(name, self._values(place, groups, records), absent)
        members = [name for name in self._places if name.startswith(f"{METADATA}.")]
        objects = self._objects(records, {} if members else absent)
        if objects is not None:
            columns.append(pl.Series(METADATA, _encoded(objects)))
        columns += [self._member(name, groups, records) for name in members]
        self._count_others({group: groups[group] for group in groups.keys() - nowhere}, records)
        if json_decoding.names_in(text) != self._names and self._may_repeat(text):
            raise RepeatedName
        self._rows.given.update(column.name for column in columns)
        frame, encoded = pl.DataFrame(columns), frozenset(members)
        return Batch(lines, frame, metadata_objects=objects, encoded=encoded, absent=absent)

    def _count_others(self, groups: Mapping[str, Sequence[Any]], records: Sequence[Any]) -> None:
        """Count the names of fields that are ignored, and of the groups that records have."""
        for place in self._ignored:
            if len(place) == 1 or place[0] in groups:
                self._names += _given(self._values(place, groups, records))
        for group, values in groups.items():
            self._names += _given(values) if group in self._partly else len(values)

    def _may_repeat(self, text: bytes) -> bool:
        """As `decoding.may_repeat`, of an array or of lines."""
        if text.startswith(b"["):
            return json_decoding.may_repeat(text, msgspec.json.decode(text))
        return json_decoding.may_repeat(text, msgspec.json.Decoder().decode_lines(text))

    # The type ------------------------------------------------------------------------------------------------------------

    def _plain_fields(self, headers: Sequence[str]) -> Iterator[tuple[str, Any, Any]]:
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
            yield (
                f"g{place}",
                struct | None | msgspec.UnsetType,
                msgspec.field(name=group, default=msgspec.UNSET),
            )

    def _field(self, name: str, header: str, spelt: str, within: tuple[str, ...]) -> tuple[str, Any, Any]:
        """A field of the type, as `msgspec.defstruct` takes it; where it is found is entered in `_places`.

        "f0", "epoch", "epoch", ()                -> ("f0", Text, name="epoch");  _places["epoch"] = ("f0",)
        "i1", "location_geo.lat", "lat", ("g0",)  -> ("i1", Number, name="lat");  _places["location_geo.lat"] = ("g0", "i1")
        """
        meaning = self._rows.name_of(header) or ""
        if meaning:
            self._places[meaning] = (*within, name)
        else:
            self._ignored.append((*within, name))
        default = MISSING if within else msgspec.UNSET  # half a place is one with an empty half
        is_alone = not (
            meaning or within or is_metadata(header)
        )  # as an object it is other fields, maybe unknown
        return name, NoObject if is_alone else self._type(meaning), msgspec.field(name=spelt, default=default)

    def _type(self, meaning: str) -> Any:
        if meaning == METADATA:
            return Object
        if not meaning or meaning.startswith(METADATA):
            return Whatever
        column: Column | None = self._columns.get(meaning)
        if meaning == "data_source.identifier":
            return int | str | None | msgspec.UnsetType
        unix = self._layout.value_formats.time_formats.get(meaning) in DECLARED or is_number_part(meaning)
        return Number if unix or (column and column.holds == "number") else Text

    # The columns ---------------------------------------------------------------------------------------------------------

    @property
    def _groups(self) -> set[str]:
        return {place[0] for place in [*self._places.values(), *self._ignored] if len(place) > 1}

    def _column(self, name: str, values: list[Any], absent: dict[str, pl.Series]) -> list[pl.Series]:
        """One column; none where no record has it. Which records lack it is entered in `absent`."""
        if name == "data_source.identifier":
            values = [str(value) if isinstance(value, int) else value for value in values]
        kind = pl.Float64 if self._type(name) == Number else pl.String
        try:
            found = pl.Series(name, values, dtype=kind)
        except (ValueError, TypeError):  # some records do not have it
            self._names += _given(values)
            present = _present(name, [None if value is MISSING else value for value in values], absent)
            return [] if present is None else [pl.Series(name, present, dtype=kind)]
        self._names += len(values)
        return [found]

    def _objects(
        self, records: Sequence[Any], absent: dict[str, pl.Series]
    ) -> list[dict[str, Any] | None] | None:
        """Metadata as objects; None where no record has any."""
        if METADATA not in self._places:  # somebody ignores it
            return None
        objects = self._values(self._places[METADATA], {}, records)
        if msgspec.UNSET in objects:
            self._names += _given(objects)
            objects = _present(METADATA, objects, absent) or []
        else:
            self._names += len(objects)
        try:
            self._names += sum(map(len, objects))
        except TypeError:  # one of them has none
            self._names += sum(len(each) for each in objects if each)
        return objects or None

    def _values(
        self, place: Sequence[str], groups: Mapping[str, Sequence[Any]], records: Sequence[Any]
    ) -> list[Any]:
        """One field of all records; UNSET for a group that a record does not have, `MISSING` for one that is null."""
        get = attrgetter(place[-1])
        holders = groups.get(place[0], records)
        try:
            return list(map(get, holders))
        except AttributeError:
            self._partly.add(place[0])
            return [
                each if each is msgspec.UNSET else MISSING if each is None else get(each) for each in holders
            ]

    def _member(self, name: str, groups: Mapping[str, Sequence[Any]], records: Sequence[Any]) -> pl.Series:
        """What stands under a name of its own (`metadata.state`), as JSON values."""
        place = self._places[name]
        values = self._values(place, groups, records)
        self._names += _given(values)
        given = [None if value is msgspec.UNSET or value is MISSING else value for value in values]
        texts = pl.Series(name, _encoded(given))
        return texts.set(texts == "null", None)


def _encoded(values: Sequence[Any]) -> list[str]:
    encoded = _encoder.encode_lines(values)
    if json_decoding.has_long_number(encoded):
        raise OverflowError
    return encoded.decode().split("\n")[:-1]


def _is_nowhere(group: Sequence[Any]) -> bool:
    """Whether no record has the group: nothing in it need be looked for, then."""
    return group[0] is msgspec.UNSET and all(map(is_, group, repeat(msgspec.UNSET)))


def _given(values: Sequence[Any]) -> int:
    """How many records have the field, be it null: `[1, None, UNSET]` -> 2."""
    missing = sum(map(is_, values, repeat(msgspec.UNSET))) + sum(map(is_, values, repeat(MISSING)))
    return len(values) - missing


def _present(name: str, values: list[Any], absent: dict[str, pl.Series]) -> list[Any] | None:
    """The values, None for those that are UNSET, which are entered in `absent`: `[1, UNSET]` -> `[1, None]`, [no, yes]."""
    lacking = [value is msgspec.UNSET for value in values]
    if all(lacking):
        return None
    if any(lacking):
        absent[name] = pl.Series(lacking)
    return [None if value is msgspec.UNSET else value for value in values]
