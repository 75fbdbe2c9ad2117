"""The record type of ephemeris: its columns, its rules, and how AuroraX keeps it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from apps.aurorax import AuroraX, DataSource, DataSourceStats, times
from apps.aurorax.records import MetadataField
from apps.aurorax.records.rows import EphemerisRow, Place
from apps.aurorax.times import TimeSpan
from apps.ephemeris import btraces
from apps.ephemeris.counts import EphemerisCounts
from apps.ephemeris.validators import LOCATIONS, NOWHERE, EphemerisBatchValidator, EphemerisValidator
from apps.permissions import Action
from apps.records.actions import Actions
from apps.records.deletion_scope import DeletionScope
from apps.records.metadata import cell
from apps.records.record_type import RecordTypeOf
from apps.validation.columns import Column
from apps.validation.questions import Question
from apps.validation.row import Record

LONG = timedelta(days=366)  # a range longer than this is first narrowed to where there are records


class EphemerisType(RecordTypeOf[EphemerisRow]):
    """Ephemeris records, kept by their epoch."""

    slug = "ephemeris"
    api_name = "ephemeris"
    label = "Ephemeris"
    noun = "ephemeris record"
    nouns = "ephemeris records"
    key_name = "epoch"
    words = LOCATIONS
    beforehand: ClassVar[Mapping[str, Collection[str]]] = {btraces.QUESTION: btraces.CHOICES}
    actions = Actions(Action.EPHEMERIS_CREATE, Action.EPHEMERIS_UPDATE, Action.EPHEMERIS_DELETE)
    counts = EphemerisCounts()
    day_query = "day={day}"
    key_is_time = True
    stands_still = True
    deletes_by_key = False
    row_class = EphemerisRow
    compare_batch_size = 90_000  # two months: of one, and of the chunks that reach beyond its ends
    validator_class = EphemerisValidator
    batch_validator_class = EphemerisBatchValidator
    summary: ClassVar[Mapping[str, Callable[[EphemerisRow], str]]] = {
        "Epoch (UTC)": lambda row: row.epoch,
        "Geographic": lambda row: place(row.location_geo),
        "Metadata": lambda row: str(cell(row.metadata or None)),
    }
    columns = (
        Column(
            "epoch",
            "UTC, one record a minute",
            "2020-01-01T00:00:00",
            required=True,
            holds="time",
            synonyms=(
                "time", "datetime", "date_time", "timestamp", "utc", "ut", "time_utc", "utc_time", "epoch_utc",
                "datetime_utc", "timestamp_utc",
            ),
        ),
        Column(
            "location_geo.lat", "geographic latitude, -90 to 90", 51.049999, holds="number",
            synonyms=("lat", "latitude", "glat", "geo_lat", "geographic_latitude"),
        ),
        Column(
            "location_geo.lon", "geographic longitude, -180 to 180 or 0 to 360", -114.066666, holds="number",
            synonyms=("lon", "long", "lng", "longitude", "glon", "geo_lon", "geographic_longitude"),
        ),
        Column("location_gsm.lat", "GSM latitude", 150.25, holds="number", synonyms=("gsm_lat", "gsm_latitude")),
        Column("location_gsm.lon", "GSM longitude", -10.75, holds="number", synonyms=("gsm_lon", "gsm_longitude")),
        Column(
            "nbtrace.lat", "latitude of the northern magnetic footprint", 1.23, holds="number",
            synonyms=("north_btrace_lat", "north_btrace_latitude", "nbtrace_latitude"),
        ),
        Column(
            "nbtrace.lon", "its longitude", 45.6, holds="number",
            synonyms=("north_btrace_lon", "north_btrace_longitude", "nbtrace_longitude"),
        ),
        Column(
            "sbtrace.lat", "latitude of the southern magnetic footprint", 7.89, holds="number",
            synonyms=("south_btrace_lat", "south_btrace_latitude", "sbtrace_latitude"),
        ),
        Column(
            "sbtrace.lon", "its longitude", 101.23, holds="number",
            synonyms=("south_btrace_lon", "south_btrace_longitude", "sbtrace_longitude"),
        ),
    )  # fmt: skip

    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """The metadata schema for ephemeris."""
        return source.ephemeris_metadata_schema

    def key(self, row: EphemerisRow) -> str:
        """The epoch."""
        return row.epoch

    def offers(self, source: DataSource, columns: Sequence[str]) -> Sequence[Question]:
        """What becomes of b-traces."""
        found = btraces.question(source, columns)
        return [found] if found else []

    def span(self, row: EphemerisRow) -> tuple[str, str]:
        """The epoch, twice."""
        return row.epoch, row.epoch

    def name_of(self, row: EphemerisRow) -> str:
        """By its time."""
        return f"of {row.epoch.replace('T', ' ')} UTC"

    def canonical(self, row: EphemerisRow) -> EphemerisRow:
        """Latitudes folded and longitudes normalised, as AuroraX answers them."""
        locations = {name: kept(getattr(row, name)) for name in LOCATIONS}
        return msgspec.structs.replace(super().canonical(row), **locations)

    def record_of(self, row: EphemerisRow) -> Record:
        """A location that is not there has both members too."""
        record = super().record_of(row)
        for name in LOCATIONS:
            if record[name] is None:
                record[name] = dict(NOWHERE)
        return record

    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """POST /data_sources/{identifier}/ephemeris."""
        client.ephemeris.upload(source.identifier, body)

    def windows(
        self, client: AuroraX, source: DataSource, spans: Iterable[TimeSpan], *, whole_source: bool = False
    ) -> list[TimeSpan]:
        """Of a month at most. An epoch is nowhere else than where it is."""
        return [month for span in spans for month in times.months(*span)]

    def search_window(
        self, client: AuroraX, source: DataSource, window: TimeSpan
    ) -> Callable[[], list[EphemerisRow]]:
        """POST /ephemeris/search, or search_synchronous."""
        return client.ephemeris.window(source, *window)

    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """AuroraX knows no other way than a range, both ends inclusive."""
        for run in runs:
            client.ephemeris.delete(source, times.parse(run[0]), times.parse(run[-1]))

    def spans_meant(self, client: AuroraX, source: DataSource, scope: DeletionScope) -> Sequence[TimeSpan]:
        """The days that are known, else from start to end without the years that AuroraX knows to be empty."""
        if scope.days:
            return scope.days
        if scope.end - scope.start <= LONG:
            return [(scope.start, scope.end)]
        return [_with_records(client, source, scope.start, scope.end)]


def kept(location: Place | None) -> Place:
    """A location as AuroraX keeps it: latitude over 90 folded to 180 minus it, longitude within -180 to 180.

    Source: the documentation's example, uploaded as 150.25 and answered as 29.75.
    """
    if location is None or location.lat is None or location.lon is None:
        return Place()
    lat, lon = location.lat, location.lon
    if abs(lat) > 90:
        lat = (180 if lat > 0 else -180) - lat
    if not -180 < lon <= 180:  # any other stays as it is to the last digit; -180 and 180 are one
        lon = 180 - (180 - lon) % 360
    return Place(lat, lon)


def place(location: Place | None) -> str:
    """Latitude and longitude as text; nothing for no location."""
    return " ".join(str(part) for part in (kept(location).lat, kept(location).lon) if part is not None)


def _with_records(client: AuroraX, source: DataSource, start: datetime, end: datetime) -> TimeSpan:
    """The part of a long range that can hold records, by the source's own first and last."""
    stats = client.sources.get(source.identifier, include_stats=True).stats or DataSourceStats()
    return max(start, stats.earliest_ephemeris_loaded or end), min(end, stats.latest_ephemeris_loaded or end)


EPHEMERIS = EphemerisType()
