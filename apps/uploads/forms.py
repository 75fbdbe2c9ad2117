"""The form that says how a file is read, and what its unknown columns mean."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from apps.readers import header as header_row
from apps.readers import split_times
from apps.readers.dialect import BLANKS, ENCODINGS, NULL_WORD_CHOICES, SEPARATORS, UNDESCRIBED, Dialect
from apps.records.types import RecordType
from apps.ui.forms import PortalForm
from apps.uploads import column_meanings
from apps.uploads.column_meanings import OWN_METADATA
from apps.uploads.models import Upload
from apps.uploads.time_choices import TimeChoices, choices_for
from apps.validation import questions
from apps.validation.time_parts import is_whole, part_of, with_shared_date

FIND_OUT = ""
FIELD_VALUES = {"\t": "tab", BLANKS: "blanks"}  # browsers trim what a field holds
NOT_WHOLE = (
    "The parts of {whole} are not one whole time: it takes a date, or a year with month and day or with the day of the year;"
    " and a time of day, or hour and minute, or the hours or seconds of the day."
)


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
            *((FIELD_VALUES.get(sign, sign), name) for sign, name in SEPARATORS.items()),
        ],
    )
    decimal = forms.ChoiceField(
        label="Decimal mark", required=False, choices=[(FIND_OUT, "Find out"), (".", "point"), (",", "comma")]
    )
    sheet = forms.CharField(label="Sheet of the workbook", required=False)
    no_value = forms.ChoiceField(
        label="NA, NULL, None, nan and the like",
        required=False,
        choices=[(FIND_OUT, "no value, but text inside JSON objects"), *NULL_WORD_CHOICES.items()],
    )
    undescribed = forms.ChoiceField(
        label="Metadata that the schema does not describe",
        required=False,
        choices=[(FIND_OUT, "as the file has it: CSV is text"), *UNDESCRIBED.items()],
    )

    def __init__(
        self,
        upload: Upload,
        kind: RecordType,
        data: "MultiValueDict[str, str] | None" = None,
        *,
        time_choices: TimeChoices | None = None,
    ) -> None:
        times = time_choices or choices_for(upload)
        chosen = Dialect.from_json(upload.chosen_dialect)
        super().__init__(data, initial=_as_initial(chosen))
        self._columns = upload.columns
        found = Dialect.from_json(upload.dialect)
        proposals = column_meanings.proposals(upload.columns, kind, times)
        proposals |= found.proposed | dict.fromkeys(found.row_numbers, column_meanings.IGNORED)
        for place, (title, name) in enumerate(upload.columns):
            meaning = upload.mapping.get(title) or (found.proposed.get(title) if name else None) or name
            meaning = upload.mapping.get(title, meaning)
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=title,
                choices=[
                    *([("", "Choose…")] if name is None else []),
                    *column_meanings.choices(title, kind, (name, meaning, proposals.get(title)), times),
                ],
                initial=column_meanings.choice_of(meaning, title) or proposals.get(title, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
                error_messages={"required": "Choose what this column is, or ignore it."},
                help_text=found.samples.get(title) or found.about.get(title, ""),
            )
            if title in found.samples:
                self.fields[f"name-{place}"] = forms.CharField(
                    label=f"Name of {title} in metadata",
                    required=False,
                    max_length=100,
                    widget=forms.TextInput(attrs={"class": "form-control"}),
                )
        self._answers = chosen.answers
        self._offers = found.offers
        for place, offer in enumerate(self._offers):
            self.fields[f"offer-{place}"] = _question_field(
                offer, chosen.answers.get(offer.name), required=False
            )
        self._questions = questions.from_json(upload.questions)
        for place, question in enumerate(self._questions):
            self.fields[f"question-{place}"] = _question_field(question, chosen.answers.get(question.name))
        if not self._columns_stay:
            for place in range(len(self._columns)):
                self.fields[f"column-{place}"].required = False

    @property
    def _columns_stay(self) -> bool:
        """Whether the columns on the form are still those of the file: not when its first row is data, or none, by now; nor when times
        are put together from several, or not any more.
        """
        for place, question in enumerate(self._questions if self.is_bound else []):
            if question.name in (header_row.QUESTION, split_times.QUESTION):
                was = self._answers.get(question.name, question.default)
                if self.data.get(f"question-{place}") != was:
                    return False
        return True

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
    def offered(self) -> list[forms.BoundField]:
        """What can be chosen besides."""
        return [self[f"offer-{place}"] for place, _ in enumerate(self._offers)]

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
        """The columns nobody knows, each with a field for its name where it has none."""
        return [
            self[field]
            for place, (_, name) in enumerate(self._columns)
            for field in (f"column-{place}", f"name-{place}")
            if name is None and field in self.fields
        ]

    @property
    def known(self) -> list[forms.BoundField]:
        """The others."""
        return [self[f"column-{place}"] for place, (_, name) in enumerate(self._columns) if name is not None]

    def clean(self) -> dict[str, Any]:
        """A column without a name needs one where its values are metadata."""
        cleaned: dict[str, Any] = super().clean() or {}
        for place in range(len(self._columns)):
            is_nameless = f"name-{place}" in self.fields and not cleaned.get(f"name-{place}", "").strip()
            if is_nameless and cleaned.get(f"column-{place}") == OWN_METADATA:
                self.add_error(f"name-{place}", "Give it a name, or choose something else above.")
        self._check_parts(cleaned)
        return cleaned

    def _check_parts(self, cleaned: dict[str, Any]) -> None:
        """Parts of a time have to be a whole one together."""
        chosen = {place: part_of(cleaned.get(f"column-{place}")) for place in range(len(self._columns))}
        wholes: dict[str, dict[str, str]] = {}
        for place, part in chosen.items():
            if part:
                wholes.setdefault(part[0], {})[part[1]] = f"column-{place}"
        for whole, parts in with_shared_date(wholes).items():
            if self._columns_stay and not is_whole(parts):
                self.add_error(min(wholes[whole].values()), NOT_WHOLE.format(whole=whole))

    def dialect(self) -> Dialect:
        """What was chosen of it."""
        chosen = self.cleaned_data
        decimal = {",": True, ".": False}.get(chosen["decimal"])
        delimiter = {value: sign for sign, value in FIELD_VALUES.items()}.get(
            chosen["delimiter"], chosen["delimiter"]
        )
        return Dialect(
            encoding=chosen["encoding"] or None,
            delimiter=delimiter or None,
            decimal_comma=decimal,
            sheet=chosen["sheet"] or None,
            no_value=chosen["no_value"] or None,
            undescribed=chosen["undescribed"] or None,
            answers=self._answers
            | {each.name: chosen[f"question-{place}"] for place, each in enumerate(self._questions)}
            | self._taken_offers(),
        )

    def _taken_offers(self) -> dict[str, str]:
        """What was chosen of it; nothing of what was not on the form."""
        offers = {f"offer-{place}": each.name for place, each in enumerate(self._offers)}
        return {name: self.cleaned_data[field] for field, name in offers.items() if self.cleaned_data[field]}

    def mapping(self) -> dict[str, str]:
        """Header -> canonical column name, or `IGNORE`."""
        if not self._columns_stay:
            return {}
        return {
            header: column_meanings.meaning_of(
                self._name_of(place, header), self.cleaned_data[f"column-{place}"]
            )
            for place, (header, _) in enumerate(self._columns)
        }

    def _name_of(self, place: int, header: str) -> str:
        return str(self.cleaned_data.get(f"name-{place}", "").strip() or header)


def _question_field(
    question: questions.Question, answer: str | None, *, required: bool = True
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.text,
        required=required,
        choices=list(question.choices.items()),
        initial=answer if answer in question.choices else question.default,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": "Choose one of these answers."},
    )


def _as_initial(chosen: Dialect) -> dict[str, str]:
    decimal = FIND_OUT if chosen.decimal_comma is None else "," if chosen.decimal_comma else "."
    delimiter = FIELD_VALUES.get(chosen.delimiter or FIND_OUT, chosen.delimiter or FIND_OUT)
    return {
        "encoding": chosen.encoding or FIND_OUT,
        "delimiter": delimiter,
        "decimal": decimal,
        "sheet": chosen.sheet or "",
        "no_value": chosen.no_value or FIND_OUT,
        "undescribed": chosen.undescribed or FIND_OUT,
    }
