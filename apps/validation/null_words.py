"""The words that programs write where there is no value.

As texts they are known by their exact spelling: `None` is Python's, while a state may well be `none`. Where only a number,
a time or true and false can stand, no text is meant and their case does not matter.
"""

from math import isnan

BLANKS = " "
# What pandas takes for none unless it is set otherwise (the documentation of `read_csv`, na_values): R's NA, NULL, None,
# spreadsheet programs' #N/A, C's nan. Beyond those \N of PostgreSQL and MySQL, NaT of pandas and numpy, Fortran's NAN.
NULL_WORDS = frozenset(
    {
        "NA", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "<NA>", "NULL", "null", "None", "NaN", "nan", "NAN", "-NaN", "-nan",
        "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN", "NaT", "\\N",
    }
)  # fmt: skip
NULL_WORDS_LOWER = frozenset(word.lower() for word in NULL_WORDS)


def is_null_word(value: object) -> bool:
    """Whether a text says that there is none."""
    return isinstance(value, str) and value.strip(BLANKS) in NULL_WORDS


def is_null(value: object) -> bool:
    """Whether there is no value where no text can stand: nothing, blanks, a word in any case, not-a-number."""
    if isinstance(value, float):
        return isnan(value)
    return value is None or (isinstance(value, str) and _is_blank_or_word(value.strip().lower()))


def _is_blank_or_word(text: str) -> bool:
    return not text or text in NULL_WORDS_LOWER
