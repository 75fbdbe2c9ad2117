"""The times of one file: how those of each column are taken, which of them nobody means, and what all together show."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from apps.validation import rules, values
from apps.validation.cadence import Cadences
from apps.validation.date_order import DateOrder
from apps.validation.day_ends import DayEnds
from apps.validation.questions import Question
from apps.validation.rounding import MinuteRounding
from apps.validation.rules import Rule
from apps.validation.time_formats import UNIX, TimeFormat
from apps.validation.value_formats import DATE_ORDER, YEAR_LAST, ValueFormats
from apps.validation.values import InvalidValue, ParsedMinute
from apps.validation.year_last import YearLastOrder

# Auroral data in digital form begin with the International Geophysical Year.
EARLIEST = datetime(1957, 1, 1)  # noqa: DTZ001 - naive UTC, as columns have it
# A number in 1970 is days, or milliseconds taken for seconds or the other way round.
EARLIEST_UNIX = datetime(1971, 1, 1)  # noqa: DTZ001


class Bounds(NamedTuple):
    """The first and the last moment that can be meant, naive UTC."""

    earliest: datetime
    latest: datetime


class TimeColumns:
    """`ends` are columns of times that end a span; `ahead` says how far into the future a column reaches."""

    def __init__(
        self, value_formats: ValueFormats, ends: frozenset[str], ahead: Callable[[str], timedelta]
    ) -> None:
        self._value_formats, self._ends, self._ahead = value_formats, ends, ahead
        self._now = datetime.now(UTC).replace(tzinfo=None)
        self._bounds: dict[str, Bounds] = {}
        self._roundings: dict[str, MinuteRounding] = {}
        self.cadences = Cadences(ends)
        answers, is_recalled = value_formats.answers, value_formats.is_recalled
        self.date_order = DateOrder(answers.get(DATE_ORDER), is_recalled=is_recalled)
        self.year_last = YearLastOrder(answers.get(YEAR_LAST), is_recalled=is_recalled)
        self.day_ends = DayEnds()
        self.is_date_alone: dict[
            str, bool
        ] = {}  # column -> whether the row looked at last has no time of day there
        self.exact: dict[str, int] = {}  # column -> milliseconds since 1970, of the row looked at last

    def minute(self, column: str, line: int, value: object) -> ParsedMinute:
        """One time, with its notices and warnings; its seconds are to be noted in `cadences` if the row counts. Raises
        `InvalidValue`.
        """
        if self._value_formats.decimal_comma and isinstance(value, str):
            value = values.pointed(value)
        try:
            found = values.parse_minute(value, self._time_format(column, value), self.rounding_of(column))
        except InvalidValue as wrong:
            if wrong.rule in (rules.NO_SUCH_TIME, rules.AMBIGUOUS_TIME) and isinstance(value, str):
                self.date_order.note_impossible(line, value)
                self.year_last.note(line, value)
            raise
        self.exact[column] = found.exact
        self.is_date_alone[column] = not {rules.DATE_ALONE, rules.ALL_DAY}.isdisjoint(found.notices)
        return found._replace(notices=(*found.notices, *self._implausible(column, found.text)))

    def rounding_of(self, column: str) -> MinuteRounding:
        """How this column's times are taken."""
        if column not in self._roundings:
            formats = self._value_formats
            self._roundings[column] = MinuteRounding(
                column in self._ends,
                formats.is_to_nearest(column),
                formats.is_day_first,
                formats.is_all_day,
                formats.is_month_first,
            )
        return self._roundings[column]

    def bounds(self, column: str) -> Bounds:
        """What can be meant in this column."""
        if column not in self._bounds:
            is_unix = self._value_formats.time_formats.get(column) in UNIX
            latest = self._now + self._ahead(column)
            self._bounds[column] = Bounds(EARLIEST_UNIX if is_unix else EARLIEST, latest)
        return self._bounds[column]

    def questions(self) -> list[Question]:
        """What only a person can say, now that all times have been looked at."""
        orders = self.date_order.questions()
        if TimeFormat.YEAR_LAST in self._value_formats.time_formats.values():
            orders += self.year_last.questions(is_confirmed=self.date_order.is_certain)
        return [*self.cadences.questions(), *orders, *self.day_ends.questions()]

    def unfit(self) -> set[str]:
        """Names of answers with which the file should not have been read."""
        answers = self._value_formats.answers
        return self.cadences.unfit(answers) | self.day_ends.unfit(answers)

    def _time_format(self, column: str, value: object) -> TimeFormat | None:
        """How this column's times are spelt: as its first one is."""
        known = self._value_formats.time_formats.get(column) or values.time_format_of(value)
        return self._value_formats.time_formats.setdefault(column, known) if known else None

    def _implausible(self, column: str, text: str) -> list[Rule]:
        moment, bounds = datetime.fromisoformat(text), self.bounds(column)
        if moment < bounds.earliest:
            return [rules.EARLY]
        return [rules.FUTURE] if moment > bounds.latest else []
