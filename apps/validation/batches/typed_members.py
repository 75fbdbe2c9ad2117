"""Columns of metadata in formats that have types: their cells are JSON values, where they plainly are what
`metadata_value` says.

    undescribed, '"on"', '1', '"N/A"', 'NaN'  -> '"on"', 1, null, null      1: NUMBER_AS_NUMBER, the others: NO_VALUE
    string,      '"on"', '1', '[2]'           -> '"on"', '"1"', deferred
"""

from collections.abc import Iterator

import polars as pl

from apps.validation import rules
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.members import Member, MetadataColumn, Remarked, encoded, is_padded
from apps.validation.null_words import NULL_WORDS
from apps.validation.value_formats import AS_TEXT

MARK = '"'
LONG_NUMBER = 20  # digits: more than 64 bits have, nearly always
_NO_NUMBERS = ["Infinity", "-Infinity"]
_MANY_DIGITS = "[0-9]{20}"  # more than 64 bits have
_WORDS = [*encoded(sorted(NULL_WORDS)), "NaN"]
_FITS: dict[object, str] = {bool: "^(?:true|false)$", int: r"^-?[0-9]+(?:\.0+)?$", (int, float): "^-?[0-9]"}


def encoded_member(cells: pl.Series, spec: MetadataColumn) -> Member:
    """One column. Values of other types than the schema says, and what only seems to fit, are deferred."""
    nothing = [""] if spec.value_formats.has_null else ["", '""']
    values = cells.set(null_is_false(cells.is_in(nothing)), None)
    texts = null_is_false(values.str.starts_with(MARK))
    deferred = null_is_false(values.is_in(_NO_NUMBERS)) | null_is_false(values.str.contains(_MANY_DIGITS))
    warned = []
    if (words := _words(values, texts, spec)) is not None:
        warned.append(Remarked(rules.NO_VALUE, spec.column, words, values.str.strip_chars(MARK)))
        values, texts = values.set(words, None), texts & ~words
    plain = values.is_not_null() & ~texts & ~null_is_false(values.str.contains(r"^[\[{n]"))
    deferred |= _misfits(values, texts, plain, spec)
    if _become_text(spec) and plain.any():
        values = values.zip_with(~plain, MARK + values + MARK)
    warned += _warnings(values, plain, spec)
    return Member(spec.name, values, is_text=False, deferred=deferred, warned=warned)


def _words(values: pl.Series, texts: pl.Series, spec: MetadataColumn) -> pl.Series | None:
    """Which values are a word, blanks or not-a-number, and stand for none; None where that is none of them."""
    found = values == "NaN"
    if texts.any() and spec.value_formats.words != AS_TEXT:
        found |= values.is_in(_WORDS)
    if spec.allowed and found.any():
        found &= ~values.is_in(encoded(spec.allowed))
    return null_is_false(found) if found.any() else None


def _misfits(values: pl.Series, texts: pl.Series, plain: pl.Series, spec: MetadataColumn) -> pl.Series:
    """Rows to defer: of another type than the schema says, or texts that may stand for something else."""
    deferred = texts & False
    if texts.any() and is_padded(values, MARK):
        deferred |= texts & null_is_false(values.str.contains(r'^" | "$'))
    if not spec.stays_text:
        deferred |= texts
    if not texts.all() and _longest(values) >= LONG_NUMBER:
        deferred |= (
            values.is_not_null() & ~texts & null_is_false(values.str.contains(rf"[0-9]{{{LONG_NUMBER}}}"))
        )
    if plain.any() and (_become_text(spec) or _reports_every_value(spec)):
        deferred |= plain & null_is_false(values.str.contains(r"[0-9][eE]"))  # doubles have several spellings
    if _reports_every_value(spec):
        deferred |= values.is_not_null() & ~plain & (~texts | null_is_false(values.str.contains(r"\\")))
    return deferred if spec.described is None else deferred | _not_as_described(values, texts, plain, spec)


def _longest(values: pl.Series) -> int:
    longest = values.str.len_bytes().max()
    return longest if isinstance(longest, int) else 0


def _not_as_described(
    values: pl.Series, texts: pl.Series, plain: pl.Series, spec: MetadataColumn
) -> pl.Series:
    present = values.is_not_null()
    deferred = present & False
    if spec.wanted is str:
        deferred = present & ~texts & ~plain
    elif spec.wanted is not None:
        deferred = present & ~null_is_false(values.str.contains(_FITS[spec.wanted]))
    if spec.allowed:
        deferred |= present & ~null_is_false(values.str.strip_chars(MARK).is_in(spec.allowed))
    return deferred


def _reports_every_value(spec: MetadataColumn) -> bool:
    """Whether every value gets a warning, as people read it: there is a schema, and the field is not in it."""
    return bool(spec.schema) and spec.described is None


def _become_text(spec: MetadataColumn) -> bool:
    if spec.described is None:
        return spec.value_formats.undescribed == AS_TEXT
    return spec.wanted is str


def _warnings(values: pl.Series, plain: pl.Series, spec: MetadataColumn) -> Iterator[Remarked]:
    shown = values.str.strip_chars(MARK)
    if _reports_every_value(spec):
        yield Remarked(rules.METADATA_FIELD, spec.column, values.is_not_null(), shown)
    if spec.described is None and spec.value_formats.undescribed is None:
        yield Remarked(rules.NUMBER_AS_NUMBER, spec.column, plain, shown)
