"""The form of a data source: everything but its metadata schemas, which have editors of their own."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from apps.accounts.address_forms import AddressCheckingForm
from apps.accounts.models import User
from apps.aurorax.records import FIELD_LIMITS
from apps.permissions import Action, decide
from apps.permissions.addresses import folded, is_same
from apps.sources.forms.fields import AddressesField, JsonObjectField
from apps.sources.labels import FIELD_LABELS, SOURCE_TYPE_CHOICES
from apps.ui.forms import WhyForm

# API document, Data Source: identifier is an int32. PyAuroraX takes 0 as missing, and hides negative ones.
LARGEST_IDENTIFIER = 2**31 - 1

GROUPS = {
    "What it is": ("program", "platform", "instrument_type", "source_type", "display_name", "identifier"),
    "People": ("owner", "maintainers"),
    "Anything else": ("metadata",),
}


class FieldGroup(NamedTuple):
    """Fields that belong together on the page."""

    legend: str
    fields: list[BoundField]


def _text(name: str, help_text: str) -> forms.CharField:
    """A required text with the API's length limit, which is checked here because AuroraX answers a bare 500."""
    limit = FIELD_LIMITS[name]
    return forms.CharField(
        label=FIELD_LABELS[name],
        max_length=limit,
        help_text=f"{help_text} At most {limit} characters.",
        error_messages={
            "required": f"Give the {FIELD_LABELS[name].lower()}.",
            "max_length": f"At most {limit} characters; this has %(show_value)d. Shorten it.",
        },
    )


class SourceForm(AddressCheckingForm, WhyForm):
    """What every form of a data source has. The owner is offered to those who may change it."""

    program = _text("program", "The mission, project or network, such as trex.")
    platform = _text("platform", "The station or spacecraft, such as gillam or swarma.")
    instrument_type = _text("instrument_type", "The kind of instrument, such as RGB ASI or footprint.")
    source_type = forms.ChoiceField(
        label=FIELD_LABELS["source_type"],
        choices=[("", "Choose…"), *SOURCE_TYPE_CHOICES],
        help_text="Where the instrument is.",
        error_messages={"required": "Choose the source type."},
    )
    display_name = _text("display_name", "What people see in lists and plots, such as TREx RGB GILL.")
    owner = forms.EmailField(
        label=FIELD_LABELS["owner"],
        max_length=254,
        required=False,
        help_text="E-mail address of the account that owns the data source.",
        error_messages={"invalid": "This is not an e-mail address. Write one such as name@example.org."},
    )
    metadata = JsonObjectField(
        label=FIELD_LABELS["metadata"],
        required=False,
        help_text='A JSON object, such as {"latitude": 56.38, "longitude": -94.64}.',
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not decide(by, Action.SOURCE_CHANGE_OWNER):
            del self.fields["owner"]

    def clean_owner(self) -> str:
        """The owner; an address that may be a slip is asked about, unless it is the owner's already."""
        owner: str = self.cleaned_data["owner"]
        if owner and not is_same(owner, self.initial.get("owner")):
            self.check_addresses([owner])
        return owner

    def clean_maintainers(self) -> list[str]:
        """The same for those who are not on the list yet."""
        maintainers: list[str] = self.cleaned_data["maintainers"]
        listed = [*map(folded, self.initial.get("maintainers") or [])]
        self.check_addresses(each for each in maintainers if folded(each) not in listed)
        return maintainers

    def groups(self) -> list[FieldGroup]:
        """The fields as they are laid out, in groups."""
        groups = [
            FieldGroup(legend, [self[name] for name in names if name in self.fields])
            for legend, names in GROUPS.items()
        ]
        return [group for group in groups if group.fields]


class NewSourceForm(SourceForm):
    """To create one: with an identifier, if a certain one is wanted, and the first maintainers."""

    identifier = forms.IntegerField(
        label=FIELD_LABELS["identifier"],
        required=False,
        min_value=1,
        max_value=LARGEST_IDENTIFIER,
        help_text="Leave empty for the next free number.",
        error_messages={
            "invalid": "Write a whole number, or leave it empty.",
            "min_value": "Write a number of 1 or more, or leave it empty.",
            "max_value": f"AuroraX takes numbers up to {LARGEST_IDENTIFIER}.",
        },
    )
    maintainers = AddressesField(
        label=FIELD_LABELS["maintainers"],
        required=False,
        help_text="Who may keep its records: e-mail addresses, one per line.",
    )


class EditForm(SourceForm):
    """To change some of it. The identifier stays, and maintainers have a page of their own."""

    def clean_owner(self) -> str:
        """An owner can be changed and not removed: AuroraX takes null in a PATCH for "leave alone"."""
        owner = super().clean_owner()
        if not owner and self.initial.get("owner"):
            raise ValidationError("AuroraX cannot empty the owner. Give the address of another account.")
        return owner


class ReplacementForm(SourceForm):
    """To replace the whole record: everything but the identifier."""

    maintainers = NewSourceForm.base_fields["maintainers"]
