"""The counts of records by source, kind and day, changed with every write so that nobody counts a million records later.

Who writes records says what came and what went, inside the transaction of the write; only `storage.py` does.
"""

import struct
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from django.db import connection
from django.db.models import Max

from apps.sandbox import bulk
from apps.sandbox.models import DataProduct, Ephemeris, YearCount

EPHEMERIS = "ephemeris"  # the kind; of data products the kind is their type
THE_DAY = itemgetter(slice(10))  # of a time in wire form
DAYS = struct.Struct(
    "<366I"
)  # `YearCount.days`: records on each day of the year; in most years the last is unused
KNOWN = """
    SELECT source_id, kind, year, count, first, last, days FROM sandbox_yearcount
    WHERE source_id = %s AND kind = %s AND year BETWEEN %s AND %s
"""


class Times(NamedTuple):
    """When some records start and end, in wire form: two columns of the same length. The same list twice for epochs."""

    starts: list[str]
    ends: list[str]

    def by_year(self) -> dict[int, "Times"]:
        """The times by the year of their start."""
        if not self.starts:
            return {}
        if min(self.starts)[:4] == max(self.starts)[:4]:
            return {int(self.starts[0][:4]): self}
        years: dict[int, Times] = {}
        for start, end in zip(self.starts, self.ends, strict=True):
            starts, ends = years.setdefault(int(start[:4]), Times([], []))
            starts.append(start)
            ends.append(end)
        return years


@lru_cache(maxsize=200)
def days_of(year: int) -> tuple[str, ...]:
    """The days of a year in wire form."""
    first = date(year, 1, 1).toordinal()
    length = date(year, 12, 31).toordinal() - first + 1
    return tuple(date.fromordinal(first + number).isoformat() for number in range(length))


def add(source: int, kind: str, times: Times) -> None:
    """Count records that were not there before."""
    years = times.by_year()
    known = _known(source, kind, years)
    bulk.upsert(YearCount, [_grown(source, kind, year, new, known.get(year)) for year, new in years.items()])


def remove(source: int, kind: str, gone: Iterable[tuple[str, int]]) -> None:
    """Count records no more that were deleted: how many on which days."""
    years: dict[int, Counter[str]] = {}
    for day, count in gone:
        years.setdefault(int(day[:4]), Counter())[day] += count
    known = _known(source, kind, years)
    for year, lost in years.items():
        _shrink(known[year], lost)


def _known(source: int, kind: str, years: Collection[int]) -> dict[int, YearCount]:
    """The rows of these years. By hand: building the query would take longer than all else of a write."""
    if not years:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, (source, kind, min(years), max(years)))
        return {row[2]: YearCount(*row) for row in cursor.fetchall() if row[2] in years}


def _grown(source: int, kind: str, year: int, new: Times, known: YearCount | None) -> tuple[object, ...]:
    """The row of a year with `new` records."""
    first, last, count = min(new.starts), max(new.ends), len(new.starts)
    days = _changed(known, Counter(map(THE_DAY, new.starts)), year, 1)
    if known is not None:
        first, last, count = min(first, known.first), max(last, known.last), count + known.count
    return source, kind, year, count, first, last, days


def _shrink(known: YearCount, lost: Counter[str]) -> None:
    """Take `lost` from a year; what is its first and last now, only the records know."""
    rows = YearCount.objects.filter(source=known.source_id, kind=known.kind, year=known.year)
    count = known.count - lost.total()
    if count == 0:
        rows.delete()
        return
    first, last = _ends(known)
    rows.update(count=count, first=first, last=last, days=_changed(known, lost, known.year, -1))


def _changed(known: YearCount | None, by_day: Counter[str], year: int, sign: int) -> bytes:
    counts = list(DAYS.unpack(known.days)) if known else [0] * 366
    first = date(year, 1, 1).toordinal()
    for day, count in by_day.items():
        counts[date.fromisoformat(day).toordinal() - first] += sign * count
    return DAYS.pack(*counts)


def _ends(year: YearCount) -> tuple[str, str]:
    """The first and last time of the records of a kind that start in a year."""
    span = f"{year.year:04}-01-01T00:00:00", f"{year.year:04}-12-31T23:59:59"
    if year.kind == EPHEMERIS:
        epochs = Ephemeris.objects.filter(source=year.source_id, epoch__range=span).values_list(
            "epoch", flat=True
        )
        return epochs.order_by("epoch")[0], epochs.order_by("-epoch")[0]  # each a step into the index
    products = DataProduct.objects.filter(
        source=year.source_id, data_product_type=year.kind, start__range=span
    )
    return products.order_by("start").values_list("start", flat=True)[0], products.aggregate(last=Max("end"))[
        "last"
    ]
