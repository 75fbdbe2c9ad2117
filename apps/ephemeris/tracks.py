"""Where a data source was: a range of its ephemeris records as tracks on maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import chain

import numpy as np

from apps.aurorax import AuroraX, DataSource, EphemerisRecord
from apps.charts import maps
from apps.charts.maps import Drawing, Look, Track
from apps.charts.maps.positions import PositionsRow
from apps.ephemeris.forms import LOCATION_LABELS

# GSM locations are left out: they are relative to the sun, and are no places on the Earth.
LOOKS = {"location_geo": Look.SOLID, "nbtrace": Look.DASHED, "sbtrace": Look.DOTTED}
# What an event list holds happened here and there; a line would join what has no way between.
EVENTS = "event_list"


@dataclass(frozen=True)
class RangeMap:
    """The records of a range of time, drawn, and as rows of a table."""

    count: int
    drawing: Drawing
    rows: Sequence[PositionsRow]

    @property
    def tracks(self) -> Sequence[Track]:
        """Geographic location and both b-traces."""
        return self.drawing.tracks

    @property
    def unplaced(self) -> list[tuple[str, int]]:
        """Which locations are missing, and in how many records."""
        missing = [(track.label, self.count - len(track)) for track in self.tracks]
        return [(label, count) for label, count in missing if count]


def range_map(
    *, client: AuroraX, source: DataSource, start: datetime, end: datetime, of_page: bool = False
) -> RangeMap:
    """What AuroraX holds from `start` to `end`, both inclusive. Up to two days are one request to it, and none for the map
    `of_page` that has just listed them.
    """
    search = client.ephemeris.just_found if of_page else client.ephemeris.search
    records = list(search(source, start, end))
    tracks = tracks_of(records, is_joined=source.source_type != EVENTS)
    return RangeMap(len(records), maps.draw(tracks), maps.rows(tracks))


def tracks_of(records: Sequence[EphemerisRecord], *, is_joined: bool = True) -> list[Track]:
    """The three tracks of records in order of time."""
    times = np.array([int(record.epoch.timestamp()) for record in records], dtype=np.int64)
    tracks = []
    for name, look in LOOKS.items():
        # None becomes NaN, which a track leaves out. A flat list is read five times as fast as one of pairs.
        angles = list(chain.from_iterable([getattr(record, name) for record in records]))
        lats, lons = np.array(angles, dtype=np.float64).reshape(-1, 2).T
        track = Track.of(
            name, LOCATION_LABELS[name], look, times=times, lats=lats, lons=lons, is_joined=is_joined
        )
        tracks.append(track)
    return tracks


def last_day(*, client: AuroraX, source: DataSource) -> datetime | None:
    """The beginning of the last day with records (UTC), None when there are none."""
    stats = client.sources.get(source.identifier, include_stats=True).stats
    latest = stats.latest_ephemeris_loaded if stats else None
    return datetime.combine(latest.astimezone(UTC), time(), UTC) if latest else None
