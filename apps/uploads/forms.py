"""The forms of an upload: the file, and what its unknown columns mean."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile, File
from django.utils.datastructures import MultiValueDict

from apps.ui.forms import PortalForm
from apps.uploads import questions
from apps.uploads.cells import DECLARED
from apps.uploads.columns import AS, IGNORE, METADATA
from apps.uploads.kinds import RecordKind
from apps.uploads.models import Upload
from apps.uploads.readers.dialect import DELIMITERS, ENCODINGS, NO_VALUE, UNDESCRIBED, Dialect
from apps.uploads.receiving import MEGABYTE, largest_file

OWN_METADATA = "(metadata)"
FIND_OUT = ""
TAB = "tab"  # browsers trim what a field holds
ACCEPTED = ".csv,.tsv,.txt,.json,.ndjson,.jsonl,.xlsx,.xlsb,.xls,.ods,.parquet,.gz,.zip"


class FileForm(PortalForm):
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

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        """`too_large`: the file was skipped while it arrived."""
        super().__init__(*args, **kwargs)
        self._too_large = too_large
        limit = f"{largest_file() // MEGABYTE} MB"
        formats = "CSV (any separator and encoding), JSON, NDJSON, a workbook or Parquet, also packed with gzip or zip"
        self.fields["file"].help_text = f"{formats}; up to {limit}."

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
            sentence = (
                "Choose a file or paste rows, not both."
                if text
                else "Choose a file, or paste rows into the box."
            )
            raise forms.ValidationError({"file": sentence})
        return cleaned

    @property
    def filled(self) -> str:
        """The field that brought the records."""
        return "text" if self.cleaned_data.get("file") is None else "file"

    def received(self) -> "File[bytes]":
        """The file, or the pasted rows as one."""
        file: File[bytes] | None = self.cleaned_data["file"]
        return file if file is not None else ContentFile(self.cleaned_data["text"].encode(), "pasted rows")


class ReadingForm(PortalForm):
    """How a file is read, and what each of its columns is. What nobody knows has to be answered."""

    encoding = forms.ChoiceField(
        label="Encoding", required=False, choices=[(FIND_OUT, "Find out"), *ENCODINGS.items()]
    )
    delimiter = forms.ChoiceField(
        label="Separator",
        required=False,
        choices=[
            (FIND_OUT, "Find out"),
            *((TAB if sign == "\t" else sign, name) for sign, name in DELIMITERS.items()),
        ],
    )
    decimal = forms.ChoiceField(
        label="Decimal mark", required=False, choices=[(FIND_OUT, "Find out"), (".", "point"), (",", "comma")]
    )
    sheet = forms.CharField(label="Sheet of the workbook", required=False)
    no_value = forms.ChoiceField(
        label="NA, NULL, None, nan and the like",
        required=False,
        choices=[(FIND_OUT, "no value, but text inside JSON objects"), *NO_VALUE.items()],
    )
    undescribed = forms.ChoiceField(
        label="Metadata that the schema does not describe",
        required=False,
        choices=[(FIND_OUT, "as the file has it: CSV is text"), *UNDESCRIBED.items()],
    )

    def __init__(
        self, upload: Upload, kind: RecordKind, data: "MultiValueDict[str, str] | None" = None
    ) -> None:
        chosen = Dialect.from_json(upload.chosen_dialect)
        super().__init__(data, initial=_as_initial(chosen))
        self._columns = upload.columns
        for place, (header, name) in enumerate(upload.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header,
                choices=[*([("", "Choose…")] if name is None else []), *_meanings(header, kind, name)],
                initial=_choice(upload.mapping.get(header, name), header),
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"required": "Choose what this column is, or ignore it."},
            )
        self._answers = chosen.answers
        self._questions = questions.from_json(upload.questions)
        for place, question in enumerate(self._questions):
            self.fields[f"question-{place}"] = _question_field(question, chosen.answers.get(question.name))

    @property
    def dialect_fields(self) -> list[forms.BoundField]:
        """How the file is read."""
        return [
            self[name] for name in ("encoding", "delimiter", "decimal", "sheet", "no_value", "undescribed")
        ]

    @property
    def open_questions(self) -> list[tuple[questions.Question, forms.BoundField]]:
        """Questions about the file as a whole that nobody has answered."""
        return [each for each in self._asked_questions if not self._is_answered(each[0])]

    @property
    def answered(self) -> list[forms.BoundField]:
        """The questions that are answered."""
        return [field for question, field in self._asked_questions if self._is_answered(question)]

    @property
    def must_be_answered(self) -> bool:
        """Whether anything is open: a column nobody knows, or a question."""
        return bool(self.asked or self.open_questions)

    @property
    def _asked_questions(self) -> list[tuple[questions.Question, forms.BoundField]]:
        return [(each, self[f"question-{place}"]) for place, each in enumerate(self._questions)]

    def _is_answered(self, question: questions.Question) -> bool:
        return not questions.unanswered([question], self._answers)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The columns nobody knows."""
        return [self[f"column-{place}"] for place, (_, name) in enumerate(self._columns) if name is None]

    @property
    def known(self) -> list[forms.BoundField]:
        """The others."""
        return [self[f"column-{place}"] for place, (_, name) in enumerate(self._columns) if name is not None]

    def dialect(self) -> Dialect:
        """What was chosen of it."""
        chosen = self.cleaned_data
        decimal = {",": True, ".": False}.get(chosen["decimal"])
        delimiter = "\t" if chosen["delimiter"] == TAB else chosen["delimiter"]
        return Dialect(
            encoding=chosen["encoding"] or None,
            delimiter=delimiter or None,
            decimal_comma=decimal,
            sheet=chosen["sheet"] or None,
            no_value=chosen["no_value"] or None,
            undescribed=chosen["undescribed"] or None,
            answers=self._answers
            | {each.name: chosen[f"question-{place}"] for place, each in enumerate(self._questions)},
        )

    def mapping(self) -> dict[str, str]:
        """Header -> canonical column name, or `IGNORE`."""
        return {
            header: _meaning(header, self.cleaned_data[f"column-{place}"])
            for place, (header, _) in enumerate(self._columns)
        }


def _question_field(question: questions.Question, answer: str | None) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.text,
        choices=list(question.choices.items()),
        initial=answer if answer in question.choices else question.default,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": "Choose one of these answers."},
    )


def _as_initial(chosen: Dialect) -> dict[str, str]:
    decimal = (
        {True: ",", False: "."}.get(chosen.decimal_comma) if chosen.decimal_comma is not None else FIND_OUT
    )
    delimiter = TAB if chosen.delimiter == "\t" else chosen.delimiter or FIND_OUT
    return {
        "encoding": chosen.encoding or FIND_OUT,
        "delimiter": delimiter,
        "decimal": decimal or FIND_OUT,
        "sheet": chosen.sheet or "",
        "no_value": chosen.no_value or FIND_OUT,
        "undescribed": chosen.undescribed or FIND_OUT,
    }


def _meanings(header: str, kind: RecordKind, name: str | None) -> list[tuple[str, str]]:
    """What a column can be: times also as numbers, which have to be declared."""
    found = [("ignore", "Ignore this column"), (OWN_METADATA, "Metadata, under its own name")]
    for column in kind.columns:
        found.append((column.name, f"{column.name}: {column.help}"))
        if column.holds == "time":
            found += [
                (f"{column.name}{AS}{spelling}", f"{column.name}, as {spelling}") for spelling in DECLARED
            ]
    known = {choice for choice, _ in found}
    if name and name not in known and _choice(name, header) not in known:
        found.append((name, name))
    return found


def _choice(meaning: str | None, header: str) -> str:
    if meaning == IGNORE:
        return "ignore"
    return OWN_METADATA if meaning == f"{METADATA}.{header}" else meaning or ""


def _meaning(header: str, choice: str) -> str:
    if choice == OWN_METADATA:
        return f"{METADATA}.{header}"
    return IGNORE if choice == "ignore" else choice
