"""Until when a data source is in repair."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.records.time_fields import DayField
from apps.sources.repairs import LONGEST
from apps.ui.forms import PortalForm


class RepairForm(PortalForm):
    """A day, and why."""

    until = DayField(label="In repair until (UTC)", help_text="This day included.")
    reason = forms.CharField(
        label="Why",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "The camera is with its maker."}),
    )

    def clean_until(self) -> date:
        """A day to come, and not for ever."""
        day, today = self.cleaned_data["until"], timezone.now().date()
        if day is None:
            raise ValidationError("Say until which day.")
        if not today <= day <= today + timedelta(days=LONGEST):
            raise ValidationError("Choose a day from today on, within a year.")
        return day  # type: ignore[no-any-return]
