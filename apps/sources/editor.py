"""A data source as somebody is writing it: the form and the two schema editors, which are one thing on the page."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.accounts.address_book import AddressBook, address_book
from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource, MetadataField
from apps.drafts.services import forget, typing_on
from apps.sources.changes import Fields
from apps.sources.forms.schema import DATA_TYPES, SchemaEditor, schema_editor, schema_editor_of, typed_rows
from apps.sources.forms.source import SourceForm
from apps.sources.labels import FIELD_LABELS
from apps.sources.schema_json import LARGEST_SCHEMA, read_schema
from apps.sources.schema_sources import other_schema, schema_to_copy, suggested_values
from apps.sources.sets import SCHEMAS

# The name of the buttons that add, remove or read rows; their value says what and where: `remove:<schema>:<row>`.
ROWS_BUTTON = "rows"
ROWS_COMMAND = re.compile(
    rf"(?P<command>add|remove|json|copy|suggest):(?P<schema>{'|'.join(SCHEMAS)})(:(?P<row>[0-9]{{1,4}}))?"
)
# A value of the same button that only shows the form again, as it was typed.
SHOW = "show"


class SchemaSection:
    """One schema on the page: its editor, and the box for JSON beside it."""

    def __init__(
        self, name: str, editor: SchemaEditor, posted: QueryDict, *, json: str | None = None
    ) -> None:
        self.name = name
        self.label = FIELD_LABELS[name]
        self.editor = editor
        self.json = posted.get(f"{name}-json", "") if json is None else json
        self.copy_source = posted.get(f"{name}-copy-source", "")
        self.copy_schema = posted.get(f"{name}-copy-schema", other_schema(name))
        self.json_error = self.copy_error = self.note = ""

    @property
    def element_id(self) -> str:
        """The id of its element, by the rule for fragments."""
        return self.name.replace("_", "-")


class SourceDraft:
    """What is on the page of a form, from a data source, from nothing, as it was posted, or as it was typed before."""

    def __init__(
        self, form_class: type[SourceForm], request: PortalRequest, source: DataSource | None = None
    ) -> None:
        self.request = request
        self.source = source
        self.typing = typing_on(request)
        self.posted = request.POST or self.typing.posted
        self.command, self.at, self.row = _rows_command(request.POST.get(ROWS_BUTTON, ""))
        if self.typing.is_shown:
            self.command = SHOW
        self.is_submitted = request.method == "POST" and not self.command
        known = source.to_api() if source else {}
        if self.is_submitted:
            self.form = form_class(request.POST, by=request.user, initial=known)
            self.sections = [self._posted(name) for name in SCHEMAS]
        elif self.command:
            self.form = form_class(by=request.user, initial=self.posted.dict())
            self.sections = [self._rearranged(name) for name in SCHEMAS]
        else:
            self.form = form_class(by=request.user, initial=known)
            self.sections = [
                SchemaSection(name, schema_editor_of(name, known.get(name, [])), self.posted)
                for name in SCHEMAS
            ]
        self.form.find_book = self._address_book

    def _address_book(self) -> AddressBook:
        return address_book(
            self.request.aurorax.sources.directory(), by=self.request.user, client=self.request.aurorax
        )

    @property
    def data_types(self) -> tuple[str, ...]:
        """Data types to offer in the editors."""
        return DATA_TYPES

    @property
    def schema_choices(self) -> list[tuple[str, str]]:
        """The schemas that can be copied."""
        return [(name, FIELD_LABELS[name]) for name in SCHEMAS]

    @property
    def can_suggest(self) -> bool:
        """Whether there may be records to suggest allowed values from."""
        return self.source is not None

    @property
    def is_unsent(self) -> bool:
        """Whether it shows what somebody has typed and not sent."""
        return bool(self.posted)

    def sent(self) -> None:
        """Forget what was kept of it while it was typed."""
        forget(by=self.request.user, page=self.request.path)

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
        fields: Sequence[MetadataField] = getattr(self.source, name, ())
        known = {value for field in fields for value in field.allowed_values}
        return SchemaSection(name, schema_editor(name, self.posted, known), self.posted)

    def _rearranged(self, name: str) -> SchemaSection:
        """The schema with its rows as they were typed, after the command if it is for this one."""
        rows: list[dict[str, Any]] = [*typed_rows(name, self.posted)]
        if name == self.at and self.command == "json":
            return self._from_json(name, rows)
        if name == self.at and self.command == "copy":
            return self._copied(name, rows)
        note = ""
        if name == self.at and self.command == "add":
            rows.append({})
        elif name == self.at and self.row < len(rows):
            if self.command == "suggest":
                note = self._suggest(name, rows[self.row])
            else:
                del rows[self.row]
        section = SchemaSection(name, schema_editor_of(name, rows), self.posted)
        section.note = note
        return section

    def _from_json(self, name: str, rows: list[dict[str, Any]]) -> SchemaSection:
        file = self.request.FILES.get(f"{name}-file")
        text = self.posted.get(f"{name}-json", "")
        try:
            read = read_schema(file.read(LARGEST_SCHEMA + 1) if file else text.encode())
        except ValidationError as error:
            section = SchemaSection(name, schema_editor_of(name, rows), self.posted)
            section.json_error = error.messages[0]
            return section
        return SchemaSection(name, schema_editor_of(name, read), self.posted, json="")

    def _copied(self, name: str, rows: list[dict[str, Any]]) -> SchemaSection:
        section = SchemaSection(name, schema_editor_of(name, rows), self.posted)
        try:
            copied = schema_to_copy(
                section.copy_source, section.copy_schema, self.request.aurorax, self.posted
            )
        except ValidationError as error:
            section.copy_error = error.messages[0]
            return section
        section.editor = schema_editor_of(name, copied)
        return section

    def _suggest(self, name: str, row: dict[str, Any]) -> str:
        """Put the values that occur into the row; answers what to tell about it."""
        if self.source is None:
            return ""
        found = suggested_values(self.request.aurorax, self.source, name, row["field_name"])
        typed = row["allowed_values"].splitlines()
        row["allowed_values"] = "\n".join(dict.fromkeys([*typed, *found.values]))
        return found.words


def _rows_command(value: str) -> tuple[str, str, int]:
    """What a rows button asks for: command, schema, row number. Anything that is none of ours asks for nothing."""
    if value == SHOW:
        return SHOW, "", 0
    found = ROWS_COMMAND.fullmatch(value)
    return (found["command"], found["schema"], int(found["row"] or 0)) if found else ("", "", 0)
