"""Whether a data source has gone quiet: no new records although, by its own habit, there should be some.

Why it is decided so: docs/decisions/0010.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

# One cadence without data may be weather and two bad luck; three in a row are hardly chance.
CADENCES = 3
# Data is often loaded a week's worth at a time, so that even a daily source may be this late without a reason to worry.
LEAST_PATIENCE = 7  # days
LONGEST = 365  # days; beyond that it is no news any more that an instrument has ended
YEAR = timedelta(days=365)
HABIT = 100  # gaps, the latest, by which the cadence is judged
LEAST_DAYS = 5  # with records; fewer are no habit yet


class Silence(NamedTuple):
    """No records since the day `last`, for `days` days, where one every `cadence` days is usual.

    `ahead` is the next day with (predicted) records, if there is one.
    """

    last: date
    days: int
    cadence: int
    ahead: date | None


def silence(days: Collection[date], *, today: date) -> Silence | None:
    """By the days that have records, at least of the last two years; None for a source that is as it should be, has no
    habit yet, rests as it did a year ago, or has ended long ago. Days after `today` are predictions and prove nothing.
    """
    past = sorted(day for day in days if day <= today)
    if len(past) < LEAST_DAYS:
        return None
    cadence = usual_gap(past)
    patience = max(CADENCES * cadence, LEAST_PATIENCE)
    quiet = (today - past[-1]).days
    if not patience < quiet <= LONGEST or _rested_a_year_ago(past, today, patience):
        return None
    return Silence(past[-1], quiet, cadence, min((day for day in days if day > today), default=None))


def usual_gap(past: Sequence[date]) -> int:
    """Days from one day with records to the next, as a rule: the median, which a summer's break does not move."""
    return median_low((later - earlier).days for earlier, later in pairwise(past[-HABIT - 1 :]))


def _rested_a_year_ago(past: Sequence[date], today: date, patience: int) -> bool:
    """Whether it was just as quiet on this day of last year, as cameras are in summer."""
    then = today - YEAR
    before = [day for day in past if day <= then]
    return bool(before) and (then - before[-1]).days > patience
