"""Columns of metadata: every cell as a JSON value, where it plainly is what `metadata_value` says.

    undescribed, "on", "", "N/A"             -> '"on"', null, null                 N/A: NO_VALUE
    undescribed, "on", "off"                 -> on, off, with `is_text`            nothing to quote row by row
    double, "1.50", "nan", "two", "1e400"    -> 1.50, null, '"two"', deferred      nan: NO_VALUE, two: METADATA_TYPE

In polars an expression costs more than its results, so the dear ones run only where a cheap one says that they matter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import polars as pl

from apps.aurorax.records import MetadataField
from apps.validation import rules
from apps.validation.batches import json_text
from apps.validation.batches.masks import null_is_false
from apps.validation.metadata_values import METADATA_TYPES, TYPED, looks_typed, means_no_value
from apps.validation.null_words import BLANKS, NULL_WORDS, NULL_WORDS_LOWER
from apps.validation.rules import Rule
from apps.validation.value_formats import AS_TEXT, AS_TYPED, ValueFormats

# Numbers that JSON writes in the same way and a double keeps; anything longer is looked at by itself.
_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?"
_INTEGER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.0{1,20})?"
_BOOLEAN = r"true|false"
_LOOKS_DOUBTFUL = r"^[\s+-]*[\d.]{15,}|[eE][+-]?\d{3}|(?i:inf)|^[^!-~]|[^!-~]$"
SAMPLE, FEW_VALUES = 1_000, 100  # a column of so few values is looked at value by value
_LOOKS_TYPED = rf"^ *(?:{TYPED}) *$"


class Remarked(NamedTuple):
    """Rows with a notice or a warning; they are sent all the same."""

    rule: Rule
    column: str
    rows: pl.Series
    values: pl.Series


@dataclass(frozen=True)
class Member:
    """One column: `values` as JSON, null where there is none; with `is_text` they are texts, not yet JSON, and all there."""

    name: str
    values: pl.Series
    is_text: bool
    deferred: pl.Series | None
    warned: Sequence[Remarked]


@dataclass(frozen=True)
class MetadataColumn:
    """What is known of a column: its name, the field of the schema if there is one, and the formats of the file."""

    name: str
    schema: dict[str, MetadataField]
    value_formats: ValueFormats
    described: MetadataField | None = field(init=False)
    wanted: type | tuple[type, ...] | None = field(init=False)

    def __post_init__(self) -> None:
        described = self.schema.get(self.name)
        object.__setattr__(self, "described", described)
        wanted = METADATA_TYPES.get(described.data_type.lower()) if described else None
        object.__setattr__(self, "wanted", wanted)

    @property
    def column(self) -> str:
        """Its canonical name."""
        return f"metadata.{self.name}"

    @property
    def allowed(self) -> list[str]:
        """The values that the schema allows; none where it allows all."""
        return list(self.described.allowed_values) if self.described else []

    @property
    def reports_numbers(self) -> bool:
        """Whether numbers in texts get a notice: nothing says what they are."""
        return not (self.described or self.value_formats.undescribed or self.value_formats.has_types)

    def means_no_value(self, text: str) -> bool:
        """Whether a cell with this text has no value, by the rule for single cells."""
        return text != "" and means_no_value(text, self.described, self.value_formats)

    def looks_typed(self, text: str) -> bool:
        """Whether a text would be a number, or true or false, by the rule for single cells."""
        return looks_typed(text, self.value_formats)

    def pointed(self, text: pl.Series) -> pl.Series:
        """With the decimal mark of JSON."""
        return text.str.replace_all(",", ".", literal=True) if self.value_formats.decimal_comma else text

    @property
    def stays_text(self) -> bool:
        """Whether a text is sent as one."""
        if self.described is None:
            return self.value_formats.undescribed != AS_TYPED
        return self.wanted in (None, str)


def text_member(text: pl.Series, spec: MetadataColumn) -> Member:
    """A column of a format in which everything is text."""
    return _text_member(text, spec) if spec.stays_text else _typed_member(text, spec)


def _text_member(text: pl.Series, spec: MetadataColumn) -> Member:
    seen = _few(text)
    words = _words(text, spec) if seen is None else _of(text, seen, spec.means_no_value)
    warned = [] if words is None else [Remarked(rules.NO_VALUE, spec.column, words, text)]
    text = text if words is None else text.set(words, None)
    present = null_is_false(text != "")
    values, is_text = (
        (text, True) if present.all() else (json_text.json_strings(text).set(~present, None), False)
    )
    if spec.reports_numbers:
        typed = _looking_typed(spec.pointed(text)) if seen is None else _of(text, seen, spec.looks_typed)
        warned += [] if typed is None else [Remarked(rules.NUMBER_AS_TEXT, spec.column, typed, text)]
    warned += _warnings(text, spec, present, present)
    return Member(spec.name, values, is_text=is_text, deferred=None, warned=warned)


def _few(text: pl.Series) -> list[str] | None:
    """The different texts of a column that has few: what is asked of them is asked by the rule for single cells. None where there are many."""
    least = text.min()
    if isinstance(least, str) and least == text.max():
        return [least]
    if text.head(SAMPLE).n_unique() > FEW_VALUES:
        return None
    seen = text.unique()
    return seen.drop_nulls().to_list() if seen.len() <= FEW_VALUES else None


def _of(text: pl.Series, seen: Sequence[str], is_meant: Callable[[str], bool]) -> pl.Series | None:
    """The rows with one of the texts that are meant; None where that is none of them."""
    found = [*filter(is_meant, seen)]
    if not found:
        return None
    return text.is_not_null() if len(found) == len(seen) else null_is_false(text.is_in(found))


def _typed_member(text: pl.Series, spec: MetadataColumn) -> Member:
    """Typed by the schema, or as the person says; a cell that does not fit stays text, with a warning."""
    fits, values = _typed(text, spec)
    warned = []
    present = null_is_false(text != "")
    if (present & ~fits).any() and (words := _words(text, spec)) is not None:
        warned.append(Remarked(rules.NO_VALUE, spec.column, words, text))
        present &= ~words
    values = values if present.all() else values.set(~present, None)
    looks_doubtful = (
        rf"{_LOOKS_DOUBTFUL}|\d[eE]" if spec.wanted is int else _LOOKS_DOUBTFUL
    )  # 1e3 is whole, 1e-3 is not
    deferred = present & ~fits & null_is_false(spec.pointed(text).str.contains(looks_doubtful))
    for each in _warnings(text, spec, present, fits):
        warned.append(each)
        if spec.wanted is not bool and each.rule is rules.METADATA_VALUE:  # 0.50 is an allowed 0.5
            deferred |= each.rows
    return Member(spec.name, values, is_text=False, deferred=deferred, warned=warned)


def _typed(text: pl.Series, spec: MetadataColumn) -> tuple[pl.Series, pl.Series]:
    """Which cells fit the type, and every cell as JSON."""
    patterns: dict[object, str] = {bool: _BOOLEAN, int: _INTEGER, None: f"{_NUMBER}|{_BOOLEAN}"}
    bare = spec.pointed(text).str.strip_chars().str.to_lowercase()
    fits = null_is_false(bare.str.contains(f"^(?:{patterns.get(spec.wanted, _NUMBER)})$"))
    if fits.all():
        return fits, bare
    return fits, bare.zip_with(fits, json_text.json_strings(text))


# Words for no value ----------------------------------------------------------------------------------------------------


def _words(text: pl.Series, spec: MetadataColumn) -> pl.Series | None:
    """Which cells hold a word, or blanks, that stand for no value; None where that is none of them."""
    if spec.value_formats.words == AS_TEXT:
        return None
    if spec.wanted not in (None, str):
        found = text.str.strip_chars().str.to_lowercase().is_in(["", *NULL_WORDS_LOWER]) & (text != "")
    elif is_padded(text):
        found = text.str.strip_chars(BLANKS).is_in(["", *NULL_WORDS]) & (text != "")
    else:
        found = text.is_in(list(NULL_WORDS))
    if spec.allowed and found.any():
        found &= ~text.is_in(spec.allowed)
    return null_is_false(found) if found.any() else None


def is_padded(text: pl.Series, mark: str = "") -> bool:
    """Whether a text begins or ends with a blank, inside of quotation marks or without; or seems to."""
    least = text.min()
    return isinstance(least, str) and (
        least < f"{mark}!" or bool(text.str.ends_with(f"{BLANKS}{mark}").any())
    )


def encoded(texts: Sequence[str]) -> list[str]:
    """Each as a JSON text."""
    return [msgspec.json.encode(text).decode() for text in texts]


# Notices and warnings --------------------------------------------------------------------------------------------------


def _looking_typed(text: pl.Series) -> pl.Series | None:
    """Which cells would be numbers, or true and false, in other formats; None where that is none of them."""
    least = text.min()
    if not isinstance(least, str) or (least >= ":" and not text.is_in(_BOOLEANS).any()):
        return None
    found = null_is_false(text.str.contains(_LOOKS_TYPED))
    return found if found.any() else None


_BOOLEANS = re.findall(r"[A-Za-z]{4,5}", TYPED)


def _warnings(
    text: pl.Series, spec: MetadataColumn, present: pl.Series, fits: pl.Series
) -> Iterator[Remarked]:
    if not spec.schema:
        return
    if spec.described is None:
        yield Remarked(rules.METADATA_FIELD, spec.column, present, text)
        return
    yield Remarked(rules.METADATA_TYPE, spec.column, present & ~fits, text)
    if spec.allowed:
        shown = text.str.strip_chars().str.to_lowercase() if spec.wanted is bool else text
        strange = present & fits & ~null_is_false(shown.is_in(spec.allowed))
        yield Remarked(rules.METADATA_VALUE, spec.column, strange, text)
