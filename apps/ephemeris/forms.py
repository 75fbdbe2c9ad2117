"""Forms about ephemeris: a day to browse, and one record."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField

from apps.aurorax import times
from apps.ephemeris.validators import LOCATIONS
from apps.records.forms import RecordForm
from apps.records.time_fields import DayField, UtcField
from apps.ui.forms import PortalForm
from apps.validation.row import Record

LOCATION_LABELS = {
    "location_geo": "Geographic location",
    "location_gsm": "GSM location",
    "nbtrace": "North B-trace",
    "sbtrace": "South B-trace",
}

# Both ends are in a range: a day ends with its last minute.
A_DAY = timedelta(days=1, minutes=-1)
LONGEST = timedelta(days=31, minutes=-1)  # 44,640 records


class DayForm(PortalForm):
    """Which day to show."""

    day = DayField(label="Day (UTC)")


class MapForm(PortalForm):
    """The range of time that a map shows, both ends included; a day when the end is left out."""

    start = UtcField(label="Start (UTC)")
    end = UtcField(label="End (UTC)", required=False)

    def clean(self) -> dict[str, Any]:
        """The end comes after the start, and not too long after."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if not start or self.errors:
            return cleaned
        cleaned["end"] = end = end or start + A_DAY
        if start > end:
            self.add_error("end", "The end is before the start.")
        elif end - start > LONGEST:
            self.add_error("end", "A map shows 31 days at most. Choose an earlier end.")
        return cleaned


class EphemerisForm(RecordForm):
    """One ephemeris record. The epoch is its key: it can be chosen when the record is new, and stays then."""

    def __init__(self, *args: Any, epoch: datetime | None = None, **kwargs: Any) -> None:
        """`epoch` is the address of an existing record, None for a new one."""
        super().__init__(*args, **kwargs)
        self.epoch = epoch
        own: dict[str, forms.Field] = {
            "epoch": forms.CharField(
                label="Epoch (UTC)",
                help_text="The record's key: it stays."
                if epoch
                else "Such as 2020-01-01T00:00:00, to the minute.",
                widget=forms.TextInput(
                    attrs={"class": "form-control tabular", "readonly": epoch is not None}
                ),
            )
        }
        for name in LOCATIONS:
            for part, label in (("lat", "latitude"), ("lon", "longitude")):
                own[f"{name}.{part}"] = forms.CharField(
                    label=f"{LOCATION_LABELS[name]}, {label}",
                    required=False,
                    widget=forms.TextInput(attrs={"class": "form-control tabular", "inputmode": "decimal"}),
                )
        self.fields = own | self.fields

    @property
    def locations(self) -> list[tuple[str, BoundField, BoundField]]:
        """Label, latitude and longitude of each location."""
        return [(LOCATION_LABELS[name], self[f"{name}.lat"], self[f"{name}.lon"]) for name in LOCATIONS]

    def clean_epoch(self) -> str:
        """An existing record keeps its epoch, whatever comes back."""
        return times.write(self.epoch) if self.epoch else str(self.cleaned_data["epoch"])

    def own_initial(self, record: Record) -> dict[str, str]:
        """Numbers with all their digits; nothing where there is no location."""
        places = {
            f"{name}.{part}": "" if number is None else repr(number)
            for name in LOCATIONS
            for part, number in record[name].items()
        }
        return {"epoch": record["epoch"]} | places
