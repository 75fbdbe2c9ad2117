"""What a value of metadata in a place of its own says: a cell of a file, or a field of the form of one record.

The one rule for CSV, workbooks, Parquet, JSON with names such as `metadata.state`, and the form; whatever writes cells asks
it whether they come back. Inside a JSON object nothing is read into values: they are what they are.
"""

import json
import re
from math import isnan

from apps.aurorax.records import MetadataField
from apps.validation import null_words, rules
from apps.validation.json_decoding import unwritable
from apps.validation.rules import Rule
from apps.validation.value_formats import AS_NONE, AS_TEXT, AS_TYPED, ValueFormats
from apps.validation.values import InvalidValue

METADATA_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "double": (int, float),
    "float": (int, float),
    "int": int,
    "integer": int,
    "bool": bool,
    "boolean": bool,
}
AS_FOUND = ValueFormats()
TYPED = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|TRUE|FALSE|True|False"
_typed = re.compile(TYPED).fullmatch
_infinite = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "1.#inf", "-1.#inf"})


def metadata_value(
    cell: object, described: MetadataField | None, value_formats: ValueFormats = AS_FOUND
) -> object:
    """The value that is sent; None for an empty cell, and for an empty text unless the format keeps the two apart.
    `described` is the field of the schema, if it has one.

    Raises `InvalidValue`: `NO_VALUE` where a word or NaN stands for none, `NO_NUMBER` for a number that JSON does not have.
    """
    if cell is None or (cell == "" and not value_formats.has_null):
        return None
    if isinstance(cell, str):
        return _of_text(cell, described, value_formats)
    if isinstance(cell, float) and isnan(cell):
        raise InvalidValue(rules.NO_VALUE)
    if unwritable(cell) is not None:
        raise InvalidValue(rules.NO_NUMBER)
    if isinstance(cell, int | float) and _is_text(described, value_formats):
        return json.dumps(cell)
    return cell


def looks_typed(text: str, value_formats: ValueFormats = AS_FOUND) -> bool:
    """Whether a text would be a number, or true or false, in a format that has them."""
    return bool(_typed(_pointed(text, value_formats).strip(null_words.BLANKS)))


def means_no_value(
    text: str, described: MetadataField | None, value_formats: ValueFormats = AS_FOUND
) -> bool:
    """Whether a text in a cell stands for none. One that the schema allows is meant."""
    if value_formats.words == AS_TEXT or (described and text in described.allowed_values):
        return False
    wanted = METADATA_TYPES.get(described.data_type.lower()) if described else None
    if wanted in (None, str):
        is_blank = not text.strip(null_words.BLANKS) and not value_formats.has_null
        return is_blank or null_words.is_null_word(text)
    return null_words.is_null(text)


def has_type(value: object, data_type: str) -> bool:
    """Whether a metadata value is of the type the schema names; of a type nobody knows everything is. A whole number is one
    however it is written: 3.0 is how pandas writes an integer of a column in which some are missing.
    """
    wanted = METADATA_TYPES.get(data_type.lower())
    if wanted is None:
        return True
    if wanted is int and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def rule_of_cell(cell: object, value_formats: ValueFormats) -> Rule | None:
    """The notice about a cell that the schema does not describe: the formats differ, and a person may choose."""
    if value_formats.undescribed is not None:
        return None
    if isinstance(cell, str):
        return (
            rules.NUMBER_AS_TEXT if not value_formats.has_types and looks_typed(cell, value_formats) else None
        )
    return rules.NUMBER_AS_NUMBER if isinstance(cell, int | float) else None


# Members of JSON objects ---------------------------------------------------------------------------------------------


def rule_of_member(
    member: object, described: MetadataField | None, value_formats: ValueFormats
) -> Rule | None:
    """The notice about a member of a JSON object. It is sent unless that is `NO_VALUE`."""
    if (
        isinstance(member, str)
        and null_words.is_null_word(member)
        and means_no_value(member, described, value_formats)
    ):
        return rules.NO_VALUE if value_formats.words == AS_NONE else rules.NO_VALUE_TEXT
    return None


def member_as_sent(member: object, described: MetadataField | None, value_formats: ValueFormats) -> object:
    """A member of a JSON object as it is, but for what the person has said of numbers that nothing describes."""
    if described or value_formats.undescribed != AS_TEXT or not isinstance(member, int | float):
        return member
    return json.dumps(member) if unwritable(member) is None else member


# Texts ---------------------------------------------------------------------------------------------------------------


def _of_text(text: str, described: MetadataField | None, value_formats: ValueFormats) -> object:
    if means_no_value(text, described, value_formats):
        raise InvalidValue(rules.NO_VALUE)
    if _stays_text(described, value_formats):
        return text
    bare = _pointed(text, value_formats).strip().lower()
    try:
        found = json.loads(bare)
    except (ValueError, RecursionError):
        found = None
    is_no_number = bare in _infinite or unwritable(found) is not None
    if described is None:
        return found if isinstance(found, int | float) and not is_no_number else text
    if is_no_number and METADATA_TYPES[described.data_type.lower()] is not bool:
        raise InvalidValue(rules.NO_NUMBER)
    return found if has_type(found, described.data_type) else text


def _pointed(text: str, value_formats: ValueFormats) -> str:
    """With the decimal mark of JSON."""
    return text.replace(",", ".") if value_formats.decimal_comma else text


def _stays_text(described: MetadataField | None, value_formats: ValueFormats) -> bool:
    if described is None:
        return value_formats.undescribed != AS_TYPED
    return METADATA_TYPES.get(described.data_type.lower()) in (None, str)


def _is_text(described: MetadataField | None, value_formats: ValueFormats) -> bool:
    """Whether a number, or true or false, is sent as text: where the schema or the person says so."""
    if described is None:
        return value_formats.undescribed == AS_TEXT
    return METADATA_TYPES.get(described.data_type.lower()) is str
