"""What the overview shows one person: what needs them, what is on its way, and what their data sources hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource, errors
from apps.deletions import attention as deletions
from apps.permissions import decide
from apps.permissions.addresses import is_same
from apps.records.types import record_types
from apps.sources.coverage import Coverage, SourceCounts, coverage_of
from apps.sources.filters import is_mine, sort_key
from apps.sources.gaps import Silence
from apps.ui.attention import Attention
from apps.ui.links import Link
from apps.uploads import attention as uploads

# With more than this many silent data sources the cause is one, and one line is enough.
MOST_SILENT = 5
MOST_NAMED = 3


class SourceRow(NamedTuple):
    """A data source of mine: how I stand to it, what it holds, and where its records can be uploaded."""

    source: DataSource
    standing: str
    held: list[SourceCounts]
    uploads: list[Link]


@dataclass(frozen=True)
class Overview:
    """`coverage` is None until it is asked for, and where `trouble` came between."""

    by: User
    sources: list[DataSource] = field(default_factory=list)
    coverage: Coverage | None = None
    trouble: errors.TryAgain | None = None

    @cached_property
    def attention(self) -> list[Attention]:
        """What the person should look at, the most pressing first."""
        quiet = silences(self.coverage, by=self.by) if self.coverage else []
        return [*uploads.needs_action(self.by), *deletions.needs_action(self.by), *quiet]

    @property
    def silent(self) -> list[DataSource]:
        """My data sources that have gone quiet."""
        quiet = {held.source.identifier for held, _ in self.coverage.silent} if self.coverage else set()
        return [source for source in self.sources if source.identifier in quiet]

    def row(self, source: DataSource) -> SourceRow:
        """How one of `sources` is shown."""
        held = self.coverage.held.get(source.identifier, []) if self.coverage else []
        owns = is_same(source.owner, self.by.email)
        return SourceRow(source, "Owner" if owns else "Maintainer", held, _uploads(self.by, source))


def overview_of(*, by: User, client: AuroraX, counted: bool) -> Overview:
    """Everything, as far as AuroraX answers: what is known without it is shown even when it does not.

    `counted` asks for the records too, which can take AuroraX a while.
    """
    sources: list[DataSource] = []
    coverage = None
    try:
        sources = my_sources(by=by, client=client)
        if counted and sources:
            coverage = coverage_of(client=client, sources=sources, today=timezone.now().date())
    except errors.TryAgain as trouble:
        return Overview(by, sources, trouble=trouble)
    return Overview(by, coverage.sources if coverage else sources, coverage)


def my_sources(*, by: User, client: AuroraX) -> list[DataSource]:
    """The data sources the person owns or maintains, by name (AuroraX has no filter for maintainers). Remembered for a
    moment, so that the counts of a page do not ask once more what the page has just found.
    """
    mine = (source for source in client.sources.list(remembered=True) if is_mine(source, by))
    return sorted(mine, key=sort_key("display_name"))


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
