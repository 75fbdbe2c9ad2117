"""One record as a form: its own fields, its metadata by the source's schema, and a box for any other metadata.

What is typed is checked by the same rules as the rows of a file. A metadata value nobody touched stays exactly what it
was, also where it is not what the schema says: the schema describes, AuroraX does not enforce it.
"""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import BoundField

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.records.checked import check
from apps.records.types import RecordType
from apps.ui.forms import WhyForm
from apps.ui.strict_json import strict_json
from apps.validation.metadata_values import METADATA_TYPES, has_type, metadata_value
from apps.validation.row import Record
from apps.validation.rules import PROBLEM
from apps.validation.values import InvalidValue

SALT = "apps.uploads.record_forms"
PREFIX = "metadata."
BOOLEANS = ("true", "false")


class TrueOrFalse(forms.ChoiceField):
    """A choice of true and false, in any case and with blanks around it, as in the cells of files."""

    def to_python(self, value: Any) -> str:
        """As it is listed."""
        text: str = super().to_python(value)
        bare = text.strip().lower()
        return bare if bare in BOOLEANS and not self.valid_value(text) else text


class RecordForm(WhyForm):
    """A form for one record of one source. `own_fields` of a subclass are named like the columns of its kind."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    other_metadata = forms.CharField(
        label="Other metadata",
        required=False,
        help_text='A JSON object with whatever the schema does not describe, such as {"state": "definitive"}.',
        widget=forms.Textarea(
            attrs={"rows": 3, "class": "form-control font-monospace", "spellcheck": "false"}
        ),
    )

    def __init__(
        self, data: Any = None, *, kind: RecordType, source: DataSource, record: Record | None = None
    ) -> None:
        self.kind, self.source = kind, source
        self.schema: Sequence[MetadataField] = kind.schema(source)
        self.seen = _unseal((data or {}).get("base", "")) if data is not None else record
        self.record: Record | None = None
        self.without_value: list[str] = []  # fields of metadata in which a word for no value was typed
        super().__init__(data, initial=self._initial(record))
        metadata = (self.seen or {}).get("metadata") or {}
        self.fields |= {
            PREFIX + field.field_name: _metadata_field(field, metadata.get(field.field_name))
            for field in self.schema
        }

    @property
    def metadata_rows(self) -> list[BoundField]:
        """The fields of the schema, as they are shown."""
        return [self[PREFIX + field.field_name] for field in self.schema]

    def clean(self) -> dict[str, Any]:
        """Put the record together and check it; `record` holds it afterwards, in the API's shape."""
        cleaned = super().clean() or {}
        row = {column.name: cleaned.get(column.name, "") for column in self.kind.columns}
        row["metadata"] = self._metadata(cleaned)
        if not self.errors:
            checked = check(self.kind, row, self.source)
            for group in checked.problems:
                name = group.column if group.column in self.fields else None
                self.add_error(name, f"{group.rule.message}. {group.rule.hint}")
            self.record = checked.record
        return cleaned

    def now_holds(self, current: Record | None) -> None:
        """Somebody else was faster: say what AuroraX holds by now, and let the next save replace that."""
        self.data = {
            **{name: self.data[name] for name in self.data},
            "base": seal(current) if current else "",
        }
        held = json.dumps(current, ensure_ascii=False) if current else "nothing: the record has been deleted"
        happened = (
            "Somebody else changed this record since you opened it"
            if self.seen
            else f"There is a record with this {self.kind.key_name} already"
        )
        self.add_error(
            None,
            f"{happened}, so yours was not saved. Save once more to put yours in its place. AuroraX now holds {held}.",
        )

    def _initial(self, record: Record | None) -> dict[str, Any]:
        if record is None:
            return {}
        metadata = record.get("metadata") or {}
        described = {
            field.field_name: metadata.get(field.field_name)
            for field in self.schema
            if _fits(metadata, field)
        }
        other = {name: value for name, value in metadata.items() if name not in described}
        texts = {PREFIX + name: as_text(value) for name, value in described.items()}
        box = json.dumps(other, indent=2, ensure_ascii=False) if other else ""
        return self.own_initial(record) | texts | {"other_metadata": box, "base": seal(record)}

    def own_initial(self, record: Record) -> dict[str, str]:
        """The record's own fields as text."""
        raise NotImplementedError

    def _metadata(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Metadata as the person leaves it: the box, then the rows of the schema."""
        before = (self.seen or {}).get("metadata") or {}
        metadata = self._box(cleaned.get("other_metadata", ""))
        for field in self.schema:
            name, typed = field.field_name, str(cleaned.get(PREFIX + field.field_name, ""))
            if name in metadata:
                if typed:
                    self.add_error(
                        "other_metadata", f"“{name}” has a field of its own above: fill in one of the two."
                    )
            elif name in before and _fits(before, field) and typed == as_text(before[name]):
                metadata[name] = before[name]
            elif (value := self._value(typed, field)) is not None:
                metadata[name] = value
        return metadata

    def _value(self, typed: str, field: MetadataField) -> object:
        """What somebody typed, by the rule for the cells of files; None for no value."""
        try:
            return metadata_value(typed, field)
        except InvalidValue as wrong:
            if wrong.rule.severity is PROBLEM:
                self.add_error(PREFIX + field.field_name, f"{wrong.rule.message}. {wrong.rule.hint}")
            else:
                self.without_value.append(field.field_name)
            return None

    def _box(self, text: str) -> dict[str, Any]:
        if not text.strip():
            return {}
        try:
            found = strict_json(text)
        except ValidationError as error:
            self.add_error("other_metadata", error)
            return {}
        if not isinstance(found, dict):
            self.add_error("other_metadata", 'Write an object with names and values: {"name": "value"}.')
            return {}
        return found


def seal(record: Record) -> str:
    """A record for the hidden field of the form made from it, signed."""
    return signing.dumps(record, salt=SALT, compress=True)


def _unseal(sealed: str) -> Record | None:
    """None for a form that adds a record, and for a text that is not ours: saving then finds out what is there."""
    try:
        return dict(signing.loads(sealed, salt=SALT)) if sealed else None
    except signing.BadSignature:
        return None


def _metadata_field(described: MetadataField, value: Any) -> forms.Field:
    """One row of the schema: a choice where values are listed (with the present one, if it is another), else text."""
    hint = "; ".join(filter(None, [described.description, described.additional_description]))
    common: dict[str, Any] = {"label": described.field_name, "required": False, "help_text": hint}
    is_bool = METADATA_TYPES.get(described.data_type.lower()) is bool
    values = described.allowed_values or (BOOLEANS if is_bool else ())
    if not values:
        return forms.CharField(**common, strip=False, widget=forms.TextInput(attrs={"class": "form-control"}))
    present = [] if value is None or as_text(value) in values else [as_text(value)]
    choices = [("", "no value"), *((each, each) for each in [*values, *present] if each)]
    field = TrueOrFalse if is_bool else forms.ChoiceField
    return field(**common, choices=choices, widget=forms.Select(attrs={"class": "form-select"}))


def _fits(metadata: dict[str, Any], field: MetadataField) -> bool:
    """Whether a row of text can show the value: lists, objects and null, and types the schema denies, go to the box."""
    if field.field_name not in metadata:
        return False
    value = metadata[field.field_name]
    if METADATA_TYPES.get(field.data_type.lower()) in (None, str):
        return isinstance(value, str) and value != ""
    return has_type(value, field.data_type)


def as_text(value: Any) -> str:
    """A metadata value as text: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
