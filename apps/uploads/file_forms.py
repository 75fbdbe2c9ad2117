"""The form that brings a file."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile, File

from apps.ui.forms import WhyForm
from apps.ui.storage import NO_ROOM
from apps.uploads.receiving import MEGABYTE, largest_file

ACCEPTED = (
    ".csv,.tsv,.txt,.json,.ndjson,.jsonl,.xlsx,.xlsb,.xls,.ods,.parquet,.cdf,.nc,.nc4,.h5,.hdf5,.min,.gz,.zip"
)


class FileForm(WhyForm):
    """A file, or rows pasted into a box."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,  # the reader says it better
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    text = forms.CharField(
        label="Or paste the rows here",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 5, "spellcheck": "false", "class": "form-control font-monospace"}
        ),
    )

    only_if_all_valid = forms.BooleanField(label="Send nothing unless every row is in order", required=False)

    def __init__(self, *args: Any, too_large: bool = False, no_room: bool = False, **kwargs: Any) -> None:
        """`too_large`, `no_room`: the file was skipped while it arrived."""
        super().__init__(*args, **kwargs)
        self._too_large, self._no_room = too_large, no_room
        limit = f"{largest_file() // MEGABYTE} MB"
        formats = "CSV (any separator and encoding), JSON, NDJSON, a workbook, Parquet, CDF, netCDF or HDF5, also packed with gzip or zip"
        self.fields["file"].help_text = f"{formats}; up to {limit}."

    def clean_file(self) -> "File[bytes] | None":
        """Within the limit."""
        file: File[bytes] | None = self.cleaned_data.get("file")
        if self._no_room:
            raise forms.ValidationError(NO_ROOM)
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
            message = (
                "Choose a file or paste rows, not both."
                if text
                else "Choose a file, or paste rows into the box."
            )
            raise forms.ValidationError({"file": message})
        return cleaned

    @property
    def filled(self) -> str:
        """The field that brought the records."""
        return "text" if self.cleaned_data.get("file") is None else "file"

    def received(self) -> "File[bytes]":
        """The file, or the pasted rows as one."""
        file: File[bytes] | None = self.cleaned_data["file"]
        return file if file is not None else ContentFile(self.cleaned_data["text"].encode(), "pasted rows")
