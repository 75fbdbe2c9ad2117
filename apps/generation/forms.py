"""The form that makes ephemeris of the times an instrument operated."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.files.base import ContentFile

from apps.generation import files, intervals
from apps.generation.intervals import Interval, WrongIntervals
from apps.generation.nights import dark_hours
from apps.records.time_fields import DayField
from apps.ui.forms import WhyForm

LARGEST = 2_000_000  # bytes of a file of intervals
TYPED, DARK = "intervals", "dark"
WAYS = {TYPED: "The intervals below", DARK: "All dark hours between two days"}
INCLUDED, EXCLUDED = "included", "excluded"
ENDS = {
    INCLUDED: "is the last minute that operated: 00:00 to 00:02 are three records",
    EXCLUDED: "is the first minute that did not: 00:00 to 00:02 are two records",
}
NEVER_DARK = "The Sun is never that low there between these days. Choose a higher elevation, or other days."
LONGEST = 4_200  # days


class AngleField(forms.FloatField):
    """An angle in degrees, within limits that are said in one sentence."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        message = f"Write degrees from -{most} to {most}, such as {kwargs.pop('example')}."
        errors = {"invalid": message, "min_value": message, "max_value": message, "required": message}
        widget = forms.TextInput(attrs={"class": "form-control tabular", "inputmode": "decimal"})
        super().__init__(min_value=-most, max_value=most, error_messages=errors, widget=widget, **kwargs)


class OperatingForm(WhyForm):
    """A site, and when it operated."""

    lat = AngleField(label="Geographic latitude", most=90, example="56.3767")
    lon = AngleField(label="Geographic longitude, east", most=180, example="-94.6437")
    way = forms.ChoiceField(
        label="When it operated", choices=[*WAYS.items()], initial=TYPED, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="Intervals, one a line (UTC)",
        required=False,
        help_text=(
            "2020-01-01 00:00 to 2020-01-01 06:30, mode=burst. Or CSV with columns start, end and any of metadata. What"
            " overlaps is merged."
        ),
        widget=forms.Textarea(
            attrs={"rows": 6, "spellcheck": "false", "class": "form-control font-monospace"}
        ),
    )
    file = forms.FileField(
        label="Or a file with them", required=False, widget=forms.FileInput(attrs={"accept": ".txt,.csv"})
    )
    ends = forms.ChoiceField(
        label="The end of an interval", choices=[*ENDS.items()], initial=INCLUDED, widget=forms.RadioSelect
    )
    first = DayField(label="First day (UTC)")
    last = DayField(label="Last day (UTC)")
    below = AngleField(
        label="Sun lower than",
        most=90,
        example="-12",
        initial=-12,
        required=False,
        help_text="Degrees above the horizon, without refraction: -12 is nautical, -18 astronomical darkness.",
    )
    fills_traces = forms.BooleanField(label="Compute the b-traces", required=False, initial=True)

    found: Sequence[Interval] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fills_traces"].widget.attrs["class"] = "form-check-input"

    def clean(self) -> dict[str, Any]:
        """The intervals; the text of a file goes into the box, where it can be seen."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        self.found = self._dark(cleaned) if cleaned["way"] == DARK else self._typed(cleaned)
        return cleaned

    def received(self, name: str) -> "ContentFile[bytes]":
        """The records as a file to upload."""
        return files.of_site(name, self.cleaned_data["lat"], self.cleaned_data["lon"], self.found)

    @property
    def minutes(self) -> int:
        """How many records it is."""
        return intervals.minutes_in(self.found)

    def _typed(self, cleaned: dict[str, Any]) -> Sequence[Interval]:
        text = self._text(cleaned)
        try:
            return intervals.read(text, ends_included=cleaned["ends"] == INCLUDED)
        except WrongIntervals as wrong:
            raise forms.ValidationError({"text": wrong.messages}) from None

    def _text(self, cleaned: dict[str, Any]) -> str:
        file = cleaned.get("file")
        if file is None:
            return str(cleaned["text"])
        if file.size > LARGEST:
            raise forms.ValidationError({"file": "The file is larger than 2 MB. Split it."})
        text = str(file.read().decode("utf-8-sig", errors="replace")).replace("\0", "")
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["text"] = text  # type: ignore[index]
        return text

    def _dark(self, cleaned: dict[str, Any]) -> Sequence[Interval]:
        missing = [name for name in ("first", "last", "below") if cleaned.get(name) is None]
        if missing:
            raise forms.ValidationError(dict.fromkeys(missing, "Dark hours need this."))
        first, last, below = cleaned["first"], cleaned["last"], cleaned["below"]
        self._check_days(first, last)
        find = partial(dark_hours, cleaned["lat"], cleaned["lon"], first, last, below)
        try:
            found = intervals.merged(find())
        except WrongIntervals as wrong:
            raise forms.ValidationError({"last": wrong.messages}) from None
        if not found:
            raise forms.ValidationError({"below": NEVER_DARK})
        return found

    def _check_days(self, first: date, last: date) -> None:
        if first > last:
            raise forms.ValidationError({"last": "The last day is before the first."})
        if (last - first).days > LONGEST:
            raise forms.ValidationError(
                {"last": f"At most {LONGEST:,} days are taken at once. Choose an earlier day."}
            )
