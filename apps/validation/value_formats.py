"""How values are written in one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.validation.angle_formats import AngleFormat
from apps.validation.time_formats import TimeFormat

SECONDS = "seconds:"  # a question about one column: which minute is meant by its seconds
DATE_ORDER = "date-order"  # a question about all of them
NEAREST, WRITTEN = "nearest", "written"
DAY_FIRST, MONTH_FIRST = "year, day, month", "year, month, day"
YEAR_LAST = "year-last"  # and about those whose year is last
DAY_MONTH, MONTH_DAY = "day, month, year", "month, day, year"
DAY_ENDS = "day-ends"  # and about ends that are dates alone
ALL_DAY, MIDNIGHT = "all day", "midnight"
AS_NONE, AS_TEXT, AS_TYPED = "none", "text", "typed"  # what a person may say of `words` and `undescribed`


@dataclass
class ValueFormats:
    """Decimal mark, and how the times of each column are spelt: declared by a person, or set by its first value.

    `exact_texts`: texts have quotation marks or lengths in this format, so that blanks at their ends are part of them. In
    a cell they are not: people align columns.
    `has_types`: the format keeps numbers and texts apart, as CSV does not. `has_null`: it keeps an empty text and none apart.
    `words`: what words such as NA stand for; `undescribed`: what becomes of metadata that the schema does not describe.
    None where nobody has said.
    `angle_formats`: of columns of angles that are not in degrees, as somebody has said.
    `answers` are those a person has given to questions about the file; `is_recalled`: about an earlier one with the same
    columns, and nobody has looked at this one yet.
    `tolerance`: degrees that a given place may be from the one that is computed.
    """

    decimal_comma: bool = False
    exact_texts: bool = False
    time_formats: dict[str, TimeFormat] = field(default_factory=dict)
    has_types: bool = True
    has_null: bool = False
    words: str | None = None
    undescribed: str | None = None
    angle_formats: dict[str, AngleFormat] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    is_recalled: bool = False
    tolerance: float = 0.05

    @property
    def is_day_first(self) -> bool:
        """Whether dates are written with the day before the month."""
        return self.answers.get(DATE_ORDER) == DAY_FIRST

    @property
    def is_month_first(self) -> bool | None:
        """Whether dates whose year is last begin with the month; None while nobody has said so."""
        return {DAY_MONTH: False, MONTH_DAY: True}.get(self.answers.get(YEAR_LAST, ""))

    @property
    def is_all_day(self) -> bool:
        """Whether a date alone, as an end, is all of that day."""
        return self.answers.get(DAY_ENDS) == ALL_DAY

    def is_to_nearest(self, column: str) -> bool:
        """Whether times of this column are rounded to the nearest minute."""
        return self.answers.get(f"{SECONDS}{column}") == NEAREST
