"""Making a token, and giving tokens another key."""

import re

from django import forms
from django.core.exceptions import ValidationError

from apps.aurorax import AuroraX, errors
from apps.tokens.models import Scope
from apps.ui.forms import PortalForm

MOST_SOURCES = 50
LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("180", "half a year"), ("366", "a year")]
NUMBERS = re.compile(r"[\s,;]+")


def key_field(*, required: bool) -> forms.CharField:
    """Where an API key is typed."""
    return forms.CharField(
        label="Your AuroraX API key",
        required=required,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=""
        if required
        else "Kept encrypted as long as the token. AuroraX accepts one key per account.",
    )


class TokenForm(PortalForm):
    """What a token is for. The data sources are looked up under the person's own sign-in."""

    name = forms.CharField(
        label="Name", max_length=60, help_text="For you to recognise it by, such as: weekly upload on atlas."
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    sources = forms.CharField(
        label="Data sources",
        required=False,
        max_length=1000,
        help_text="Their numbers, with commas between. Without one: all that you may do this on.",
        widget=forms.TextInput(attrs={"placeholder": "103, 117", "inputmode": "numeric"}),
    )
    days = forms.ChoiceField(label="Ends after", choices=LIFETIMES, initial="90")
    api_key = key_field(required=False)

    def __init__(self, *args: object, client: AuroraX, has_key: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        if has_key:
            self.fields["api_key"].help_text = "Leave it empty to use the one that the portal has already."

    def clean_sources(self) -> list[int]:
        """Numbers of data sources that exist."""
        texts = [text for text in NUMBERS.split(self.cleaned_data["sources"]) if text]
        if len(texts) > MOST_SOURCES:
            raise ValidationError(f"These are more than {MOST_SOURCES}. Leave the field empty for all.")
        return [self._existing(text) for text in texts]

    def _existing(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValidationError(
                f"“{text[:20]}” is no number of a data source. Write numbers such as 103, 117."
            )
        try:
            return self.client.sources.get(int(text)).identifier
        except errors.NotFound:
            raise ValidationError(f"AuroraX has no data source {int(text)}.") from None


class KeyForm(PortalForm):
    """Another API key."""

    api_key = key_field(required=True)
