"""The editor of a metadata schema: one row per field, with rows added and removed, or read from JSON."""

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from apps.aurorax import MetadataField
from apps.sources.forms.fields import LinesField
from apps.ui.forms import PortalForm

MOST_ROWS = 200
SEARCHABLE = [("", "Not stated"), ("True", "Yes"), ("False", "No")]
# Seen in AuroraX's own schemas; its API document names no fixed set.
DATA_TYPES = ("string", "double", "int", "bool")


if TYPE_CHECKING:
    _Rows = BaseFormSet["MetadataFieldForm"]
else:
    _Rows = BaseFormSet  # Django's class takes no type argument when it runs


class MetadataFieldForm(PortalForm):
    """One row: a metadata field that records of the data source may carry."""

    field_name = forms.CharField(
        label="Field name",
        max_length=200,
        error_messages={"required": "Give the field name, or remove the row."},
    )
    description = forms.CharField(label="Description", required=False)
    data_type = forms.CharField(
        label="Data type",
        initial="string",
        widget=forms.TextInput(attrs={"list": "data-types"}),
        error_messages={"required": "Give the data type, such as string or double."},
    )
    allowed_values = LinesField(
        label="Allowed values",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "one per line"}),
    )
    additional_description = forms.CharField(
        label="Additional description", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    searchable = forms.TypedChoiceField(
        label="Searchable",
        required=False,
        choices=SEARCHABLE,
        coerce=lambda word: word == "True",
        empty_value=None,
    )

    commas = forms.ChoiceField(
        label="Commas in the allowed values",
        required=False,
        choices=[("", "Choose…"), ("one", "belong to the values"), ("several", "stand between values")],
    )

    def __init__(self, *args: Any, known: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known  # allowed values that AuroraX has already: nobody is asked about them

    @property
    def asks_about_commas(self) -> bool:
        """Whether the question is on the page."""
        return bool(self["commas"].value() or self.errors.get("commas"))

    def clean(self) -> dict[str, Any]:
        """`day, night` in one line may be one value or two: that is asked."""
        cleaned = super().clean() or {}
        values: list[str] = cleaned.get("allowed_values") or []
        doubtful = [value for value in values if "," in value and value not in self.known]
        if doubtful and not cleaned.get("commas"):
            question = f"“{doubtful[0]}” has a comma. Is it one value, or are these several?"
            self.add_error("commas", question)
        elif doubtful and cleaned["commas"] == "several":
            parts = (
                part.strip()
                for value in values
                for part in (value.split(",") if value in doubtful else [value])
            )
            cleaned["allowed_values"] = list(dict.fromkeys(part for part in parts if part))
        return cleaned

    def record(self) -> MetadataField:
        """The row as the API's record."""
        row = self.cleaned_data
        return MetadataField(
            field_name=row["field_name"],
            description=row["description"],
            data_type=row["data_type"],
            allowed_values=tuple(row["allowed_values"]),
            additional_description=row["additional_description"].replace("\r\n", "\n") or None,
            searchable=row["searchable"],
        )


class SchemaEditor(_Rows):
    """The rows of one schema. A row that is left empty does not count."""

    default_error_messages = {
        "missing_management_form": "The rows of this schema did not arrive whole. Open the page again.",
        "too_many_forms": "A schema has at most %(num)d rows. Remove some.",
    }

    def initial_form_count(self) -> int:
        """None of the rows that come back is sure to be filled, whether it was there before or was added."""
        return 0 if self.is_bound else super().initial_form_count()

    def clean(self) -> None:
        """Each field name may stand once."""
        names = [row.cleaned_data["field_name"] for row in self._filled()]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValidationError(
                f"The field name {repeated[0]} stands in more than one row. Keep one of them."
            )

    def schema(self) -> list[dict[str, Any]]:
        """The schema in the API's shape. Only after `is_valid()`."""
        return [row.record().to_api() for row in self._filled()]

    def messages(self) -> list[str]:
        """Every error as a message that names its row."""
        rows = [
            f"row {number}, {row.fields[name].label}: {error}"
            for number, row in enumerate(self.forms, start=1)
            for name, errors in row.errors.items()
            for error in errors
        ]
        return [*rows, *self.non_form_errors()]

    def _filled(self) -> list[MetadataFieldForm]:
        return [row for row in self.forms if row.cleaned_data.get("field_name")]


_Editor = cast(
    "type[SchemaEditor]",
    formset_factory(
        MetadataFieldForm,
        formset=SchemaEditor,
        extra=0,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    ),
)


def schema_editor(name: str, posted: QueryDict, known: Collection[str] = ()) -> SchemaEditor:
    """The editor called `name` as it was posted, to be checked. `known` are allowed values that AuroraX has already."""
    return _Editor(posted, prefix=name, form_kwargs={"known": known})


def schema_editor_of(name: str, rows: Iterable[dict[str, Any]]) -> SchemaEditor:
    """The editor called `name` filled with rows that nobody has checked yet: the API's, or texts as typed."""
    return _Editor(prefix=name, initial=list(rows))


def typed_rows(name: str, posted: QueryDict) -> list[dict[str, str]]:
    """The rows of the editor called `name` as they were typed, right or wrong."""
    total = posted.get(f"{name}-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if re.fullmatch("[0-9]{1,4}", total) else 0
    return [
        {field: posted.get(f"{name}-{number}-{field}", "") for field in MetadataFieldForm.base_fields}
        for number in range(count)
    ]
