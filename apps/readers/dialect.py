"""How a file is written: found out by looking, unless a person says so."""

from typing import Any, Self

import msgspec

from apps.validation.questions import Question
from apps.validation.value_formats import AS_NONE, AS_TEXT, AS_TYPED

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
BLANKS = " "  # any number of them, and tabs
SEPARATORS = DELIMITERS | {BLANKS: "blanks"}
NULL_WORD_CHOICES = {AS_NONE: "no value, also inside JSON objects", AS_TEXT: "text"}
UNDESCRIBED = {AS_TYPED: "numbers, true and false", AS_TEXT: "text"}
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


class Dialect(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that can be chosen by hand. None: to be found out, or of no meaning for this format."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal_comma: bool | None = None
    sheet: str | None = None
    no_value: str | None = None  # what words such as NA stand for: "none" or "text"
    undescribed: str | None = None  # metadata that the schema does not describe: "typed" or "text"
    packing: str | None = None  # gzip or zip: shown, never chosen
    samples: dict[str, str] = {}  # first values of columns without a name: shown, never chosen
    row_numbers: list[str] = []  # those that count the rows: ignored, unless a person says otherwise
    about: dict[str, str] = {}  # unit and description of columns that have them: shown, never chosen
    proposed: dict[
        str, str
    ] = {}  # what columns may mean, by what the file says of them: proposed on the form
    numbers: dict[str, list[float]] = {}  # first values of columns that may be times: shown, never chosen
    answers: dict[str, str] = {}  # to questions about the file: `questions.Question`
    offers: list[Question] = []  # what can be chosen besides, and need not be: shown, answered in `answers`

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """As it was kept; names and values from an older version are forgotten."""
        try:
            return msgspec.convert(kept, cls)
        except msgspec.ValidationError:
            return cls()

    def to_json(self) -> dict[str, Any]:
        """To be kept."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    def with_(self, **changes: Any) -> Self:
        """The same with changes."""
        return msgspec.structs.replace(self, **changes)

    def words(self) -> str:
        """For people: "UTF-8, separated by semicolons, decimal comma"."""
        parts = [
            self.packing and f"packed with {self.packing}",
            self.encoding and ENCODINGS.get(self.encoding, self.encoding),
            self.delimiter and f"separated by {SEPARATORS.get(self.delimiter, self.delimiter)}",
            self.decimal_comma and "decimal comma",
            self.sheet and f"sheet “{self.sheet}”",
            self.no_value and f"NA and the like are {NULL_WORD_CHOICES.get(self.no_value)}",
            self.undescribed and f"metadata without a description is {UNDESCRIBED.get(self.undescribed)}",
        ]
        return ", ".join(each for each in parts if each)
