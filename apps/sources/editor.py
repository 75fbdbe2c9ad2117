"""A data source as somebody is writing it: the form and the two schema editors, which are one thing on the page."""

import re
from typing import Any

from django.core.exceptions import ValidationError

from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource
from apps.sources.changes import Fields
from apps.sources.forms.schema import DATA_TYPES, SchemaEditor, schema_editor, schema_editor_of, typed_rows
from apps.sources.forms.source import SourceForm
from apps.sources.labels import FIELD_LABELS
from apps.sources.schema_json import LARGEST_SCHEMA, read_schema

SCHEMAS = ("ephemeris_metadata_schema", "data_product_metadata_schema")
# The name of the buttons that add, remove or read rows; their value says what and where: `remove:<schema>:<row>`.
ROWS_BUTTON = "rows"
ROWS_COMMAND = re.compile(
    rf"(?P<command>add|remove|json):(?P<schema>{'|'.join(SCHEMAS)})(:(?P<row>[0-9]{{1,4}}))?"
)
# A value of the same button that only shows the form again, as it was typed.
SHOW = "show"


class SchemaSection:
    """One schema on the page: its editor, and the box for JSON beside it."""

    def __init__(self, name: str, editor: SchemaEditor, *, json: str = "", json_error: str = "") -> None:
        self.name = name
        self.label = FIELD_LABELS[name]
        self.editor = editor
        self.json = json
        self.json_error = json_error

    @property
    def element_id(self) -> str:
        """The id of its element, by the rule for fragments."""
        return self.name.replace("_", "-")


class SourceDraft:
    """What is on the page of a form, from a data source, from nothing, or as it was posted."""

    def __init__(
        self, form_class: type[SourceForm], request: PortalRequest, source: DataSource | None = None
    ) -> None:
        self.request = request
        self.command, self.at, self.row = _rows_command(request.POST.get(ROWS_BUTTON, ""))
        self.is_submitted = request.method == "POST" and not self.command
        known = source.to_api() if source else {}
        if self.is_submitted:
            self.form = form_class(request.POST, by=request.user, initial=known)
            self.sections = [self._posted(name) for name in SCHEMAS]
        elif self.command:
            self.form = form_class(by=request.user, initial=request.POST.dict())
            self.sections = [self._rearranged(name) for name in SCHEMAS]
        else:
            self.form = form_class(by=request.user, initial=known)
            self.sections = [
                SchemaSection(name, schema_editor_of(name, known.get(name, []))) for name in SCHEMAS
            ]

    @property
    def data_types(self) -> tuple[str, ...]:
        """Data types to offer in the editors."""
        return DATA_TYPES

    @property
    def fragment(self) -> str:
        """The template of the editor whose rows were changed, for htmx."""
        return f"sources/_{self.at}.html" if self.at else ""

    @property
    def status(self) -> int:
        """422 when what was submitted cannot be taken."""
        return 422 if self.form.errors else 200

    def is_valid(self) -> bool:
        """Check everything; what is wrong in the editors joins the summary of the form."""
        for section in self.sections:
            if section.json or self.request.FILES.get(f"{section.name}-file"):
                section.json_error = (
                    "This JSON is not in the editor yet. Press “Put into the editor”, or take it out."
                )
                self.form.add_error(None, f"{section.label}: {section.json_error}")
            if not section.editor.is_valid():
                for message in section.editor.messages():
                    self.form.add_error(None, f"{section.label}, {message}")
        return self.form.is_valid()

    def fields(self) -> Fields:
        """The data source in the API's shape; what the form does not have is absent. Only after `is_valid()`."""
        fields: Fields = {name: value for name, value in self.form.cleaned_data.items() if name != "why"}
        if "owner" in fields:
            fields["owner"] = fields["owner"] or None
        return fields | {section.name: section.editor.schema() for section in self.sections}

    def _posted(self, name: str) -> SchemaSection:
        return SchemaSection(
            name, schema_editor(name, self.request.POST), json=self.request.POST.get(f"{name}-json", "")
        )

    def _rearranged(self, name: str) -> SchemaSection:
        """The schema with its rows as they were typed, after the command if it is for this one."""
        rows: list[dict[str, Any]] = [*typed_rows(name, self.request.POST)]
        text = self.request.POST.get(f"{name}-json", "")
        if name != self.at:
            return SchemaSection(name, schema_editor_of(name, rows), json=text)
        if self.command == "json":
            return self._from_json(name, rows, text)
        if self.command == "add":
            rows.append({})
        elif self.row < len(rows):
            del rows[self.row]
        return SchemaSection(name, schema_editor_of(name, rows), json=text)

    def _from_json(self, name: str, rows: list[dict[str, Any]], text: str) -> SchemaSection:
        file = self.request.FILES.get(f"{name}-file")
        try:
            read = read_schema(file.read(LARGEST_SCHEMA + 1) if file else text.encode())
        except ValidationError as error:
            return SchemaSection(name, schema_editor_of(name, rows), json=text, json_error=error.messages[0])
        return SchemaSection(name, schema_editor_of(name, read))


def _rows_command(value: str) -> tuple[str, str, int]:
    """What a rows button asks for: command, schema, row number. Anything that is none of ours asks for nothing."""
    if value == SHOW:
        return SHOW, "", 0
    found = ROWS_COMMAND.fullmatch(value)
    return (found["command"], found["schema"], int(found["row"] or 0)) if found else ("", "", 0)
