"""Metadata of a block: JSON texts out of columns and out of objects, compared with the schema of the data source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import msgspec
import polars as pl

from apps.aurorax.records import MetadataField
from apps.uploads import decoding, rules
from apps.uploads.blocks import pieces
from apps.uploads.blocks.block import Block
from apps.uploads.blocks.certain import certain
from apps.uploads.blocks.pieces import Pieces
from apps.uploads.row_check import METADATA_TYPES, as_text, has_type
from apps.uploads.rules import Rule

# Numbers that JSON writes in the same way and a double keeps; anything longer is looked at by itself.
_NUMBER = r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$"
_INTEGER = r"^-?(?:0|[1-9]\d{0,14})$"
_BOOLEAN = r"^(?:true|false)$"
_NAME_END = r'"\s*:'
_MANY_DIGITS = r"\d{20}"
_LOOKS_LONG = r"^[\s+-]*[\d.]{15,}|[eE][+-]?\d{3}"


class Warned(NamedTuple):
    """Rows whose metadata is not as the schema says; they are sent all the same."""

    rule: Rule
    field: str
    rows: pl.Series
    values: pl.Series


@dataclass(frozen=True)
class Metadata:
    """`json`: an object for each row, null where there is none. `odd`: rows to be looked at one by one."""

    json: Pieces
    odd: pl.Series
    warned: Sequence[Warned]


@dataclass(frozen=True)
class Member:
    """One column: `values` as JSON, null where there is none; with `is_text` they are texts, not yet JSON, and all there."""

    name: str
    values: pl.Series
    is_text: bool
    odd: pl.Series | None
    warned: Sequence[Warned]


def metadata_of(block: Block, schema: dict[str, MetadataField]) -> Metadata:
    """Metadata from the columns `metadata.<field>`, and from the JSON texts of the column `metadata`."""
    no = pl.Series([False]).new_from_index(0, len(block.lines))
    columns = [column for column in block.cells if column.name.startswith("metadata.")]
    named = [_member(column, column.name.partition(".")[2], schema) for column in columns]
    odd = reduce(pl.Series.__or__, (each.odd for each in named if each.odd is not None), no)
    warned = [warned for each in named for warned in each.warned]
    if "metadata" not in block.cells.columns:
        return Metadata(_joined(named), odd, warned)
    texts, own = _objects(block, schema)
    if not named:
        return own
    beside = _objects_of(named)
    both = texts.is_not_null() & beside.is_not_null()  # rare, and merging needs care
    merged = pl.select(pl.coalesce(texts, beside)).to_series()
    return Metadata(pieces.ready(merged), own.odd | odd | both, [*own.warned, *warned])


# Columns -------------------------------------------------------------------------------------------------------------


def _member(text: pl.Series, name: str, schema: dict[str, MetadataField]) -> Member:
    """One column, typed by the schema; a cell that does not fit stays text, as told."""
    present = certain(text != "")
    described = schema.get(name)
    wanted = METADATA_TYPES.get(described.data_type.lower()) if described else None
    if wanted in (None, str):
        values, is_text = (text, True) if present.all() else (pieces.quoted(text).set(~present, None), False)
        warned = [*_column_warnings(text, name, present, present, schema)]
        return Member(name, values, is_text=is_text, odd=None, warned=warned)
    fits, values = _typed(text, wanted)
    values = values if present.all() else values.set(~present, None)
    odd = present & ~fits & certain(text.str.contains(_LOOKS_LONG))
    warned = [*_column_warnings(text, name, present, fits, schema)]
    if wanted is not bool:
        for each in warned:  # 0.50 is an allowed 0.5
            odd |= each.rows if each.rule is rules.METADATA_VALUE else False
    return Member(name, values, is_text=False, odd=odd, warned=warned)


def _typed(text: pl.Series, wanted: object) -> tuple[pl.Series, pl.Series]:
    """Which cells fit the type, and every cell as JSON."""
    pattern = _BOOLEAN if wanted is bool else _INTEGER if wanted is int else _NUMBER
    bare = text.str.strip_chars().str.to_lowercase()
    fits = certain(bare.str.contains(pattern))
    if fits.all():
        return fits, bare
    return fits, bare.zip_with(fits, pieces.quoted(text))


def _column_warnings(
    text: pl.Series, name: str, present: pl.Series, fits: pl.Series, schema: dict[str, MetadataField]
) -> Iterator[Warned]:
    described = schema.get(name)
    if not schema:
        return
    if described is None:
        yield Warned(rules.METADATA_FIELD, name, present, text)
        return
    yield Warned(rules.METADATA_TYPE, name, present & ~fits, text)
    if described.allowed_values:
        is_bool = METADATA_TYPES.get(described.data_type.lower()) is bool
        shown = text.str.strip_chars().str.to_lowercase() if is_bool else text
        strange = present & fits & ~certain(shown.is_in(list(described.allowed_values)))
        yield Warned(rules.METADATA_VALUE, name, strange, text)


def _joined(named: Sequence[Member]) -> Pieces:
    """The values of all columns as one object; null where there is no value."""
    if not named:
        return ["null"]
    if any(member.values.has_nulls() for member in named):
        return pieces.ready(_objects_of(named))
    texts = pieces.texts(pl.DataFrame([each.values.alias(each.name) for each in named if each.is_text]))
    return pieces.members({each.name: texts.get(each.name, [each.values]) for each in named})


def _objects_of(named: Sequence[Member]) -> pl.Series:
    """Objects without the members that have no value; null where that is all of them."""
    values = pl.DataFrame(
        [
            (pieces.quoted(each.values) if each.is_text else each.values).alias(f"{place}")
            for place, each in enumerate(named)
        ]
    )
    keys = [f"{msgspec.json.encode(each.name).decode()}:" for each in named]
    members = [pl.concat_str(pl.lit(key), pl.col(f"{place}")) for place, key in enumerate(keys)]
    joined = values.select(pl.concat_str(*members, separator=",", ignore_nulls=True)).to_series()
    return ("{" + joined + "}").set(joined == "", None)


# Objects -------------------------------------------------------------------------------------------------------------


def _objects(block: Block, schema: dict[str, MetadataField]) -> tuple[pl.Series, Metadata]:
    """JSON objects, each as it stands. What is none, or only Python takes for one, is odd."""
    texts, decoded = block.cells["metadata"], block.objects
    found, odd = (decoded, texts.is_null() & False) if decoded is not None else _decoded(texts)
    if not all(found):
        texts = texts.set(pl.Series([not each for each in found], dtype=pl.Boolean), None)
    return texts, Metadata(pieces.ready(texts), odd, [*_object_warnings(found, schema)])


def _decoded(texts: pl.Series) -> tuple[list[dict[str, Any] | None], pl.Series]:
    """The objects, and the rows whose text is none."""
    found: list[dict[str, Any] | None] = []
    odd: list[bool] = []
    decode = msgspec.json.Decoder(dict[str, Any] | None).decode
    for text in texts:
        try:
            found.append(decode(text) if text else None)
            odd.append(False)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            found.append(None)
            odd.append(True)
    return found, pl.Series(odd, dtype=pl.Boolean) | _doubtful(texts, found)


def _doubtful(texts: pl.Series, found: Sequence[dict[str, Any] | None]) -> pl.Series:
    """Texts in which a name may stand twice, or a number that is larger than any computer keeps."""
    names = texts.str.count_matches(_NAME_END).fill_null(0)
    members = pl.Series([len(each) if each else 0 for each in found], dtype=pl.UInt32)
    doubtful = certain(texts.str.contains(_MANY_DIGITS))
    nested = (names != members).arg_true().to_list()  # nearly always none
    repeating = [place for place in nested if decoding.may_repeat(texts[place].encode(), found[place])]
    return doubtful.scatter(repeating, True) if repeating else doubtful


def _object_warnings(
    found: Sequence[dict[str, Any] | None], schema: dict[str, MetadataField]
) -> Iterator[Warned]:
    """Like the columns' own: whole columns of values at a time, so that what is in order costs nearly nothing."""
    if not schema:
        return
    for name in {name for each in found if each for name in each}:
        places = [place for place, each in enumerate(found) if each and name in each]
        values = [found[place][name] for place in places]  # type: ignore[index]
        for rule, wrong in _strange(values, schema.get(name)):
            rows = (
                pl.Series([False])
                .new_from_index(0, len(found))
                .scatter([places[each] for each in wrong], True)
            )
            shown = pl.Series([None], dtype=pl.String).new_from_index(0, len(found))
            shown = shown.scatter([places[each] for each in wrong], [_shown(values[each]) for each in wrong])
            yield Warned(rule, name, rows, shown)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)


def _strange(values: Sequence[Any], described: MetadataField | None) -> Iterator[tuple[Rule, list[int]]]:
    """Which of the values of one field are not as it is described."""
    if described is None:
        yield rules.METADATA_FIELD, list(range(len(values)))
        return
    wrong: list[int] = []
    if not all(has_type(kind(), described.data_type) for kind in set(map(type, values)) - {type(None)}):
        wrong = [
            place
            for place, value in enumerate(values)
            if value is not None and not has_type(value, described.data_type)
        ]
        yield rules.METADATA_TYPE, wrong
    if described.allowed_values:
        allowed, told = set(described.allowed_values), set(wrong)
        strange = [p for p, value in enumerate(values) if p not in told and as_text(value) not in allowed]
        if strange:
            yield rules.METADATA_VALUE, strange
