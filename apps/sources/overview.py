"""What the overview shows one person: what needs them, what is on its way, and what their data sources hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource, ListedSource, errors
from apps.charts.heat import HeatRow
from apps.deletions import attention as deletions
from apps.permissions import Role, decide
from apps.permissions.addresses import is_same
from apps.sources.counting import Owned, owners_of
from apps.sources.coverage import Coverage, SourceCounts, counted, coverage_of, lately_of
from apps.sources.filters import is_mine, sort_key
from apps.sources.forms.overview import OverviewFilter
from apps.sources.gaps import Silence
from apps.sources.repairs import in_repair
from apps.sources.standing import Freshness, SourceStanding, standing_of
from apps.ui.attention import Attention
from apps.ui.paging import page_of
from apps.uploads import attention as uploads

# With more than this many silent data sources the cause is one, and one line is enough.
MOST_SILENT = 5
MOST_NAMED = 3
ROWS = 25  # on a page
EVERYTHING = QueryDict()


@dataclass(frozen=True)
class SourceRow:
    """A data source of mine: how I stand to it, how it stands itself, and what it holds; of these None until it is counted."""

    source: DataSource
    relation: str
    standing: SourceStanding | None
    heat: HeatRow | None
    count: int
    recent: int
    before: int


class Program(NamedTuple):
    """The rows of one program, as far as they are on this page."""

    name: str
    rows: list[SourceRow]


@dataclass(frozen=True)
class Overview:
    """`coverage` is None until it is asked for, and where `trouble` came between. With `only_owned` there may be others that
    the person maintains: to find those, the list of all is needed, which comes with the counts. `page` holds those that have
    records and pass the filter, `empty` those without any.
    """

    by: User
    sources: list[DataSource] = field(default_factory=list)
    page: "Page[DataSource]" = field(default_factory=lambda: page_of([], None))
    coverage: Coverage | None = None
    standings: Mapping[int, SourceStanding] = field(default_factory=dict)
    empty: list[DataSource] = field(default_factory=list)
    only_owned: bool = False
    trouble: errors.TryAgain | None = None

    @cached_property
    def waiting(self) -> list[Attention]:
        """Their uploads and deletions that wait, are paused or failed."""
        return [*uploads.needs_action(self.by), *deletions.needs_action(self.by)]

    @cached_property
    def attention(self) -> list[Attention]:
        """What the person should look at, the most pressing first."""
        quiet = silences(self.coverage, by=self.by) if self.coverage else []
        return [*self.waiting, *quiet]

    @property
    def programs(self) -> list[Program]:
        """What is on this page, by program."""
        grouped = groupby(self.page, key=lambda source: source.program)
        return [Program(name, [self._row(source) for source in found]) for name, found in grouped]

    def number(self, standing: Freshness) -> int:
        """How many of all stand so."""
        return sum(1 for each in self.standings.values() if each.standing == standing)

    def _row(self, source: DataSource) -> SourceRow:
        held = self.coverage.held.get(source.identifier, []) if self.coverage else []
        return SourceRow(
            source,
            "Owner" if is_same(source.owner, self.by.email) else "Maintainer",
            self.standings.get(source.identifier),
            self.coverage.heat(source) if self.coverage else None,
            sum(each.count for each in held),
            sum(each.recent for each in held),
            sum(each.before for each in held),
        )


def overview_of(
    *,
    by: User,
    client: AuroraX,
    with_counts: bool,
    page: str | None = None,
    filters: OverviewFilter | None = None,
) -> Overview:
    """Everything, as far as AuroraX answers: what is known without it is shown even when it does not.

    `with_counts` asks for the records too, which can take AuroraX a while.
    """
    shown = Overview(by)
    try:
        known = None if with_counts else client.sources.remembered_directory()
        owned = _owned(by, client) if known is None and not with_counts else []
        if owned:
            return Overview(by, owned, page_of(owned, page, size=ROWS), only_owned=True)
        everything = client.sources.directory() if known is None else known
        sources = my_sources(everything, by=by)
        shown = Overview(by, sources, page_of(_by_program(sources), page, size=ROWS))
        if not (with_counts and sources):
            return shown
        return _counted(shown, client, owners_of(everything), page, filters or OverviewFilter(EVERYTHING))
    except errors.TryAgain as trouble:
        return replace(shown, trouble=trouble)


def my_sources(everything: Iterable[ListedSource], *, by: User) -> list[DataSource]:
    """The data sources the person owns or maintains, by name. AuroraX filters by owner and not by maintainer."""
    mine = (source.as_data_source() for source in everything if is_mine(source, by))
    return sorted(mine, key=sort_key("display_name"))


def _owned(by: User, client: AuroraX) -> list[DataSource]:
    """What an owner owns, while the list of all would take longer than a page should."""
    if by.role != Role.OWNER:
        return []
    owned = client.sources.list(owner=by.email, record_format="basic_info")
    by_name = sorted((replace(each, owner=by.email) for each in owned), key=sort_key("display_name"))
    return _by_program(by_name)


def _by_program(sources: Iterable[DataSource]) -> list[DataSource]:
    """Those of one program together; programs in the order of the first of each."""
    programs: dict[str, list[DataSource]] = {}
    for source in sources:
        programs.setdefault(source.program, []).append(source)
    return [source for found in programs.values() for source in found]


def _counted(
    shown: Overview, client: AuroraX, owned: Owned, number: str | None, filters: OverviewFilter
) -> Overview:
    today = timezone.now().date()
    sources = counted(client=client, sources=shown.sources)
    repaired = in_repair((source.identifier for source in sources), today=today)
    looked_at = [source for source in sources if source.identifier not in repaired]
    lately = lately_of(client=client, sources=looked_at, today=today, owned=owned)
    quiet = {held.source.identifier: silence.days for held, silence in lately.silent}
    standings = {
        source.identifier: standing_of(source, today=today, quiet=quiet, repaired=repaired)
        for source in sources
    }
    found = sorted(filters.matching(sources, standings), key=lambda each: standings[each.identifier].order)
    held = [each for each in found if standings[each.identifier].standing != Freshness.EMPTY]
    page = page_of(_by_program(held), number, size=ROWS)
    coverage = coverage_of(
        client=client,
        sources=sources,
        lately=lately,
        shown=list(page),
        today=today,
        owned=owned,
        whole=filters.chosen("years") == "all",
    )
    empty = [each for each in found if standings[each.identifier].standing == Freshness.EMPTY]
    return replace(shown, sources=sources, page=page, coverage=coverage, standings=standings, empty=empty)


def silences(coverage: Coverage, *, by: User) -> list[Attention]:
    """A line for each data source that has gone quiet, or one for all of them where there are many."""
    names = list(dict.fromkeys(held.source.display_name for held, _ in coverage.silent))
    if len(names) > MOST_SILENT:
        return [_together(names)]
    return [_alone(held, quiet, by) for held, quiet in coverage.silent]


def _alone(held: SourceCounts, quiet: Silence, by: User) -> Attention:
    kind, source = held.kind, held.source
    rhythm = "every day" if quiet.cadence == 1 else f"every {quiet.cadence} days"
    ahead = f" There are predictions from {quiet.ahead} on." if quiet.ahead else ""
    may = decide(by, kind.actions.create, source)
    return Attention(
        source.display_name,
        f"No {kind.nouns} after {quiet.last} (UTC), for {quiet.days} days; usually there are some {rhythm}.{ahead}",
        f"Upload {kind.label.lower()}" if may else "See its records",
        kind.url("upload" if may else "browse", source.identifier),
    )


def _together(names: Sequence[str]) -> Attention:
    named = ", ".join(names[:MOST_NAMED])
    return Attention(
        f"{len(names):,} data sources",
        f"No new records for longer than is usual for them: {named} and {len(names) - MOST_NAMED:,} more.",
        "Show them",
        f"{reverse('overview-counted')}?state={Freshness.QUIET}",
    )
