"""Forms about data products: a span to browse, and one record."""

from typing import Any

from django import forms

from apps.aurorax.records import DATA_PRODUCT_TYPES
from apps.records.forms import RecordForm
from apps.records.time_fields import DayField
from apps.ui.forms import PortalForm
from apps.validation.row import Record

TYPE_LABELS = {name: name.replace("_", " ").capitalize() for name in DATA_PRODUCT_TYPES}
MOMENT = "UTC, to the minute, such as 2020-01-01T00:00:00."


class SpanForm(PortalForm):
    """Which days and which type to show."""

    first = DayField(label="From (UTC)")
    last = DayField(label="To (UTC)")
    type = forms.ChoiceField(label="Type", required=False, choices=[("", "Any type"), *TYPE_LABELS.items()])

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["first"] > cleaned["last"]:
            self.add_error("last", "The last day is before the first.")
        return cleaned


class ProductForm(RecordForm):
    """One data product. The URL is its key: it can be chosen when the record is new, and stays then."""

    def __init__(self, *args: Any, url: str = "", **kwargs: Any) -> None:
        """`url` is that of an existing record, empty for a new one."""
        super().__init__(*args, **kwargs)
        self.kept_url = url
        text = {"class": "form-control"}
        own: dict[str, forms.Field] = {
            "url": forms.CharField(
                label="URL",
                help_text="The record's key: it stays."
                if url
                else "Where the product is. AuroraX never opens it.",
                widget=forms.TextInput(attrs=text | {"readonly": bool(url)}),
            ),
            "data_product_type": forms.ChoiceField(
                label="Data product type",
                choices=self._types(),
                widget=forms.Select(attrs={"class": "form-select"}),
            ),
            "start": forms.CharField(
                label="Start (UTC)", help_text=MOMENT, widget=forms.TextInput(attrs=text)
            ),
            "end": forms.CharField(label="End (UTC)", help_text=MOMENT, widget=forms.TextInput(attrs=text)),
        }
        self.fields = own | self.fields

    def clean_url(self) -> str:
        """An existing record keeps its URL, whatever comes back."""
        return self.kept_url or str(self.cleaned_data["url"])

    def own_initial(self, record: Record) -> dict[str, str]:
        """As AuroraX has them."""
        return {name: record[name] for name in ("url", "data_product_type", "start", "end")}

    def _types(self) -> list[tuple[str, str]]:
        """The API's types; a record of another type shows that too, although AuroraX would not take it again."""
        present = str((self.seen or {}).get("data_product_type") or "keogram")
        return (
            list(({present: present} | TYPE_LABELS).items())
            if present not in TYPE_LABELS
            else list(TYPE_LABELS.items())
        )
