"""What `rounding.round_to_minute` does to one time, for whole columns: to the nearest millisecond, then to the minute."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from apps.validation import rules
from apps.validation.batches.masks import null_is_false
from apps.validation.cadence import LAST_SECOND
from apps.validation.questions import SAMPLES
from apps.validation.rounding import DAY_MINUTES, MINUTE_MS, SECOND_MS, MinuteRounding
from apps.validation.rules import Rule

HAS_SECONDS = r"^:(?:0[1-9]|[1-5]\d|00[.,]\d*[1-9])"  # behind the minute, where it is not a whole one
_FRACTION = r"^:\d\d[.,](\d+)"
_DIGITS, _NANOSECONDS = (
    9,
    1_000_000,
)  # of a second, and to a millisecond: more digits are looked at one by one


class RoundedTimes(NamedTuple):
    """Minutes since 1970, what was changed in which rows, and the times as written, in milliseconds since 1970: None where
    all are whole minutes.
    """

    minutes: pl.Series
    notices: Sequence[tuple[Rule, pl.Series]]
    exact: pl.Series | None


class SecondCounts(NamedTuple):
    """How many times are whole minutes, in the last second of one, or anything else; the first of those in the last."""

    whole: int
    late: int
    others: int
    rows: Sequence[tuple[int, object]]


def count_seconds(
    exact: pl.Series | None, meant: pl.Series, lines: pl.Series, cells: pl.Series
) -> SecondCounts:
    """The seconds of the times that are meant."""
    if exact is None:
        return SecondCounts(int(meant.sum()), 0, 0, ())
    of_minute = exact.filter(meant) % MINUTE_MS
    is_late, whole = of_minute >= LAST_SECOND, int((of_minute == 0).sum())
    first = [column.filter(meant).filter(is_late).head(SAMPLES) for column in (lines, cells)]
    late = int(is_late.sum())
    return SecondCounts(whole, late, len(of_minute) - whole - late, [*zip(*first, strict=True)])


def parse_seconds(tail: pl.Series) -> tuple[pl.Series, pl.Series]:
    """What stands behind the minutes (`:59.9996Z`): milliseconds, rounded, and whether that changed them."""
    whole = tail.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0)
    digits = tail.str.extract(_FRACTION).str.pad_end(_DIGITS, "0")
    rest = digits.cast(pl.Int64, strict=False).fill_null(0)
    return whole * SECOND_MS + (rest + _NANOSECONDS // 2) // _NANOSECONDS, rest % _NANOSECONDS != 0


def since_1970(minutes: pl.Series) -> pl.Series:
    """Moments that are whole minutes, as their number."""
    return minutes.cast(pl.Int64) // 60_000_000


def round_times(
    minutes: pl.Series, exact: pl.Series, noisy: pl.Series, rounding_rule: MinuteRounding
) -> RoundedTimes:
    """`minutes` are those the times stand in, `exact` their nearest milliseconds since 1970."""
    found = (exact + MINUTE_MS // 2 if rounding_rule.to_nearest else exact) // MINUTE_MS
    cut = null_is_false(exact % MINUTE_MS != 0)
    notices = [
        (rules.TO_NEAREST if rounding_rule.to_nearest else rules.SECONDS_CUT, cut),
        (rules.FLOAT_NOISE, noisy & ~cut),
    ]
    if rounding_rule.is_end:
        ended = null_is_false((found > minutes) & (found % DAY_MINUTES == 0))
        found = found.zip_with(~ended, minutes)
        notices = [(rules.END_OF_DAY, ended), *((rule, rows & ~ended) for rule, rows in notices)]
    return RoundedTimes(found, notices, exact if cut.any() else None)
