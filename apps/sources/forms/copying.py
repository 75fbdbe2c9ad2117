"""Which data sources are given a schema."""

from collections.abc import Sequence
from typing import Any

from django import forms

from apps.aurorax import ListedSource
from apps.sources.schema_copies import MOST
from apps.ui.forms import IdentifiersField, WhyForm


class SchemaCopyForm(WhyForm):
    """Some of the data sources that can be given it."""

    source = IdentifiersField(
        messages={
            "required": "Choose at least one data source.",
            "invalid_choice": "There is no data source %(value)s that is yours to change. Choose again.",
        }
    )

    def __init__(self, *args: Any, sources: Sequence[ListedSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {each.identifier: each for each in sources}
        self.fields["source"].choices = [(key, key) for key in self.sources]  # type: ignore[attr-defined]

    def clean_source(self) -> list[int]:
        """As many as can be looked at in one go."""
        chosen: list[int] = self.cleaned_data["source"]
        if len(chosen) > MOST:
            raise forms.ValidationError(
                f"These are {len(chosen):,}. Choose at most {MOST} at a time: the records of each are looked at."
            )
        return chosen

    @property
    def chosen(self) -> list[ListedSource]:
        """What was chosen."""
        return [self.sources[identifier] for identifier in self.cleaned_data["source"]]
