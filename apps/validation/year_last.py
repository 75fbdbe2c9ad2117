"""Dates whose year is last: 01/02/2020 is the first of February, or the second of January. Only a person knows."""

from calendar import month_name
from datetime import date

from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question
from apps.validation.time_formats import TimeFormat
from apps.validation.time_texts import TimeText
from apps.validation.value_formats import DAY_MONTH, MONTH_DAY, YEAR_LAST

CHOICES = {DAY_MONTH: "Day, month, year", MONTH_DAY: "Month, day, year"}


class YearLastOrder:
    """What those of one file say about their order. Until somebody answers, each of them is looked at; from then on those that do
    not exist as they are read.
    """

    def __init__(self, answer: str | None = None, *, is_recalled: bool = False) -> None:
        self._answer, self._is_recalled = answer, is_recalled
        self._only = dict.fromkeys(CHOICES, 0)  # dates that exist in this order only
        self._samples: list[str] = []

    def note(self, line: int, value: str) -> None:
        """One that nobody has said how to read, or that does not exist as it is read."""
        found = TimeText.of(value.strip())
        if found is None or found.spelling is not TimeFormat.YEAR_LAST:
            return
        meanings = {DAY_MONTH: _date(found.date()), MONTH_DAY: _date(found.date(is_turned=True))}
        exist = [order for order, meant in meanings.items() if meant]
        if len(exist) == 1:
            self._only[exist[0]] += 1
        if len(self._samples) < SAMPLES:
            meant = " or ".join(dict.fromkeys(filter(None, meanings.values()))) or "no date"
            self._samples.append(f"line {line:,}: {display_value(value)} is {meant}")

    def questions(self, *, is_confirmed: bool) -> list[Question]:
        """Which order is meant: always asked. `is_confirmed`: days over 12 say that they are in the order in which they are read."""
        other = MONTH_DAY if self._answer == DAY_MONTH else DAY_MONTH
        is_contradicted = self._answer is not None and self._only[other] > 0
        told = (
            f"{self._only[other]:,} of them do not exist in the order that was chosen. "
            if is_contradicted
            else ""
        )
        text = f"The dates of this file have the year last. {told}In which order do day and month stand?"
        reopened = self._is_recalled and (is_contradicted or not is_confirmed)
        return [Question(YEAR_LAST, text, CHOICES, self._samples, self._default(), reopened=reopened)]

    def _default(self) -> str:
        """What was chosen; else the one order in which all dates exist, where there is one."""
        likely = [order for order, count in self._only.items() if count]
        return self._answer or (likely[0] if len(likely) == 1 else "")


def _date(text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return ""
    return f"{found.day} {month_name[found.month]} {found.year}"
