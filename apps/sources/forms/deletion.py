"""Confirming that a data source is to go."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.aurorax import DataSource
from apps.ui.forms import WhyForm


class DeletionForm(WhyForm):
    """The display name or the identifier, typed."""

    confirmation = forms.CharField(
        label="Type the display name or the identifier",
        error_messages={"required": "Type the display name or the identifier to confirm."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, source: DataSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean_confirmation(self) -> str:
        """What was typed, if it names this data source."""
        typed: str = self.cleaned_data["confirmation"]
        if typed not in (self.source.display_name, str(self.source.identifier)):
            raise ValidationError(
                f"This names another data source. Type {self.source.display_name} or {self.source.identifier}."
            )
        return typed
