"""Days and ranges of time in forms. Everything is UTC."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.aurorax.times import YEARS
from apps.ui.forms import PortalForm

FORMATS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]


def sensible_year(day: date) -> None:
    """Raises ValidationError for a year that records cannot have, and that the calendar ends at."""
    if day.year not in YEARS:
        raise ValidationError(f"Choose a year from {YEARS[0]} to {YEARS[-1]}.")


class DayField(forms.DateField):
    """A UTC day; a form says so in its label."""

    default_error_messages = {"invalid": "Write a day as 2020-01-01."}
    default_validators = [sensible_year]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, required=False, **kwargs)


class UtcField(forms.DateTimeField):
    """A time in UTC to the second, typed as AuroraX writes it. Cleans to an aware time; a `Z` at its end is allowed."""

    default_error_messages = {"invalid": "Write a time as 2020-01-01T00:00:00 (UTC)."}
    default_validators = [sensible_year]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format=FORMATS[0], attrs={"class": "form-control tabular", "placeholder": "2020-01-01T00:00:00"}
        )
        super().__init__(widget=widget, input_formats=FORMATS, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """Aware, in UTC."""
        moment = super().to_python(value.strip().removesuffix("Z") if isinstance(value, str) else value)
        return moment.astimezone(UTC) if moment else None


class RangeForm(PortalForm):
    """A range of time, both ends included."""

    start = UtcField(label="Start (UTC)", help_text="Included in what is deleted.")
    end = UtcField(label="End (UTC)", help_text="Included in what is deleted.")

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        cleaned = super().clean() or {}
        if cleaned.get("start") and cleaned.get("end") and cleaned["start"] > cleaned["end"]:
            self.add_error("end", "The end is before the start.")
        return cleaned
