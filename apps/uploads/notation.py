"""How values are written in one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.uploads.cells import Spelling

SECONDS = "seconds:"  # a question about one column: which minute is meant by its seconds
DATE_ORDER = "date-order"  # a question about all of them
NEAREST, WRITTEN = "nearest", "written"
DAY_FIRST, MONTH_FIRST = "year, day, month", "year, month, day"


@dataclass
class Notation:
    """Decimal mark, and how the times of each column are spelt: declared by a person, or set by its first value.

    `answers` are those a person has given to questions about the file.
    """

    decimal_comma: bool = False
    spellings: dict[str, Spelling] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_day_first(self) -> bool:
        """Whether dates are written with the day before the month."""
        return self.answers.get(DATE_ORDER) == DAY_FIRST

    def is_to_nearest(self, column: str) -> bool:
        """Whether times of this column are rounded to the nearest minute."""
        return self.answers.get(f"{SECONDS}{column}") == NEAREST
