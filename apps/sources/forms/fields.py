"""Form fields for what the API takes and HTML has no input for."""

import json
import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

DEEPEST = 50  # levels of lists and objects in each other
TOO_DEEP = "This JSON is nested too deeply. Make it flatter."


def strict_json(text: str) -> Any:
    """JSON as AuroraX can keep it. Raises ValidationError with a sentence, with line and column where they are known.

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


class JsonObjectField(forms.CharField):
    """A JSON object in a text box; an empty box is an empty object."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "form-control font-monospace"})

    def prepare_value(self, value: Any) -> Any:
        """What is shown: an object over several lines, and whatever was typed as it was typed."""
        if isinstance(value, dict):
            return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
        return value

    def clean(self, value: Any) -> dict[str, Any]:
        """The object. Raises ValidationError for anything but a JSON object."""
        text = super().clean(value)
        found = strict_json(text) if text else {}
        if not isinstance(found, dict):
            raise ValidationError(
                'Write a JSON object: names and values in braces, such as {"site": "Gillam"}.'
            )
        return found


class LinesField(forms.CharField):
    """A list of texts, one per line; blank lines are dropped."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """What is shown: the list with one entry per line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """The entries, without blanks around them."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class AddressesField(LinesField):
    """E-mail addresses, one per line; each address once, whatever its case."""

    def clean(self, value: Any) -> list[str]:
        """The addresses in the order given. Raises ValidationError that names each line that is not an address."""
        addresses = {line.casefold(): line for line in super().clean(value)}
        wrong = [address for address in addresses.values() if not _is_address(address)]
        if wrong:
            raise ValidationError(
                [f"“{line}” is not an e-mail address. Write one address per line." for line in wrong]
            )
        return list(addresses.values())


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


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
