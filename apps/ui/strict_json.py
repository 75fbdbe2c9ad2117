"""JSON that people write: read strictly, so that it arrives as it was meant."""

import json
import math
from typing import Any

from django.core.exceptions import ValidationError

DEEPEST = 50  # levels of lists and objects in each other
TOO_DEEP = "This JSON is nested too deeply. Make it flatter."


def strict_json(text: str) -> Any:
    """JSON as AuroraX can keep it. Raises ValidationError with a message, with line and column where they are known.

    Python's own reader also takes NaN, Infinity and numbers too large for a double, lets a repeated name win silently,
    and reads texts that cannot be written in UTF-8 or kept by a database.
    """
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_repeats
        )
    except json.JSONDecodeError as error:
        raise ValidationError(
            f"This is not JSON: {error.msg}, line {error.lineno}, column {error.colno}. Mend that place."
        ) from error
    except RecursionError:
        raise ValidationError(TOO_DEEP) from None
    except ValueError as error:
        raise ValidationError("A number in this JSON has far too many digits. Shorten it.") from error
    _keepable(value, DEEPEST)
    return value


def _no_constant(word: str) -> Any:
    raise ValidationError(f"{word} is not a value in JSON. Write null where there is no number.")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValidationError(
            f"{digits[:20]} is larger than any number a computer keeps. Write it as a text."
        )
    return number


def _keepable(value: Any, levels: int) -> None:
    """Refuse what can be read as JSON and not be kept: a zero character, half a surrogate pair, endless nesting."""
    if levels < 0:
        raise ValidationError(TOO_DEEP)
    if isinstance(value, str) and any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
        raise ValidationError(
            "A text in this JSON holds a character that cannot be kept (\\u0000 or \\ud800 to \\udfff)."
        )
    if isinstance(value, dict | list):
        for item in [*value, *(value.values() if isinstance(value, dict) else ())]:
            _keepable(item, levels - 1)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValidationError(f"The name “{repeated[0]}” stands twice in one object. Keep one of them.")
    return dict(pairs)
