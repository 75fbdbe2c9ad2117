"""What AuroraX is asked about many data sources of one person, so that it sends little that is not shown.

It counts by day, of one data source or of all that have one owner, and perhaps one program: ten years of one are 65 KB, and
of three hundred 20 MB.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple

from django.core.cache import caches

from apps.aurorax import AuroraX, DataSource, DataSourceStats, ListedSource
from apps.records.types import RecordType
from apps.sources.gaps import LEAST_PATIENCE, LONGEST

AT_ONCE = 8  # questions
REMEMBERED = 60  # seconds
FEW = 25  # data sources that somebody owns: years of them together are no more than a page of them one by one
MANY = 1_000  # of which the last days are asked together

# How many data sources each owner has in all, and each owner of each program: by the owner as it is written, and by both.
Owned = Mapping[Any, int]
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
    ask = partial(_answer, client, kind, first, last)
    wanted = {source.identifier for source in sources}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, questions))
    return {
        identifier: counts
        for answer in answers
        for identifier, counts in answer.items()
        if identifier in wanted
    }


def _answer(client: AuroraX, kind: RecordType, first: date, last: date, question: CountQuestion) -> Days:
    """What AuroraX says, or said within the last minute: who filters the overview does not have it count anew. Its own
    counts may be ten minutes old.
    """
    filters = {name: str(getattr(each, "key", each)) for name, each in question.filters.items()}
    text = f"{client.base_url} {kind.slug} {first} {last} {filters}"
    key = f"counted-days:{blake2b(text.encode(), digest_size=16).hexdigest()}"
    kept: Days | None = caches["answers"].get(key)
    if kept is None:
        found = kind.counts.counting(client)(start=first, end=last, **question.filters)
        kept = {each.data_source.identifier: dict(each.counts) for each in found}
        caches["answers"].set(key, kept, REMEMBERED)
    return kept


def lately(
    client: AuroraX, kind: RecordType, sources: Sequence[DataSource], *, today: date, owned: Owned
) -> tuple[list[DataSource], Days]:
    """Those of `sources`, read with their statistics, that may have gone quiet: with records within a year (or ahead), and
    none on the last days. And the records of the last days and of this month, which are asked for all that an owner has:
    that is little.
    """
    since = today - timedelta(days=LONGEST)
    held = [source for source in sources if _latest(kind, source) >= since]
    last_days = today - timedelta(days=LEAST_PATIENCE)
    asked = min(last_days, today.replace(day=1))
    recent = days_of(client, kind, held, asked, today, owned=owned, few=MANY)
    silent = [
        source
        for source in held
        if not any(count for day, count in recent.get(source.identifier, {}).items() if day >= last_days)
    ]
    return silent, recent


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
            yield from _of_programs(owner, found, owned, few)


def _of_programs(
    owner: str, sources: Iterable[DataSource], owned: Owned, few: int
) -> Iterator[CountQuestion]:
    """Those of one program together, where the owner has few of it."""
    by_program: dict[str, list[DataSource]] = {}
    for source in sources:
        by_program.setdefault(source.program, []).append(source)
    for program, found in by_program.items():
        if owner and program and len(found) > 1 and owned.get((owner, program), few + 1) <= few:
            yield CountQuestion(found, {"owner": owner, "program": program})
        else:
            yield from (CountQuestion([source], {"source": source}) for source in found)


def owners_of(sources: Iterable[DataSource | ListedSource]) -> Owned:
    """How many there are of each owner, and of each owner and program."""
    counted: Counter[Any] = Counter()
    for source in sources:
        counted[source.owner] += 1
        counted[source.owner, source.program] += 1
    return counted
