"""The form that makes data products of URLs and a pattern of their names."""

from datetime import timedelta
from typing import Any

import msgspec
from django import forms
from django.core.files.base import ContentFile

from apps.aurorax.records import DATA_PRODUCT_TYPES
from apps.products import name_patterns, url_lists
from apps.products.name_patterns import LONGEST, Mismatch, NamedProduct, NamePattern, WrongPattern
from apps.ui.forms import PortalForm

LARGEST = 2_000_000  # bytes of a file
LENGTHS = {
    "1440": "one day",
    "60": "one hour",
    "10": "ten minutes",
    "5": "five minutes",
    "1": "one minute",
    "43200": "30 days",
}
NO_URLS = "Paste the URLs, one a line, or choose a file with them."
TOO_MANY = f"At most {url_lists.MOST:,} URLs are taken at once. Split the list."


class NamesForm(PortalForm):
    """URLs, a pattern, and what no name says."""

    urls = forms.CharField(
        label="URLs, one a line",
        required=False,
        help_text="Or the page of a directory, saved as HTML and pasted or chosen below.",
        widget=forms.Textarea(
            attrs={"rows": 6, "spellcheck": "false", "class": "form-control font-monospace"}
        ),
    )
    file = forms.FileField(
        label="Or a file with them",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,.html,.htm"}),
    )
    base = forms.URLField(
        label="Address in front of names without one", required=False, assume_scheme="https", max_length=500
    )
    pattern = forms.CharField(
        label="Pattern of the names",
        max_length=LONGEST,
        required=False,
        help_text=(
            "{date:%Y%m%d} is the start, {end:%H%M} an end, {site} a metadata field, {*} anything. Empty: one is proposed."
        ),
    )
    length = forms.ChoiceField(
        label="Each product covers", choices=[*LENGTHS.items()], help_text="Where no name says its end."
    )
    data_product_type = forms.ChoiceField(label="Type", choices=[(each, each) for each in DATA_PRODUCT_TYPES])

    products: list[NamedProduct]
    mismatches: list[Mismatch]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products, self.mismatches = [], []

    def clean(self) -> dict[str, Any]:
        """The file's text goes into the box, where it can be seen, and a pattern is proposed where none was given."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        text = self._text(cleaned)
        urls = url_lists.urls_of(text, cleaned.get("base", ""))
        if not urls:
            raise forms.ValidationError({"urls": NO_URLS})
        if len(urls) > url_lists.MOST:
            raise forms.ValidationError({"urls": TOO_MANY})
        pattern = cleaned["pattern"].strip() or name_patterns.proposed(urls[0][1])
        self._keep(urls=text, pattern=pattern)
        try:
            found = NamePattern(pattern, timedelta(minutes=int(cleaned["length"])))
        except WrongPattern as wrong:
            raise forms.ValidationError({"pattern": str(wrong)}) from None
        self.products, self.mismatches = name_patterns.read_all(found, urls)
        return cleaned

    def _text(self, cleaned: dict[str, Any]) -> str:
        file = cleaned.get("file")
        if file is None:
            return str(cleaned["urls"])
        if file.size > LARGEST:
            raise forms.ValidationError({"file": "The file is larger than 2 MB. Split the list."})
        return str(file.read().decode("utf-8-sig", errors="replace")).replace("\0", "")

    def _keep(self, **fields: str) -> None:
        """What stands in these fields from now on."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name, text in fields.items():
            self.data[name] = text  # type: ignore[index]

    def received(self) -> "ContentFile[bytes]":
        """The records as a file to upload."""
        lines = name_patterns.records(self.products, self.cleaned_data["data_product_type"])
        return ContentFile(b"\n".join(map(msgspec.json.encode, lines)), "products from names.ndjson")
