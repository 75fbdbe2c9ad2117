"""How a data source's records are spread over its days: a calendar for each record type, counted by AuroraX."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource, DataSourceStats, errors
from apps.aurorax.times import YEARS
from apps.availability.not_expected import days_not_expected
from apps.charts.calendars import Calendar, Change, calendar_of
from apps.records.counts import Span
from apps.records.types import RecordType, record_types, type_of

MOST_YEARS = 10  # on a page of its own
YEARS_BESIDE = 2  # on a page that shows something else too
NOT_REFRESHED = "AuroraX does not count anew while it is in maintenance: these are the numbers it had ready."


@dataclass(frozen=True)
class CalendarQuery:
    """Which years to show, and how to count.

    `spans` is what the page that asks knows of first and last records; a kind that is missing there has none. Where it is
    empty nothing is known, and AuroraX is asked. `until` is the last year to show.
    """

    spans: Mapping[str, Span]
    years: int = MOST_YEARS
    until: int | None = None
    slow: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Out of an address. Nonsense in it counts as not said, so that every address has an answer."""
        spans = {
            slug: span
            for slug in (kind.slug for kind in record_types())
            if (span := _span(query.get(slug, "")))
        }
        return cls(
            spans,
            years=_number(query.get("years", ""), range(1, MOST_YEARS + 1)) or MOST_YEARS,
            until=_number(query.get("until", ""), YEARS),
            slow=query.get("slow") == "on",
        )

    @property
    def query(self) -> str:
        """As the end of an address."""
        asked: dict[str, object] = {slug: f"{span.first}/{span.last}" for slug, span in self.spans.items()}
        asked |= {"years": self.years} if self.years != MOST_YEARS else {}
        asked |= {"until": self.until} if self.until else {}
        asked |= {"slow": "on"} if self.slow else {}
        return f"?{urlencode(asked, safe='/')}"


@dataclass(frozen=True)
class KindCalendar:
    """The calendar of one kind, from year `first` to year `last`; `question` is the one it answers."""

    kind: RecordType
    calendar: Calendar
    first: int
    last: int
    question: CalendarQuery
    address: str  # of this kind's calendar alone, all years of it
    counts: Mapping[date, int]

    @property
    def title(self) -> str:
        """Kind and years."""
        years = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
        return f"{self.kind.label}, {years}"

    @property
    def empty_years(self) -> list[int]:
        """Those that are not drawn, because there is nothing to draw."""
        drawn = {year.year for year in self.calendar.years}
        return [year for year in range(self.first, self.last + 1) if year not in drawn]

    @property
    def span(self) -> Span:
        """From its very first record to its very last."""
        return self.question.spans[self.kind.slug]

    @property
    def earlier(self) -> str:
        """Asks for the years before, if there are records in them."""
        return replace(self.question, until=self.first - 1).query if self.span.first.year < self.first else ""

    @property
    def later(self) -> str:
        """Asks for the years after, if there are records in them."""
        until = self.last + self.question.years
        return replace(self.question, until=until).query if self.last < self.span.last.year else ""

    @property
    def is_cut(self) -> bool:
        """Whether its own page would show more years at once."""
        return self.question.years < MOST_YEARS and bool(self.earlier or self.later)


class CountedYears(NamedTuple):
    """Records of each day of the years from `first` to `last`."""

    kind: RecordType
    first: int
    last: int
    counts: Mapping[date, int]


@dataclass(frozen=True)
class CalendarPage:
    """The calendars; `note` says why they were not counted again although that was asked."""

    parts: list[KindCalendar]
    question: CalendarQuery
    note: str = ""

    @property
    def refresh_url(self) -> str:
        """The address at which AuroraX counts again instead of taking numbers that can be ten minutes old."""
        return replace(self.question, slow=True).query


def answer(
    *, client: AuroraX, source: DataSource, slugs: Sequence[str], question: CalendarQuery
) -> CalendarPage:
    """The calendars of these kinds, as far as there are records of them."""
    if not question.spans:
        stats = source.stats or _stats(client, source)
        question = replace(question, spans=spans_of(stats))
    try:
        return CalendarPage(_parts(client, source, slugs, question), question)
    except errors.Maintenance:
        if not question.slow:
            raise
        question = replace(question, slow=False)
        return CalendarPage(_parts(client, source, slugs, question), question, NOT_REFRESHED)


def spans_of(stats: DataSourceStats) -> dict[str, Span]:
    """First and last day of every kind of which there are records."""
    return {kind.slug: span for kind in record_types() if (span := kind.counts.span(stats))}


def beside_url(name: str, source: DataSource, spans: Mapping[str, Span]) -> str:
    """The address of calendars that a page loads beside what else it shows; empty where there are no records."""
    if not spans:
        return ""
    return reverse(name, args=[source.identifier]) + CalendarQuery(spans, years=YEARS_BESIDE).query


def kind_url(slug: str, source: DataSource) -> str:
    """The same for the page of one kind, of a data source that was read with its statistics."""
    spans = spans_of(source.stats or DataSourceStats())
    return beside_url(f"{slug}-availability", source, {slug: spans[slug]} if slug in spans else {})


def with_change(*, client: AuroraX, source: DataSource, slug: str, change: Change) -> Calendar:
    """What a write will do, within the calendar of what is there: all years from its first day to its last."""
    kind, days = type_of(slug), change.days
    counts = _counts(client, source, kind, min(days).year, max(days).year, slow=False)
    scale = kind.counts.scale([*counts.values(), *change.gained.values()])
    return calendar_of(counts, scale=scale, link=kind.day_url(source.identifier, "{day}"), change=change)


def _parts(
    client: AuroraX, source: DataSource, slugs: Sequence[str], question: CalendarQuery
) -> list[KindCalendar]:
    """All is asked at once."""
    held = [type_of(slug) for slug in slugs if slug in question.spans]
    if not held:
        return []
    with ThreadPoolExecutor(len(held) + 1) as pool:
        off = pool.submit(days_not_expected, client, source)
        counted = list(pool.map(lambda kind: _counted(client, source, kind, question), held))
    return [_part(source, each, question, off.result()) for each in counted]


def _counted(client: AuroraX, source: DataSource, kind: RecordType, question: CalendarQuery) -> CountedYears:
    span = question.spans[kind.slug]
    last = max(span.first.year, min(span.last.year, question.until or span.last.year))
    first = max(span.first.year, last - question.years + 1)
    counts = _counts(client, source, kind, first, last, slow=question.slow)
    return CountedYears(kind, first, last, counts)


def _part(
    source: DataSource, found: CountedYears, question: CalendarQuery, off: frozenset[date]
) -> KindCalendar:
    kind, first, last, counts = found
    calendar = calendar_of(
        counts,
        scale=kind.counts.scale(counts.values()),
        link=kind.day_url(source.identifier, "{day}"),
        not_expected={day for day in off if first <= day.year <= last},
    )
    address = kind.url("availability", source.identifier)
    whole = replace(question, years=MOST_YEARS, until=None, slow=False).query
    return KindCalendar(kind, calendar, first, last, question, address + whole, counts)


def _counts(
    client: AuroraX, source: DataSource, kind: RecordType, first: int, last: int, *, slow: bool
) -> Mapping[date, int]:
    """Records of each day of these years; AuroraX leaves a source out that has none."""
    start, end = date(first, 1, 1), date(last, 12, 31)
    found = kind.counts.counting(client)(start=start, end=end, source=source, slow=slow)
    return found[0].counts if found else {}


def _stats(client: AuroraX, source: DataSource) -> DataSourceStats:
    return client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()


def by_day(counts: Mapping[str, int]) -> dict[date, int]:
    """By the day itself instead of its name."""
    return {date.fromisoformat(day): count for day, count in counts.items()}


def _span(text: str) -> Span | None:
    """`2019-09-27/2020-11-30`."""
    first, _, last = text.partition("/")
    try:
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None
    return span if span.first <= span.last and {span.first.year, span.last.year} <= set(YEARS) else None


def _number(text: str, allowed: range) -> int | None:
    """The number, where it is one of the allowed."""
    return (
        int(text) if text.isascii() and text.isdecimal() and len(text) < 5 and int(text) in allowed else None
    )
