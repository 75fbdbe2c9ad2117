"""What the overview shows one person: what needs them, what is on its way, and what their data sources hold."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource, ListedSource, errors
from apps.deletions import attention as deletions
from apps.permissions import Role, decide
from apps.permissions.addresses import is_same
from apps.records.types import record_types
from apps.sources.counting import Owned
from apps.sources.coverage import Coverage, SourceCounts, counted, coverage_of, silent_of
from apps.sources.filters import is_mine, sort_key
from apps.sources.gaps import Silence
from apps.sources.repairs import in_repair
from apps.ui.attention import Attention
from apps.ui.links import Link
from apps.ui.paging import page_of
from apps.uploads import attention as uploads

# With more than this many silent data sources the cause is one, and one line is enough.
MOST_SILENT = 5
MOST_NAMED = 3
ROWS = 25  # on a page


class SourceRow(NamedTuple):
    """A data source of mine: how I stand to it, what it holds, and where its records can be uploaded."""

    source: DataSource
    standing: str
    held: list[SourceCounts]
    uploads: list[Link]


@dataclass(frozen=True)
class Overview:
    """`coverage` is None until it is asked for, and where `trouble` came between. With `only_owned` there may be others that
    the person maintains: to find those, the list of all is needed, which comes with the counts.
    """

    by: User
    sources: list[DataSource] = field(default_factory=list)
    page: "Page[DataSource]" = field(default_factory=lambda: page_of([], None))
    coverage: Coverage | None = None
    only_owned: bool = False
    trouble: errors.TryAgain | None = None

    @cached_property
    def attention(self) -> list[Attention]:
        """What the person should look at, the most pressing first."""
        quiet = silences(self.coverage, by=self.by) if self.coverage else []
        return [*uploads.needs_action(self.by), *deletions.needs_action(self.by), *quiet]

    def row(self, source: DataSource) -> SourceRow:
        """How one of `sources` is shown."""
        held = self.coverage.held.get(source.identifier, []) if self.coverage else []
        owns = is_same(source.owner, self.by.email)
        return SourceRow(source, "Owner" if owns else "Maintainer", held, _uploads(self.by, source))


def overview_of(
    *, by: User, client: AuroraX, with_counts: bool, page: str | None = None, only_silent: bool = False
) -> Overview:
    """Everything, as far as AuroraX answers: what is known without it is shown even when it does not.

    `with_counts` asks for the records too, which can take AuroraX a while; of those, `only_silent` shows what has gone quiet.
    """
    shown = Overview(by)
    try:
        known = None if with_counts else client.sources.remembered_directory()
        owned = _owned(by, client) if known is None and not with_counts else []
        if owned:
            return Overview(by, owned, page_of(owned, page, size=ROWS), only_owned=True)
        everything = client.sources.directory() if known is None else known
        sources = my_sources(everything, by=by)
        shown = Overview(by, sources, page_of(sources, page, size=ROWS))
        owners = Counter(source.owner for source in everything)
        return _counted(shown, client, owners, page, only_silent) if with_counts and sources else shown
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
    return sorted((replace(each, owner=by.email) for each in owned), key=sort_key("display_name"))


def _counted(
    shown: Overview, client: AuroraX, owned: Owned, number: str | None, only_silent: bool
) -> Overview:
    today = timezone.now().date()
    sources = counted(client=client, sources=shown.sources)
    repaired = in_repair((source.identifier for source in sources), today=today)
    looked_at = [source for source in sources if source.identifier not in repaired]
    silent = silent_of(client=client, sources=looked_at, today=today, owned=owned)
    quiet = {held.source.identifier for held, _ in silent}
    listed = [source for source in sources if source.identifier in quiet] if only_silent else sources
    page = page_of(listed, number, size=ROWS)
    coverage = coverage_of(
        client=client, sources=sources, silent=silent, shown=list(page), today=today, owned=owned
    )
    return replace(shown, sources=sources, page=page, coverage=coverage)


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
        f"{reverse('overview-counted')}?silent=on",
    )


def _uploads(by: User, source: DataSource) -> list[Link]:
    """What they may upload there."""
    allowed = [kind for kind in record_types() if decide(by, kind.actions.create, source)]
    return [Link(f"upload {kind.label.lower()}", kind.url("upload", source.identifier)) for kind in allowed]
