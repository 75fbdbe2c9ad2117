"""Metadata of a batch: JSON texts out of columns and out of objects, compared with the schema of the data source.

Columns metadata.state and metadata.kp, every cell filled -> `json` is parts that all rows share, and columns:

    "on", "off" | "2", "3"    -> '{"state":', '"', ["on", "off"], '"', ',"kp":', '"', ["2", "3"], '"}'

With an empty cell somewhere, or a column `metadata`, it is one column of whole objects:

    "on", ""    | "2", ""     -> ['{"state":"on","kp":"2"}', "null"]
    '{"a": 1}', '{"a": 1, "a": 2}', "NA"  -> ['{"a": 1}', ..., "null"], the second row deferred, the third remarked on
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import msgspec
import polars as pl

from apps.aurorax.records import MetadataField
from apps.validation import json_decoding, rules
from apps.validation.batches import json_text
from apps.validation.batches.batch import Batch
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.members import Member, MetadataColumn, Remarked, encoded, text_member
from apps.validation.batches.typed_members import encoded_member
from apps.validation.metadata_values import has_type, rule_of_member
from apps.validation.null_words import NULL_WORDS
from apps.validation.row import as_text
from apps.validation.rules import Rule
from apps.validation.value_formats import AS_NONE, AS_TEXT, ValueFormats

_NO_OBJECT = sorted(NULL_WORDS - {"null"})  # which is JSON
_BEGINNINGS = sorted({re.escape(word[1:3]) for word in encoded(sorted(NULL_WORDS))})
_MAY_BE_WORD = rf':\s*" *(?:{"|".join(_BEGINNINGS)})'
_NAME_END = r'"\s*:'
_MANY_DIGITS = r"\d{20}"


@dataclass(frozen=True)
class Metadata:
    """`json`: an object for each row, null where there is none. `deferred`: rows that are checked one by one."""

    json: JsonParts
    deferred: pl.Series
    warned: Sequence[Remarked]


def metadata_of(batch: Batch, schema: dict[str, MetadataField], value_formats: ValueFormats) -> Metadata:
    """Metadata from the columns `metadata.<field>`, and from the JSON texts of the column `metadata`."""
    no = pl.Series([False]).new_from_index(0, len(batch.lines))
    columns = [column for column in batch.cells if column.name.startswith("metadata.")]
    named = [_member(column, batch, schema, value_formats) for column in columns]
    deferred = reduce(pl.Series.__or__, (each.deferred for each in named if each.deferred is not None), no)
    warned = [warned for each in named for warned in each.warned]
    if "metadata" not in batch.cells.columns:
        return Metadata(_joined(named), deferred, warned)
    texts, own = _objects(batch, schema, value_formats)
    if not named:
        return own
    beside = _objects_of(named)
    both = texts.is_not_null() & beside.is_not_null()  # rare, and merging needs care
    merged = pl.select(pl.coalesce(texts, beside)).to_series()
    return Metadata(json_text.raw_json(merged), own.deferred | deferred | both, [*own.warned, *warned])


def _member(
    column: pl.Series, batch: Batch, schema: dict[str, MetadataField], value_formats: ValueFormats
) -> Member:
    spec = MetadataColumn(column.name.partition(".")[2], schema, value_formats)
    return (encoded_member if column.name in batch.encoded else text_member)(column, spec)


def _joined(named: Sequence[Member]) -> JsonParts:
    """The values of all columns as one object; null where there is no value."""
    if not named:
        return ["null"]
    if any(member.values.has_nulls() for member in named):
        return json_text.raw_json(_objects_of(named))
    texts = json_text.texts(pl.DataFrame([each.values.alias(each.name) for each in named if each.is_text]))
    return json_text.json_object({each.name: texts.get(each.name, [each.values]) for each in named})


def _objects_of(named: Sequence[Member]) -> pl.Series:
    """Objects without the members that have no value; null where that is all of them."""
    values = pl.DataFrame(
        [
            (json_text.json_strings(each.values) if each.is_text else each.values).alias(f"{place}")
            for place, each in enumerate(named)
        ]
    )
    keys = [f"{msgspec.json.encode(each.name).decode()}:" for each in named]
    members = [pl.concat_str(pl.lit(key), pl.col(f"{place}")) for place, key in enumerate(keys)]
    joined = values.select(pl.concat_str(*members, separator=",", ignore_nulls=True)).to_series()
    return ("{" + joined + "}").set(joined == "", None)


# Objects -------------------------------------------------------------------------------------------------------------


def _objects(
    batch: Batch, schema: dict[str, MetadataField], value_formats: ValueFormats
) -> tuple[pl.Series, Metadata]:
    """JSON objects, each as it stands. What is none, or only Python takes for one, is odd."""
    texts, decoded = batch.cells["metadata"], batch.metadata_objects
    words = null_is_false(texts.is_in(_NO_OBJECT)) if decoded is None else texts.is_null() & False
    if words.any():
        texts = texts.set(words, None)
    found, deferred = (decoded, words & False) if decoded is not None else _decoded(texts)
    if not all(found):
        texts = texts.set(pl.Series([not each for each in found], dtype=pl.Boolean), None)
    warned = [Remarked(rules.NO_VALUE, "metadata", words, batch.cells["metadata"])] if words.any() else []
    warned += [*_words_in(texts, found, schema, value_formats), *_object_warnings(found, schema)]
    if value_formats.undescribed == AS_TEXT or value_formats.words == AS_NONE:
        deferred |= texts.is_not_null()
    return texts, Metadata(json_text.raw_json(texts), deferred, warned)


def _words_in(
    texts: pl.Series,
    found: Sequence[dict[str, Any] | None],
    schema: dict[str, MetadataField],
    value_formats: ValueFormats,
) -> Iterator[Remarked]:
    """Members that are words for no value, and stay the texts they are: `{"state": "NA"}` is sent so, with a notice."""
    if value_formats.words == AS_TEXT or not texts.len():
        return
    reported: dict[str, list[int]] = {}
    for place in null_is_false(texts.str.contains(_MAY_BE_WORD)).arg_true():
        for name, member in (found[place] or {}).items():
            if isinstance(member, str) and rule_of_member(member, schema.get(name), value_formats):
                reported.setdefault(name, []).append(place)
    for name, places in reported.items():
        yield _warned(rules.NO_VALUE_TEXT, name, places, [found[place][name] for place in places], len(found))  # type: ignore[index]


def _decoded(texts: pl.Series) -> tuple[list[dict[str, Any] | None], pl.Series]:
    """The objects, and the rows whose text is none or is doubtful: `'{"a": 1}', "[1]"` -> `[{"a": 1}, None], [no, yes]`."""
    found: list[dict[str, Any] | None] = []
    deferred: list[bool] = []
    decode = msgspec.json.Decoder(dict[str, Any] | None).decode
    for text in texts:
        try:
            found.append(decode(text) if text else None)
            deferred.append(False)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            found.append(None)
            deferred.append(True)
    return found, pl.Series(deferred, dtype=pl.Boolean) | _doubtful(texts, found)


def _doubtful(texts: pl.Series, found: Sequence[dict[str, Any] | None]) -> pl.Series:
    """Texts in which a name may stand twice, or a number that is larger than any computer keeps."""
    names = texts.str.count_matches(_NAME_END).fill_null(0)
    members = pl.Series([len(each) if each else 0 for each in found], dtype=pl.UInt32)
    doubtful = null_is_false(texts.str.contains(_MANY_DIGITS))
    nested = (names != members).arg_true().to_list()  # nearly always none
    repeating = [place for place in nested if json_decoding.may_repeat(texts[place].encode(), found[place])]
    return doubtful.scatter(repeating, True) if repeating else doubtful


def _object_warnings(
    found: Sequence[dict[str, Any] | None], schema: dict[str, MetadataField]
) -> Iterator[Remarked]:
    """Remarks on members, by the rules for columns.

    Whole columns of values at a time, so that what is in order costs nearly nothing: `[{"kp": 1}, None, {"kp": "x"}]`
    -> places [0, 2], values [1, "x"] -> METADATA_TYPE, x, in row 2.
    """
    if not schema:
        return
    for name in {name for each in found if each for name in each}:
        places = [place for place, each in enumerate(found) if each and name in each]
        values = [found[place][name] for place in places]  # type: ignore[index]
        for rule, wrong in _strange(values, schema.get(name)):
            yield _warned(
                rule, name, [places[each] for each in wrong], [values[each] for each in wrong], len(found)
            )


def _warned(rule: Rule, name: str, places: list[int], values: Sequence[Any], height: int) -> Remarked:
    rows = pl.Series([False]).new_from_index(0, height).scatter(places, True)
    shown = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    texts = [None if value is None else as_text(value) for value in values]
    return Remarked(rule, f"metadata.{name}", rows, shown.scatter(places, texts))


def _strange(values: Sequence[Any], described: MetadataField | None) -> Iterator[tuple[Rule, list[int]]]:
    """Which of the values of one field are not as it is described: by rule, their places.

    An int field allowing 1 and 2, `[1, 2.5, "x", 7]` -> METADATA_TYPE: [1, 2]; METADATA_VALUE: [3]
    """
    if described is None:
        yield rules.METADATA_FIELD, list(range(len(values)))
        return
    wrong: list[int] = []
    kinds = set(map(type, values)) - {type(None)}
    # Of each kind one value is enough; of floats one that is not whole.
    examples = (0.5 if kind is float else kind() for kind in kinds)
    if not all(has_type(example, described.data_type) for example in examples):
        wrong = [
            place
            for place, value in enumerate(values)
            if value is not None and not has_type(value, described.data_type)
        ]
        yield rules.METADATA_TYPE, wrong
    if described.allowed_values:
        allowed, reported = set(described.allowed_values), set(wrong)
        strange = [p for p, value in enumerate(values) if p not in reported and as_text(value) not in allowed]
        if strange:
            yield rules.METADATA_VALUE, strange
