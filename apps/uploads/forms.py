"""The forms of an upload: the file, and what its unknown columns mean."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile, File
from django.utils.datastructures import MultiValueDict

from apps.ui.forms import PortalForm
from apps.uploads.columns import IGNORE, METADATA
from apps.uploads.kinds import RecordKind
from apps.uploads.receiving import MEGABYTE, largest_file

OWN_METADATA = "(metadata)"


class FileForm(PortalForm):
    """A file, or rows pasted into a box."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,  # the reader says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.json,.ndjson,.jsonl"}),
    )
    text = forms.CharField(
        label="Or paste the rows here",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 5, "spellcheck": "false", "class": "form-control font-monospace"}
        ),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        """`too_large`: the file was skipped while it arrived."""
        super().__init__(*args, **kwargs)
        self._too_large = too_large
        limit = f"{largest_file() // MEGABYTE} MB"
        formats = "CSV (comma, semicolon or tab), JSON or NDJSON in UTF-8"
        self.fields["file"].help_text = f"{formats}, up to {limit}."

    def clean_file(self) -> "File[bytes] | None":
        """Within the limit."""
        file: File[bytes] | None = self.cleaned_data.get("file")
        if self._too_large or (file and file.size > largest_file()):
            raise forms.ValidationError(
                f"The file is larger than {largest_file() // MEGABYTE} MB. Split it and upload the parts one by"
                " one: records are replaced by their key, so the order does not matter."
            )
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text", "").strip()
        if not self.errors and bool(file is not None) == bool(text):
            raise forms.ValidationError(
                "Choose a file or paste rows, not both."
                if text
                else "Choose a file, or paste rows into the box."
            )
        return cleaned

    @property
    def filled(self) -> str:
        """The field that brought the records."""
        return "text" if self.cleaned_data.get("file") is None else "file"

    def received(self) -> "File[bytes]":
        """The file, or the pasted rows as one."""
        file: File[bytes] | None = self.cleaned_data["file"]
        return file if file is not None else ContentFile(self.cleaned_data["text"].encode(), "pasted rows")


class ColumnsForm(PortalForm):
    """For each column nobody knows: which it is, or that it is to be ignored."""

    def __init__(
        self, headers: list[str], kind: RecordKind, data: "MultiValueDict[str, str] | None" = None
    ) -> None:
        super().__init__(data)
        self._headers = headers
        choices = [
            ("", "Choose…"),
            ("ignore", "Ignore this column"),
            (OWN_METADATA, "Metadata, under its own name"),
            *((column.name, f"{column.name}: {column.help}") for column in kind.columns),
        ]
        for place, header in enumerate(headers):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header,
                choices=choices,
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"required": "Choose what this column is, or ignore it."},
            )

    def mapping(self) -> dict[str, str]:
        """Header -> canonical column name, or `IGNORE`."""
        return {
            header: _meaning(header, self.cleaned_data[f"column-{place}"])
            for place, header in enumerate(self._headers)
        }


def _meaning(header: str, choice: str) -> str:
    if choice == OWN_METADATA:
        return f"{METADATA}.{header}"
    return IGNORE if choice == "ignore" else choice
