"""Where ground sources stand: the place in each one's latest ephemeris record, found with as few questions as possible.

One list with stats says which sources have records and when the latest is; one short search for each reads that record.
What was found is remembered (`apps.aurorax.sites`).
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import caches
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import GROUND
from apps.aurorax.sites import FAILED, NOWHERE, Spot, SpotOrReason, ask_place, keep_place, key_of
from apps.charts.maps import MapPlace, latitude, longitude

AT_ONCE = 4  # searches
IN_A_ROW = 24  # searches before the page shows what is known so far
NEAR = 0.1  # degrees: instruments no further apart are at one site


@dataclass(frozen=True)
class Site:
    """A place with one or more ground sources, in degrees."""

    lat: float
    lon: float
    sources: Sequence[DataSource]

    @property
    def name(self) -> str:
        """The platforms there, which for ground sources are places."""
        return " / ".join(dict.fromkeys(source.platform for source in self.sources))

    @property
    def position(self) -> str:
        """For people: `56.377° N, 94.644° W`."""
        return f"{latitude(round(self.lat, 3))}, {longitude(round(self.lon, 3))}"


@dataclass
class Sites:
    """Ground sources by where they stand, and those of which that is not known. `waiting` have not been asked for yet."""

    sites: list[Site] = field(default_factory=list)
    recordless: list[DataSource] = field(default_factory=list)
    placeless: list[DataSource] = field(default_factory=list)
    failed: list[DataSource] = field(default_factory=list)
    waiting: list[DataSource] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All the sources."""
        unknown = (self.recordless, self.placeless, self.failed, self.waiting)
        return sum(len(site.sources) for site in self.sites) + sum(map(len, unknown))

    @property
    def places(self) -> list[MapPlace]:
        """The sites for a map. One with several instruments leads to its row in the list, `#site-1` and so on."""
        return [_place(number, site) for number, site in enumerate(self.sites, start=1)]


def find_sites(*, client: AuroraX, sources: Iterable[DataSource]) -> Sites:
    """Where each of `sources`, read with their stats, stands; at most `IN_A_ROW` of them are asked for."""
    found = Sites()
    dated = []
    for source in sources:
        latest = source.stats.latest_ephemeris_loaded if source.stats else None
        if latest:
            dated.append((source, latest))
        else:
            found.recordless.append(source)
    answers = _answers(client, dated)
    unknown = {NOWHERE: found.placeless, FAILED: found.failed, None: found.waiting}
    located = []
    for source, _ in dated:
        answer = answers.get(source.identifier)
        if isinstance(answer, tuple):
            located.append((source, answer))
        else:
            unknown[answer].append(source)
    found.sites = _sites(located)
    return found


def ground_sources(client: AuroraX) -> list[DataSource]:
    """All ground sources with their stats."""
    return client.sources.list(source_type=GROUND, include_stats=True)


def _answers(client: AuroraX, dated: Sequence[tuple[DataSource, datetime]]) -> dict[int, SpotOrReason]:
    """What is known of each source by its number, from the cache or from AuroraX."""
    keys = {source.identifier: key_of(client, source) for source, _ in dated}
    kept = caches["answers"].get_many(keys.values())
    answers = {number: kept[key] for number, key in keys.items() if key in kept}
    asked = [(source, latest) for source, latest in dated if source.identifier not in answers][:IN_A_ROW]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        news = list(pool.map(lambda pair: ask_place(client, *pair), asked))
    for (source, _), answer in zip(asked, news, strict=True):
        answers[source.identifier] = answer
        keep_place(client, source, answer)
    return answers


def _sites(located: Sequence[tuple[DataSource, Spot]]) -> list[Site]:
    """Sources near each other together, from north to south."""
    groups: list[tuple[Spot, list[DataSource]]] = []
    for source, (lat, lon) in located:
        near = (group for (there, yonder), group in groups if _is_near(lat - there, lon - yonder))
        group = next(near, None)
        if group is None:
            groups.append(((lat, lon), [source]))
        else:
            group.append(source)
    sites = [Site(lat, lon, group) for (lat, lon), group in groups]
    return sorted(sites, key=lambda site: (-site.lat, site.lon))


def _is_near(lat: float, lon: float) -> bool:
    return abs(lat) <= NEAR and abs((lon + 180) % 360 - 180) <= NEAR


def _place(number: int, site: Site) -> MapPlace:
    names = ", ".join(source.display_name for source in site.sources)
    only = site.sources[0] if len(site.sources) == 1 else None
    url = reverse("source-detail", args=[only.identifier]) if only else f"#site-{number}"
    return MapPlace(site.lat, site.lon, site.name, f"{names}: {site.position}", url)
