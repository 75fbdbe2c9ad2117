"""The filters of the activity list and of the search requests."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms

from apps.activity.models import Event, EventQuerySet
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


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write a day as 2020-01-01."},
    )


LOOKUPS = {"source": "source_identifier", "since": "at__gte", "until": "at__lte"}


class ActivityFilter(PortalForm):
    """Which events to show; nothing chosen shows all."""

    person = forms.CharField(
        required=False,
        max_length=254,
        error_messages={
            "max_length": "No address is longer than %(limit_value)d characters; this has %(show_value)d."
        },
        widget=forms.TextInput(attrs={"placeholder": "E-mail address", "type": "search"}),
    )
    action = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "Anything"), *((action.value, LABELS[action]) for action in WRITES)],
    )
    source = forms.IntegerField(
        label="Data source",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Identifier", "inputmode": "numeric"}),
        error_messages={"invalid": "Write the number of a data source, as 103."},
    )
    outcome = forms.ChoiceField(required=False, choices=[("", "Any outcome"), *Event.Outcome.choices])
    since = _day("From day (UTC)")
    until = _day("To day (UTC)")

    def given(self) -> dict[str, Any]:
        """The fields that are filled in and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def chosen(self) -> EventQuerySet:
        """The events that match all of `given`, newest first, those of bulk actions among them."""
        given = self.given()
        person = given.pop("person", "")
        if since := given.get("since"):
            given["since"] = datetime.combine(since, time.min, UTC)
        if until := given.get("until"):
            given["until"] = datetime.combine(until, time.max, UTC)
        events = Event.objects.filter(**{LOOKUPS.get(name, name): value for name, value in given.items()})
        return events.by(person) if person else events

    def listed(self) -> EventQuerySet:
        """The same with one row for a bulk action; those about one data source stand for themselves."""
        events = self.chosen()
        return events if "source" in self.given() else events.in_list()


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
