"""Times far from all others of a file: found when all have been seen, in little memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

# Two scales. Times closer together than a month always belong together; and over a gap of a year and a bit every program
# that measures each winter, or makes one product a year, is still one cluster.
MONTH, YEAR = timedelta(days=30), timedelta(days=400)
FEW_IN = 10  # a few are no more than one of so many, or a single one
LEAST_TIMES = 3  # times that others can be far from
ROWS_NAMED = 100  # rows of a cluster that are named
LineAndTime = tuple[int, datetime]  # line, and time as naive UTC


@dataclass
class TimeCluster:
    """Times without a gap of more than a month between two of them; `rows` are the first `ROWS_NAMED`."""

    first: datetime
    last: datetime
    count: int
    rows: list[LineAndTime]

    def joined(self, other: "TimeCluster") -> "TimeCluster":
        rows = sorted([*self.rows, *other.rows])[:ROWS_NAMED] if len(self.rows) < ROWS_NAMED else self.rows
        first, last = min(self.first, other.first), max(self.last, other.last)
        return TimeCluster(first, last, self.count + other.count, rows)

    def gap(self, other: "TimeCluster") -> timedelta:
        """What lies between them; nothing, or less, where they touch."""
        return max(self.first - other.last, other.first - self.last)


class Outliers:
    """The times of one column, by clusters.

    1980-01-06, then a thousand in 2020 and 2021 -> two clusters -> far: the one of 1980-01-06

    Some are far from the others when they are few, nearly all others are one cluster, and the gap between is longer than
    that cluster, or than a year.
    """

    def __init__(self) -> None:
        self._clusters: list[TimeCluster] = []

    def observe(self, lines: pl.Series, moments: pl.Series) -> None:
        """Take up some rows, each with its line."""
        first, last = moments.min(), moments.max()
        if not isinstance(first, datetime) or not isinstance(last, datetime):
            return
        parts = [(lines, moments)] if last - first <= MONTH else _parts(lines, moments)
        for part_lines, part in parts:
            cluster = TimeCluster(part.min(), part.max(), len(part), [])  # type: ignore[arg-type]
            if not self._has_enough_of(cluster):
                cluster.rows = sorted(zip(part_lines.head(ROWS_NAMED), part.head(ROWS_NAMED), strict=True))
            self._clusters = _with(self._clusters, cluster, MONTH)

    def _has_enough_of(self, cluster: TimeCluster) -> bool:
        """Whether it belongs to one of which all rows are there that are named."""
        return any(len(other.rows) >= ROWS_NAMED and other.gap(cluster) <= MONTH for other in self._clusters)

    def far(self) -> list[TimeCluster]:
        """The clusters that are far from all others."""
        yearly: list[TimeCluster] = []
        for cluster in self._clusters:
            yearly = _with(yearly, cluster, YEAR)
        return _far(self._clusters) or _far(yearly)


def _far(clusters: Sequence[TimeCluster]) -> list[TimeCluster]:
    if not clusters:
        return []
    most = max(clusters, key=lambda cluster: cluster.count)
    others = [cluster for cluster in clusters if cluster is not most]
    rows = sum(cluster.count for cluster in clusters)
    if most.count < LEAST_TIMES or sum(cluster.count for cluster in others) > max(1, rows // FEW_IN):
        return []
    return [cluster for cluster in others if cluster.gap(most) > min(most.last - most.first, YEAR)]


def _with(clusters: Sequence[TimeCluster], cluster: TimeCluster, gap: timedelta) -> list[TimeCluster]:
    """The clusters and one more, joined with those it is close to."""
    apart = []
    for other in clusters:
        if cluster.gap(other) > gap:
            apart.append(other)
        else:
            cluster = other.joined(cluster)
    return [*apart, cluster]


def _parts(lines: pl.Series, moments: pl.Series) -> Iterator[tuple[pl.Series, pl.Series]]:
    """The rows by the clusters they make among themselves."""
    order = moments.arg_sort()
    lines, moments = lines.gather(order), moments.gather(order)
    begins = (moments.diff() > MONTH).fill_null(value=False).arg_true().to_list()
    for begin, end in zip([0, *begins], [*begins, len(moments)], strict=True):
        yield lines.slice(begin, end - begin), moments.slice(begin, end - begin)
