"""Who hands what over to whom."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.address_book import AddressBook
from apps.accounts.address_forms import AddressCheckingForm
from apps.aurorax import ListedSource
from apps.handovers.plan import PreviousOwner
from apps.permissions.addresses import folded, is_same, trimmed
from apps.ui.forms import IdentifiersField

PREVIOUS = [
    (PreviousOwner.AS_IT_IS, "Leave the maintainers as they are"),
    (PreviousOwner.STAYS, "The previous owner becomes, or stays, a maintainer"),
    (PreviousOwner.GOES, "The previous owner is taken off the maintainers"),
]


class HandoverForm(AddressCheckingForm):
    """Data sources of one owner (`owner`), chosen or all of them, and who gets them."""

    owner = forms.CharField(widget=forms.HiddenInput, required=False)
    everything = forms.BooleanField(label="All of them", required=False)
    source = IdentifiersField(
        messages={
            "invalid_choice": "Data source %(value)s is not, or no longer, of this owner: choose again."
        },
        required=False,
    )
    new_owner = forms.EmailField(
        label="New owner",
        max_length=254,
        help_text="E-mail address of the account that gets them.",
        widget=forms.EmailInput(attrs={"list": "known-addresses", "autocomplete": "off"}),
        error_messages={
            "required": "Give the e-mail address of the account that gets them.",
            "invalid": "This is not an e-mail address. Write one such as name@example.org.",
        },
    )
    previous = forms.TypedChoiceField(
        label="The previous owner", choices=PREVIOUS, coerce=PreviousOwner, initial=PreviousOwner.AS_IT_IS
    )
    note = forms.CharField(
        label="Why",
        required=False,
        max_length=1_000,
        help_text="Kept with the activity, such as “Anna leaves in May”.",
    )

    def __init__(
        self, *args: Any, sources: Sequence[ListedSource], owner: str, book: AddressBook, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.find_book = lambda: book
        self.book = book
        self.previous_owner = owner
        self.offered = owned_by(owner, sources)
        choices = [(str(each.identifier), each.display_name) for each in self.offered]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        self.fields["owner"].initial = owner

    def clean_new_owner(self) -> str:
        """The address as it is known, if it is anybody else's."""
        address = self.book.spelt(self.cleaned_data["new_owner"])
        if is_same(address, self.previous_owner):
            raise ValidationError(f"{address} owns them already. Give the address of another account.")
        self.check_addresses([address])
        return address

    def clean(self) -> dict[str, Any]:
        """Something has to be chosen."""
        cleaned = super().clean() or {}
        if not (cleaned.get("source") or cleaned.get("everything") or "source" in self.errors):
            self.add_error("source", "Choose at least one data source, or all of them.")
        return cleaned

    @property
    def chosen(self) -> list[ListedSource]:
        """The data sources to hand over, as they were listed. Only after `is_valid()`."""
        if self.cleaned_data["everything"]:
            return self.offered
        return [each for each in self.offered if each.identifier in self.cleaned_data["source"]]


def owned_by(owner: str, sources: Sequence[ListedSource]) -> list[ListedSource]:
    """The data sources of this owner; those of nobody for an empty address."""
    if not owner:
        return [each for each in sources if not trimmed(each.owner or "")]
    return [each for each in sources if is_same(each.owner, owner)]


def owners(sources: Sequence[ListedSource]) -> list[tuple[str, str, int]]:
    """Everybody who owns something: the address, how people read it, and of how many; those without an owner last."""
    counts: dict[str, int] = {}
    for source in sources:
        counts[folded(source.owner)] = counts.get(folded(source.owner), 0) + 1
    named = [(address, address, count) for address, count in sorted(counts.items()) if address]
    return named + ([("", "nobody", counts[""])] if "" in counts else [])
