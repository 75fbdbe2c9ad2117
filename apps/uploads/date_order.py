"""Dates written year, day, month: found over all dates of a file, so that none is taken the wrong way round."""

import calendar
from collections.abc import Iterable
from datetime import datetime

from apps.uploads import cells
from apps.uploads.findings import shown
from apps.uploads.notation import DATE_ORDER, DAY_FIRST, MONTH_FIRST
from apps.uploads.questions import SAMPLES, Question

UNDECIDED = "In which order are the dates of this file written?"
CHOICES = {
    DAY_FIRST: "Year, day, month",
    MONTH_FIRST: "Year, month, day: what is no date then is a problem of its row",
}
MONTHS = 12


class DateOrder:
    """What the dates of one file say about their order.

    All of them are year, day, month where some are no date otherwise, and every one is a date that way. A single day of
    the month over 12 speaks against it, and then those that are no date are problems of their rows.
    """

    def __init__(self, *, is_answered: bool) -> None:
        self._is_answered = is_answered
        self._against = False
        self._for = 0
        self._either: list[tuple[int, str]] = []
        self._only: list[tuple[int, str]] = []

    @property
    def is_open(self) -> bool:
        """Whether nothing has spoken against year, day, month so far."""
        return not self._against

    def note_impossible(self, line: int, value: str) -> None:
        """A time that does not exist as year, month, day."""
        turned = cells.turned_date(value)
        if turned is None:
            return
        if not turned:
            self._against = True
            return
        self._for += 1
        if len(self._only) < SAMPLES // 2:
            self._only.append((line, f"{shown(value)}, only as {turned}"))

    def note_days(self, first: Iterable[tuple[int, datetime]], *, some_over_12: bool) -> None:
        """Times that do; `first` are some of them, with their lines."""
        self._against = self._against or some_over_12
        for line, moment in first:
            if len(self._either) < SAMPLES // 2 and moment.day <= MONTHS:
                self._either.append((line, f"{_date(moment)}, or {_turned(moment)}"))

    def questions(self) -> list[Question]:
        """Which order is meant, where the file leaves it open, or somebody has said so."""
        if not self._is_answered and (self._against or not self._for):
            return []
        text = UNDECIDED
        if self._for:
            text = (
                f"{self._for:,} dates of this file do not exist as year, month, day, and all of them do as year, day,"
                f" month. {UNDECIDED}"
            )
        samples = tuple(f"line {line:,}: {sample}" for line, sample in sorted([*self._either, *self._only]))
        return [Question(DATE_ORDER, text, CHOICES, samples)]


def _date(moment: datetime) -> str:
    return f"{moment.day} {calendar.month_name[moment.month]} {moment.year}"


def _turned(moment: datetime) -> str:
    return f"{moment.month} {calendar.month_name[moment.day]} {moment.year}"
