"""Where in time records are: spans that AuroraX is asked for, without the time between them.

2020-01-01T00:00, 2020-01-01T00:01, 2071-06-01T12:00  ->  2020-01-01T00:00 to 00:01, 2071-06-01T12:00 to 12:00
"""

from collections.abc import Container, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import polars as pl

from apps.aurorax.times import DAY, SECOND, TimeSpan
from apps.validation.batches import Records

__all__ = ["GAP", "TimeSpan", "meet", "merged", "of_records", "on_days"]

# A search for up to two days is one request, one for up to a month between three and seven (API document: synchronous and
# asynchronous searches): across a shorter gap it costs less to ask for both sides at once.
GAP = timedelta(days=7)


def merged(spans: Iterable[TimeSpan]) -> list[TimeSpan]:
    """The same, in time order, those that touch or nearly touch as one."""
    found: list[TimeSpan] = []
    for first, last in sorted(spans):
        if found and first - found[-1][1] <= GAP:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def on_days(spans: Iterable[TimeSpan], days: Container[date]) -> list[TimeSpan]:
    """What of these spans is on one of these days, merged."""
    return merged(
        (max(first, midnight), min(last, midnight + DAY - SECOND))
        for first, last in spans
        for midnight in _midnights(first, last)
        if midnight.date() in days
    )


def meet(spans: Iterable[TimeSpan], window: TimeSpan) -> bool:
    """Whether one of these spans reaches into the window."""
    return any(first <= window[1] and window[0] <= last for first, last in spans)


def _midnights(first: datetime, last: datetime) -> Iterator[datetime]:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight <= last:
        yield midnight
        midnight += DAY


def of_records(records: Records) -> list[TimeSpan]:
    """The merged spans of checked records, of which there is at least one."""
    first, last = records["first"].min(), records["last"].max()
    if not (isinstance(first, datetime) and isinstance(last, datetime)):
        raise TypeError("Every record has a time.")
    if last - first <= GAP:
        return [(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))]
    ends = pl.col("last").cum_max().shift()
    parts = (
        records.select("first", "last")
        .sort("first")
        .group_by((pl.col("first") - ends > GAP).fill_null(True).cum_sum().alias("part"), maintain_order=True)
        .agg(pl.col("first").first(), pl.col("last").max())
    )
    spans = zip(parts["first"].to_list(), parts["last"].to_list(), strict=True)
    return [(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)) for start, end in spans]
