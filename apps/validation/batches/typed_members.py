"""Columns of metadata in formats that have types: their cells are JSON values, where they plainly are what
`metadata_value` says.
"""

from collections.abc import Iterator

import polars as pl

from apps.validation import rules
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.members import About, Member, Warned, encoded, is_padded
from apps.validation.null_words import NULL_WORDS
from apps.validation.value_formats import AS_TEXT

MARK = '"'
LONG = 20  # digits: more than 64 bits have, nearly always
_NO_NUMBERS = ["Infinity", "-Infinity"]
_MANY_DIGITS = "[0-9]{20}"  # more than 64 bits have
_WORDS = [*encoded(sorted(NULL_WORDS)), "NaN"]
_FITS: dict[object, str] = {bool: "^(?:true|false)$", int: r"^-?[0-9]+(?:\.0+)?$", (int, float): "^-?[0-9]"}


def encoded_member(cells: pl.Series, about: About) -> Member:
    """One column. What the schema does not say, and what only seems to fit, is looked at by itself."""
    nothing = [""] if about.value_formats.has_null else ["", '""']
    values = cells.set(null_is_false(cells.is_in(nothing)), None)
    texts = null_is_false(values.str.starts_with(MARK))
    odd = null_is_false(values.is_in(_NO_NUMBERS)) | null_is_false(values.str.contains(_MANY_DIGITS))
    warned = []
    if (words := _words(values, texts, about)) is not None:
        warned.append(Warned(rules.NO_VALUE, about.column, words, values.str.strip_chars(MARK)))
        values, texts = values.set(words, None), texts & ~words
    plain = values.is_not_null() & ~texts & ~null_is_false(values.str.contains(r"^[\[{n]"))
    odd |= _misfits(values, texts, plain, about)
    if _become_text(about) and plain.any():
        values = values.zip_with(~plain, MARK + values + MARK)
    warned += _warnings(values, plain, about)
    return Member(about.name, values, is_text=False, odd=odd, warned=warned)


def _words(values: pl.Series, texts: pl.Series, about: About) -> pl.Series | None:
    """Which values are a word, blanks or not-a-number, and stand for none; None where that is none of them."""
    found = values == "NaN"
    if texts.any() and about.value_formats.words != AS_TEXT:
        found |= values.is_in(_WORDS)
    if about.allowed and found.any():
        found &= ~values.is_in(encoded(about.allowed))
    return null_is_false(found) if found.any() else None


def _misfits(values: pl.Series, texts: pl.Series, plain: pl.Series, about: About) -> pl.Series:
    """Rows to be looked at: of another type than the schema says, or texts that may stand for something else."""
    odd = texts & False
    if texts.any() and is_padded(values, MARK):
        odd |= texts & null_is_false(values.str.contains(r'^" | "$'))
    if not about.stays_text:
        odd |= texts
    if not texts.all() and _longest(values) >= LONG:
        odd |= values.is_not_null() & ~texts & null_is_false(values.str.contains(rf"[0-9]{{{LONG}}}"))
    if plain.any() and (_become_text(about) or _is_told(about)):
        odd |= plain & null_is_false(values.str.contains(r"[0-9][eE]"))  # doubles have several spellings
    if _is_told(about):
        odd |= values.is_not_null() & ~plain & (~texts | null_is_false(values.str.contains(r"\\")))
    return odd if about.described is None else odd | _not_as_described(values, texts, plain, about)


def _longest(values: pl.Series) -> int:
    longest = values.str.len_bytes().max()
    return longest if isinstance(longest, int) else 0


def _not_as_described(values: pl.Series, texts: pl.Series, plain: pl.Series, about: About) -> pl.Series:
    present = values.is_not_null()
    odd = present & False
    if about.wanted is str:
        odd = present & ~texts & ~plain
    elif about.wanted is not None:
        odd = present & ~null_is_false(values.str.contains(_FITS[about.wanted]))
    if about.allowed:
        odd |= present & ~null_is_false(values.str.strip_chars(MARK).is_in(about.allowed))
    return odd


def _is_told(about: About) -> bool:
    """Whether every value is told, as people read it."""
    return bool(about.schema) and about.described is None


def _become_text(about: About) -> bool:
    if about.described is None:
        return about.value_formats.undescribed == AS_TEXT
    return about.wanted is str


def _warnings(values: pl.Series, plain: pl.Series, about: About) -> Iterator[Warned]:
    shown = values.str.strip_chars(MARK)
    if _is_told(about):
        yield Warned(rules.METADATA_FIELD, about.column, values.is_not_null(), shown)
    if about.described is None and about.value_formats.undescribed is None:
        yield Warned(rules.NUMBER_AS_NUMBER, about.column, plain, shown)
