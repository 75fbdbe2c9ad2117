"""Form fields for what the API takes and HTML has no input for."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.ui.strict_json import strict_json


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
