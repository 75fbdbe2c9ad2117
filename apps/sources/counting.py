"""What AuroraX is asked about many data sources of one person, so that it sends little that is not shown.

It counts by day, of one data source or of all that have one owner: ten years of one are 65 KB, and of three hundred 20 MB.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any, NamedTuple

from apps.aurorax import AuroraX, DataSource, DataSourceStats
from apps.records.types import RecordType
from apps.sources.gaps import LEAST_PATIENCE, LONGEST

AT_ONCE = 8  # questions
FEW = 25  # data sources that somebody owns: years of them together are no more than a page of them one by one
MANY = 1_000  # of which the last days are asked together

Owned = Mapping[Any, int]  # how many data sources each owner has in all, as the owner is written
Days = Mapping[int, Mapping[date, int]]  # by identifier


class CountQuestion(NamedTuple):
    """Data sources that AuroraX finds by one filter: several that one person owns, or a single one."""

    sources: list[DataSource]
    filters: dict[str, Any]


def days_of(
    client: AuroraX,
    kind: RecordType,
    sources: Sequence[DataSource],
    first: date,
    last: date,
    *,
    owned: Owned,
    few: int = FEW,
) -> Days:
    """Records of each day from `first` to `last`, by identifier. Where their owner has more than `few`, of which some may be
    none of this person's, each is asked for by itself.
    """
    if not sources:
        return {}
    questions = list(_questions(sources, owned, few))
    count = kind.counts.counting(client)
    wanted = {source.identifier for source in sources}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda each: count(start=first, end=last, **each.filters), questions)
        found = [each for answer in answers for each in answer]
    return {
        each.data_source.identifier: each.counts for each in found if each.data_source.identifier in wanted
    }


def suspected(
    client: AuroraX, kind: RecordType, sources: Sequence[DataSource], *, today: date, owned: Owned
) -> list[DataSource]:
    """Those of `sources`, read with their statistics, that may have gone quiet: with records within a year (or ahead), and
    none on the last days. These days are asked for all that an owner has: that is little.
    """
    since = today - timedelta(days=LONGEST)
    held = [source for source in sources if _latest(kind, source) >= since]
    lately = today - timedelta(days=LEAST_PATIENCE)
    recent = days_of(client, kind, held, lately, today, owned=owned, few=MANY)
    return [source for source in held if not any(recent.get(source.identifier, {}).values())]


def habits_of(
    client: AuroraX, kind: RecordType, sources: Sequence[DataSource], *, today: date, owned: Owned
) -> Days:
    """The days by which `gaps.silence` tells whether these have gone quiet: two years, and what is predicted."""
    first, last = today - timedelta(days=2 * LONGEST + LEAST_PATIENCE), date(today.year + 1, 12, 31)
    return days_of(client, kind, sources, first, last, owned=owned)


def stats_of(source: DataSource) -> DataSourceStats:
    """Its statistics; AuroraX may leave them out where there is nothing to count."""
    return source.stats or DataSourceStats()


def _latest(kind: RecordType, source: DataSource) -> date:
    latest = kind.counts.latest(stats_of(source))
    return latest.date() if latest else date.min


def _questions(sources: Iterable[DataSource], owned: Owned, few: int) -> Iterator[CountQuestion]:
    by_owner: dict[str, list[DataSource]] = {}
    for source in sources:
        by_owner.setdefault(source.owner or "", []).append(source)
    for owner, found in by_owner.items():
        if owner and len(found) > 1 and owned.get(owner, few + 1) <= few:
            yield CountQuestion(found, {"owner": owner})
        else:
            yield from (CountQuestion([source], {"source": source}) for source in found)
