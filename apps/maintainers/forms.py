"""Naming a person and the data sources they should look after."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.address_book import NOBODY_KNOWN, AddressBook
from apps.accounts.address_forms import AddressCheckingForm
from apps.accounts.entries import key_of, label_of
from apps.aurorax import DataSource, ListedSource
from apps.maintainers.changes import MaintainerChange, Verb, entries_for
from apps.maintainers.people import odd_entries
from apps.permissions.addresses import is_same
from apps.ui.forms import IdentifiersField, WhyForm


class AddressForm(AddressCheckingForm, WhyForm):
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

    def __init__(self, *args: Any, book: AddressBook = NOBODY_KNOWN, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = book
        self.find_book = lambda: book

    @property
    def known(self) -> Sequence[str]:
        """Addresses to offer."""
        return self.book.known

    def clean_email(self) -> str:
        """The address, spelt as it is known."""
        return self.book.spelt(self.cleaned_data["email"])


class AddMaintainerForm(AddressForm):
    """Somebody who is not yet a maintainer of this data source."""

    def __init__(self, *args: Any, source: DataSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean_email(self) -> str:
        """The address, if adding it would mean anything."""
        address = super().clean_email()
        listed = entries_for(address, self.source.maintainers)
        if listed and address not in listed:
            raise ValidationError(
                f"{address} is a maintainer of this data source already, written as {label_of(listed[0])}."
            )
        if listed:
            raise ValidationError(f"{address} is a maintainer of this data source already.")
        if is_same(address, self.source.owner):
            raise ValidationError(f"{address} owns this data source and may do all a maintainer may.")
        self.check_addresses([address])
        return address


class SeveralForm(AddressForm):
    """One person and several data sources, out of those whose maintainers may be assigned.

    To remove it, an entry can be chosen as it stands instead of an address: `entry`.
    """

    entry = forms.ChoiceField(
        label="Or an entry as it stands, to remove it",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "That entry is on no list any more. Choose again."},
    )
    verb = forms.ChoiceField(choices=[(verb, verb) for verb in ("add", "remove")], widget=forms.HiddenInput)
    source = IdentifiersField(
        messages={
            "required": "Choose at least one data source.",
            "invalid_choice": "There is no data source %(value)s. It may have been deleted: choose again.",
        }
    )

    def __init__(self, *args: Any, sources: Sequence[ListedSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {str(source.identifier): source for source in sources}
        self.fields["source"].choices = [(key, key) for key in self.sources]  # type: ignore[attr-defined]
        self.odd = {key_of(entry): entry for entry in odd_entries(sources)}
        choices = [("", "none"), *((key, label_of(entry)) for key, entry in self.odd.items())]
        self.fields["entry"].choices = choices  # type: ignore[attr-defined]
        self.fields["email"].required = not self.data.get("entry")

    def clean_email(self) -> str:
        """To remove it, the address as it was typed: that is the entry that goes where there are several spellings."""
        typed = str(self.cleaned_data["email"])
        if self.data.get("verb") == Verb.REMOVE:
            return typed
        address = super().clean_email()
        self.check_addresses([address] if address else [])
        return address

    def clean(self) -> dict[str, Any]:
        """An entry as it stands is only ever removed, and alone."""
        cleaned = super().clean() or {}
        if cleaned.get("entry") and cleaned.get("verb") != Verb.REMOVE:
            self.add_error("entry", "An entry as it stands can only be removed. Write an address to add.")
        elif cleaned.get("entry") and cleaned.get("email"):
            self.add_error("entry", "Write an address or choose an entry, not both.")
        return cleaned

    @property
    def chosen(self) -> list[ListedSource]:
        """The data sources chosen, as they were listed. Only after `is_valid()`."""
        return [self.sources[str(identifier)] for identifier in self.cleaned_data["source"]]

    @property
    def change(self) -> MaintainerChange:
        """The change to make on each. Only after `is_valid()`."""
        if self.cleaned_data["entry"]:
            return MaintainerChange(Verb.REMOVE, self.odd[self.cleaned_data["entry"]], exact=True)
        return MaintainerChange(Verb(self.cleaned_data["verb"]), self.cleaned_data["email"])
