"""Dates written year, day, month: found over all dates of a file, so that none is taken the wrong way round."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime

from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question
from apps.validation.time_texts import YEAR_FIRST, TimeText
from apps.validation.value_formats import DATE_ORDER, DAY_FIRST, MONTH_FIRST

UNDECIDED = "In which order are the dates of this file written?"
CHOICES = {
    DAY_FIRST: "Year, day, month",
    MONTH_FIRST: "Year, month, day: what is no date then is a problem of its row",
}
MONTHS_A_YEAR = 12


class DateOrder:
    """What the dates of one file say about their order.

    All of them are year, day, month where some are no date otherwise, and every one is a date that way. A single day of
    the month over 12 speaks against it, and then those that are no date are problems of their rows. Read as year, day,
    month, because somebody said so, a single date that exists only the other way round contradicts that.
    """

    def __init__(self, answer: str | None = None, *, is_recalled: bool = False) -> None:
        self._answer, self._is_recalled = answer, is_recalled
        self._is_day_first = answer == DAY_FIRST
        self._is_certain = False  # that they are as they are read
        self._turned = 0  # dates that exist only the other way round
        self._either: list[tuple[int, str]] = []
        self._only: list[tuple[int, str]] = []

    @property
    def is_certain(self) -> bool:
        """Whether a day over 12 says that dates are in the order in which they are read."""
        return self._is_certain

    @property
    def is_open(self) -> bool:
        """Whether nothing has spoken against the other order so far."""
        return not self._is_certain

    def note_impossible(self, line: int, value: str) -> None:
        """A time that does not exist as it is read."""
        turned = turned_date(value, day_first=self._is_day_first)
        if turned is None:
            return
        if not turned:
            self._is_certain = self._is_certain or not self._is_day_first
            return
        self._turned += 1
        if len(self._only) < SAMPLES // 2:
            self._only.append((line, f"{display_value(value)}, only as {turned}"))

    def note_days(self, first: Iterable[tuple[int, datetime]], *, some_over_12: bool) -> None:
        """Times that do; `first` are some of them, with their lines."""
        self._is_certain = self._is_certain or some_over_12
        for line, moment in first:
            if len(self._either) < SAMPLES // 2 and moment.day <= MONTHS_A_YEAR:
                self._either.append((line, f"{_date(moment)}, or {_turned(moment)}"))

    def questions(self) -> list[Question]:
        """Which order is meant, where the file leaves it open, or somebody has said so."""
        is_contradicted = bool(self._turned) and (self._is_day_first or not self._is_certain)
        if self._answer is None and not is_contradicted:
            return []
        is_unsure = self._is_recalled and self._is_day_first and not self._is_certain
        is_wrong = is_contradicted and (self._is_day_first or self._is_recalled)
        default = self._answer or "" if is_unsure and not is_contradicted else ""
        text = f"{self._introduction(is_contradicted, is_unsure)}{UNDECIDED}"
        samples = tuple(f"line {line:,}: {sample}" for line, sample in sorted([*self._either, *self._only]))
        return [Question(DATE_ORDER, text, CHOICES, samples, default, reopened=is_unsure or is_wrong)]

    def _introduction(self, is_contradicted: bool, is_unsure: bool) -> str:
        if is_contradicted and self._is_day_first:
            return (
                f"{self._turned:,} dates of this file do not exist as year, day, month, but do as year, month, day. If the"
                " others are year, day, month all the same, correct these and upload the file again. "
            )
        if is_contradicted:
            return (
                f"{self._turned:,} dates of this file do not exist as year, month, day, and all of them do as year, day,"
                " month. "
            )
        return "Your last file had year, day, month; this one does not say. " if is_unsure else ""


def _date(moment: datetime) -> str:
    return f"{moment.day} {calendar.month_name[moment.month]} {moment.year}"


def _turned(moment: datetime) -> str:
    return f"{moment.month} {calendar.month_name[moment.day]} {moment.year}"


def turned_date(text: str, *, day_first: bool = False) -> str | None:
    """What a date that does not exist as year, month, day would be as year, day, month: "13 March 2021"; with `day_first`
    the other way round. Empty when it exists neither way; None for any other text, and for a date that exists.
    """
    found = TimeText.of(text.strip())
    if found is None or found.spelling not in YEAR_FIRST:
        return None
    year, month, day = int(found.year), int(found.month or 0), int(found.day or 0)
    if day_first:
        month, day = day, month
    if _is_date(year, month, day):
        return None
    return f"{month} {calendar.month_name[day]} {year}" if _is_date(year, day, month) else ""


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
