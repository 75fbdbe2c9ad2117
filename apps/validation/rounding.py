"""From a time as it is written to the minute AuroraX keeps it by: one rule for every format and for both kinds of record.

Tools that count days or seconds write a time a hair beside it: 00:01:59.999999759 is 00:02. So a time is first rounded to
the nearest millisecond (half of one goes up, before 1970 too), and then cut to its minute. `batches.times` does the same to
whole columns.
"""

from typing import NamedTuple

from apps.validation import rules
from apps.validation.rules import Rule
from apps.validation.time_formats import TimeFormat

SECOND_MS, MINUTE_MS = 1_000, 60_000  # milliseconds
DAY_MINUTES = 24 * 60  # minutes


class MinuteRounding(NamedTuple):
    """How the times of a column are taken.

    `is_end`: they end a span, and 23:59:59.9… is the end of that day, never the next one. `to_nearest`: they are rounded to
    the nearest minute, because somebody said so. `day_first`: the day stands before the month, because somebody said so.
    `month_first`: whether the month does, where the year is last; None while nobody has said so. `all_day`: an end that is a date alone is the end of that day, because somebody said so.
    """

    is_end: bool = False
    to_nearest: bool = False
    day_first: bool = False
    all_day: bool = False
    month_first: bool | None = None

    def turns(self, spelling: TimeFormat) -> bool:
        """Whether day and month stand in the other order than is usual for this spelling."""
        return bool(self.month_first) if spelling is TimeFormat.YEAR_LAST else self.day_first

    @property
    def ends_days(self) -> bool:
        """Whether a date alone is the end of that day."""
        return self.is_end and self.all_day


def to_milliseconds(seconds: str, fraction: str) -> int:
    """Milliseconds of the minute, from the digits on both sides of the point: 59 and 9995 are 60,000."""
    return int(seconds) * SECOND_MS + int(fraction[:3].ljust(3, "0")) + (fraction[3:4] >= "5")


def is_noisy(fraction: str) -> bool:
    """Whether digits of a second say more than milliseconds."""
    return bool(fraction[3:].strip("0"))


def round_to_minute(
    written: int, exact: int, rounding_rule: MinuteRounding, *, noisy: bool
) -> tuple[int, Rule | None]:
    """The minute, since 1970, and what was done to get there.

    `written` is the minute the time stands in, `exact` its nearest millisecond, `noisy` whether that changed it.
    """
    minute = (exact + (MINUTE_MS // 2 if rounding_rule.to_nearest else 0)) // MINUTE_MS
    if rounding_rule.is_end and minute > written and minute % DAY_MINUTES == 0:
        return written, rules.END_OF_DAY
    if exact % MINUTE_MS:
        return minute, rules.TO_NEAREST if rounding_rule.to_nearest else rules.SECONDS_CUT
    return minute, rules.FLOAT_NOISE if noisy else None
