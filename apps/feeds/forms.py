"""Making a feed, and giving it another key."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from apps.aurorax import DataSource
from apps.feeds import places
from apps.feeds.models import FeedPlace, FeedPolicy
from apps.feeds.places import FeedRefused
from apps.feeds.places.offers import LONGEST_ADDRESS, listed
from apps.permissions import Person, decide
from apps.records.types import record_types
from apps.tokens.forms import key_field
from apps.ui.forms import PortalForm

INTERVALS = [
    ("15", "a quarter of an hour"),
    ("60", "an hour"),
    ("360", "six hours"),
    ("1440", "a day"),
    ("10080", "a week"),
]
EXAMPLES = {
    FeedPlace.FILE: "https://data.example.org/week.csv",
    FeedPlace.LIST: "https://data.example.org/files.txt",
}


class FeedForm(PortalForm):
    """Where the files are, and what is done with them without asking."""

    name = forms.CharField(label="Name", max_length=50, help_text="For you to recognise it by.")
    kind = forms.ChoiceField(label="Records")
    place = forms.ChoiceField(label="Where the files are")
    address = forms.CharField(label="Address", max_length=LONGEST_ADDRESS)
    policy = forms.ChoiceField(
        label="What is sent without asking you",
        choices=FeedPolicy.choices,
        initial=FeedPolicy.NEW,
        widget=forms.RadioSelect,
        help_text="All else waits for you, and you are told.",
    )
    most_records = forms.IntegerField(
        label="At most so many records of a file",
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text="A file with more to send waits for you. Empty: no limit.",
    )
    minutes = forms.TypedChoiceField(label="Look every", choices=INTERVALS, initial="60", coerce=int)
    api_key = key_field(required=False)

    def __init__(
        self, *args: object, source: DataSource, person: Person, has_key: bool, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        self._fields["kind"].choices = [
            (kind.slug, kind.label) for kind in record_types() if decide(person, kind.actions.create, source)
        ]
        self._fields["place"].choices = self._places()
        self.fields["address"].help_text = self._help()
        if has_key:
            self.fields["api_key"].help_text = "Leave it empty to use the one that the portal has already."

    @property
    def _fields(self) -> dict[str, forms.ChoiceField]:
        return self.fields  # type: ignore[return-value]

    def _places(self) -> list[tuple[str, str]]:
        """Those that can be used here at all."""
        allowed = {FeedPlace.FOLDER: settings.FEED_FOLDERS, FeedPlace.BUCKET: settings.FEED_BUCKETS}
        number = self.source.identifier
        return [
            (each.value, each.label)
            for each in FeedPlace
            if each not in allowed or listed(allowed[each], number)
        ]

    def _help(self) -> str:
        number = self.source.identifier
        parts = ["Such as https://data.example.org/week.csv, which anybody may read."]
        if hosts := settings.FEED_HOSTS:
            parts.append(f"Hosts: {', '.join(hosts)}.")
        if folders := listed(settings.FEED_FOLDERS, number):
            parts.append(f"Folders: {folders}.")
        if buckets := listed(settings.FEED_BUCKETS, number):
            parts.append(f"S3: {buckets}.")
        return " ".join(parts)

    def clean_address(self) -> str:
        """One that this data source may be fed from."""
        place, address = self.cleaned_data.get("place"), self.cleaned_data["address"]
        if not place:
            return str(address)
        try:
            found = places.checked(place, address, self.source.identifier)
        except FeedRefused as refused:
            raise ValidationError(refused.message) from None
        if len(found) > LONGEST_ADDRESS:
            raise ValidationError("This address is too long.")
        return found


class ResumeForm(PortalForm):
    """Another API key, where the old one is taken no more."""

    api_key = key_field(required=False)
