"""Naming a person and the data sources they should look after."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.aurorax import DataSource
from apps.maintainers.changes import Change, Verb, is_listed
from apps.maintainers.people import as_known
from apps.ui.forms import PortalForm


class AddressForm(PortalForm):
    """One e-mail address."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"list": "known-addresses", "autocomplete": "off"}),
        error_messages={
            "required": "Give the e-mail address of an AuroraX account.",
            "invalid": "This is not an e-mail address. Write one such as name@example.org.",
            "max_length": "This is too long for an e-mail address. Check it.",
        },
    )

    def __init__(self, *args: Any, known: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean_email(self) -> str:
        """The address, spelt as it is known."""
        return as_known(self.cleaned_data["email"], self.known)


class AddMaintainerForm(AddressForm):
    """Somebody who is not yet a maintainer of this data source."""

    def __init__(self, *args: Any, source: DataSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean_email(self) -> str:
        """The address, if adding it would mean anything."""
        address = super().clean_email()
        if is_listed(address, self.source.maintainers):
            raise ValidationError(f"{address} is a maintainer of this data source already.")
        if address.casefold() == (self.source.owner or "").casefold():
            raise ValidationError(f"{address} owns this data source and may do all a maintainer may.")
        return address


class SeveralForm(AddressForm):
    """One person and several data sources, out of those whose maintainers may be assigned."""

    verb = forms.ChoiceField(choices=[(verb.value, verb.value) for verb in Verb], widget=forms.HiddenInput)
    source = forms.TypedMultipleChoiceField(
        label="Data sources",
        coerce=int,
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Choose at least one data source.",
            "invalid_choice": "There is no data source %(value)s. It may have been deleted: choose again.",
        },
    )

    def __init__(self, *args: Any, sources: Sequence[DataSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {str(source.identifier): source for source in sources}
        self.fields["source"].choices = [(key, key) for key in self.sources]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[DataSource]:
        """The data sources chosen. Only after `is_valid()`."""
        return [self.sources[str(identifier)] for identifier in self.cleaned_data["source"]]

    @property
    def change(self) -> Change:
        """The change to make on each. Only after `is_valid()`."""
        return Change(Verb(self.cleaned_data["verb"]), self.cleaned_data["email"])
