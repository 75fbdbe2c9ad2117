"""How a data source stands today, in a word: whether its records come as they should."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from apps.aurorax import AuroraX, DataSource
from apps.records.types import record_types
from apps.sources.counting import stats_of
from apps.sources.coverage import lately_of
from apps.sources.gaps import LEAST_PATIENCE, LONGEST
from apps.sources.repairs import in_repair


class Freshness(StrEnum):
    """From what most needs somebody to what needs nobody."""

    QUIET = "quiet"
    LATE = "late"
    CURRENT = "current"
    REPAIR = "in repair"
    DORMANT = "dormant"
    EMPTY = "empty"


RANKS = {standing: number for number, standing in enumerate(Freshness)}
# What each means, for people.
MEANINGS = {
    Freshness.CURRENT: f"Has records of the last {LEAST_PATIENCE} days",
    Freshness.LATE: f"No record for more than {LEAST_PATIENCE} days, which can be usual for it",
    Freshness.QUIET: "No record for longer than is usual for it",
    Freshness.REPAIR: "Noted as in repair",
    Freshness.DORMANT: "No record for more than a year",
    Freshness.EMPTY: "No records yet",
}
COLOURS = {Freshness.CURRENT: "green", Freshness.LATE: "yellow", Freshness.QUIET: "orange"}


@dataclass(frozen=True)
class SourceStanding:
    """`latest` is the end of its last record, which may lie in the future; `days` is how long ago that is."""

    standing: Freshness
    latest: datetime | None = None
    days: int = 0

    @property
    def words(self) -> str:
        """For a chip: `quiet 29 days`."""
        if self.standing in (Freshness.QUIET, Freshness.LATE):
            return f"{self.standing} {self.days:,} day{'' if self.days == 1 else 's'}"
        if self.standing == Freshness.DORMANT and self.latest:
            return f"dormant since {self.latest.year}"
        return "no records yet" if self.standing == Freshness.EMPTY else str(self.standing)

    @property
    def meaning(self) -> str:
        """What the word means."""
        return MEANINGS[self.standing]

    @property
    def colour(self) -> str:
        """Tabler's name of its colour."""
        return COLOURS.get(self.standing, "secondary")

    @property
    def is_ahead(self) -> bool:
        """Whether its last record is a prediction."""
        return self.days < 0

    @property
    def order(self) -> tuple[int, int]:
        """The latest of the late first; of what is dormant what ended last."""
        return RANKS[self.standing], self.days if self.standing == Freshness.DORMANT else -self.days


def standing_now(*, client: AuroraX, source: DataSource) -> SourceStanding:
    """Of one data source, read with its statistics; AuroraX is asked for its habit only where it is late."""
    today = timezone.now().date()
    repaired = in_repair([source.identifier], today=today)
    found = standing_of(source, today=today, quiet={}, repaired=repaired)
    if found.standing != Freshness.LATE:
        return found
    silent = lately_of(client=client, sources=[source], today=today, owned={}).silent
    quiet = max((silence.days for _, silence in silent), default=None)
    return standing_of(source, today=today, quiet={} if quiet is None else {source.identifier: quiet})


def standing_of(
    source: DataSource, *, today: date, quiet: Mapping[int, int], repaired: Iterable[int] = ()
) -> SourceStanding:
    """Of a data source that was read with its statistics. `quiet` says for how many days those that have gone quiet have been
    so (`coverage.lately_of`), by identifier.
    """
    latest = max(
        (moment for kind in record_types() if (moment := kind.counts.latest(stats_of(source)))), default=None
    )
    if latest is None:
        return SourceStanding(Freshness.EMPTY)
    days = (today - latest.date()).days
    if source.identifier in repaired:
        return SourceStanding(Freshness.REPAIR, latest, days)
    if source.identifier in quiet:
        return SourceStanding(Freshness.QUIET, latest, quiet[source.identifier])
    if days > LONGEST:
        return SourceStanding(Freshness.DORMANT, latest, days)
    return SourceStanding(Freshness.LATE if days > LEAST_PATIENCE else Freshness.CURRENT, latest, days)
