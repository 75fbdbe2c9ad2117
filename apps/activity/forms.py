"""The filters of the activity list and of the search requests."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.activity.models import Event
from apps.aurorax.records.searches import SEARCH_TYPES
from apps.permissions import Action
from apps.permissions.matrix import LABELS
from apps.ui.forms import PortalForm

WRITES = [action for action in Action if not action.endswith(".see")]


def _moment(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2020-01-01T00:00:00"}),
        error_messages={"invalid": "Write a time as 2020-01-01T00:00:00 (UTC)."},
    )


class ActivityFilter(PortalForm):
    """Which events to show; nothing chosen shows all."""

    person = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"placeholder": "E-mail address", "type": "search"})
    )
    action = forms.ChoiceField(
        required=False, choices=[("", "Anything"), *((action.value, LABELS[action]) for action in WRITES)]
    )
    source = forms.IntegerField(
        label="Data source",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Identifier", "inputmode": "numeric"}),
        error_messages={"invalid": "Write the number of a data source, as 103."},
    )
    outcome = forms.ChoiceField(required=False, choices=[("", "Any outcome"), *Event.Outcome.choices])

    def given(self) -> dict[str, Any]:
        """The fields that are filled in and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def chosen(self) -> "QuerySet[Event]":
        """The events that match all of `given`, newest first."""
        lookups = {"source": "source_identifier"}
        given = self.given()
        person = given.pop("person", "")
        events = Event.objects.filter(**{lookups.get(name, name): value for name, value in given.items()})
        return events.by(person) if person else events


class SearchFilter(PortalForm):
    """Which search requests to show; nothing chosen shows all."""

    search_type = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "Any kind"), *((kind, kind.replace("_", " ")) for kind in SEARCH_TYPES)],
    )
    active = forms.TypedChoiceField(
        label="State",
        required=False,
        empty_value=None,
        coerce=lambda chosen: chosen == "yes",
        choices=[("", "Any state"), ("yes", "Running"), ("no", "Finished")],
    )
    start = _moment("From (UTC)")
    end = _moment("To (UTC)")

    def given(self) -> dict[str, Any]:
        """The fields that are filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
