"""The record kind of ephemeris: its columns, its rules, and how AuroraX keeps it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isnan

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import MetadataField
from apps.permissions import Action
from apps.uploads import cells, rules
from apps.uploads.columns import Column
from apps.uploads.kinds import RecordKind
from apps.uploads.row_check import Record, Row, RowCheck

LOCATIONS = ("location_geo", "location_gsm", "nbtrace", "sbtrace")
NOWHERE: dict[str, float | None] = {"lat": None, "lon": None}


class EphemerisCheck(RowCheck):
    """One minute of an instrument: an epoch and four locations, each whole or absent (API document: Location)."""

    key_column = "epoch"
    _columns = tuple((name, f"{name}.lat", f"{name}.lon", name == "location_gsm") for name in LOCATIONS)

    def _fields(self, row: Row) -> Record:
        record: Record = {"epoch": self._minute(row, "epoch")}
        for name, lat_column, lon_column, is_gsm in self._columns:
            record[name] = self._location(row, lat_column, lon_column, is_gsm)
        return record

    def _key(self, record: Record) -> str:
        return str(record["epoch"])

    def _location(self, row: Row, lat_column: str, lon_column: str, is_gsm: bool) -> dict[str, float | None]:
        """AuroraX takes a location whole or not at all (PyAuroraX: Location)."""
        if plain := cells.plain_location(row.get(lat_column), row.get(lon_column)):
            return {"lat": plain[0], "lon": plain[1]}
        lat, lon = self._number(row, lat_column), self._number(row, lon_column)
        if lat is None or lon is None:
            if lat is not lon:
                missing = lat_column if lat is None else lon_column
                self._tell(rules.ONE_SIDED, missing, row.get(missing))
            return NOWHERE
        if not -90 <= lat <= 90:
            self._check_latitude(lat_column, lat, is_gsm)
        if not -180 <= lon <= 180:
            lon = self._turned(lon_column, lon)
        return {"lat": lat, "lon": lon}

    def _check_latitude(self, column: str, lat: float, is_gsm: bool) -> None:
        """AuroraX folds a GSM latitude over 90, as in the 150.25 of its documentation's own example."""
        if isnan(lat):
            return
        if not is_gsm:
            self._tell(rules.LATITUDE, column, lat)
        else:
            self._tell(rules.LATITUDE_FOLDED if -180 <= lat <= 180 else rules.GSM_LATITUDE, column, lat)

    def _turned(self, column: str, lon: float) -> float:
        if isnan(lon):
            return lon
        if not -180 <= lon <= 360:
            self._tell(rules.LONGITUDE, column, lon)
            return lon
        self._tell(rules.LONGITUDE_TURNED, column, lon)
        return round(lon - 360, 9)


class EphemerisKind(RecordKind):
    """Ephemeris records, kept by their epoch."""

    slug = "ephemeris"
    label = "Ephemeris"
    noun = "ephemeris record"
    nouns = "ephemeris records"
    key_name = "epoch"
    create = Action.EPHEMERIS_CREATE
    check_class = EphemerisCheck
    columns = (
        Column(
            "epoch",
            "UTC, one record a minute",
            "2020-01-01T00:00:00",
            required=True,
            synonyms=(
                "time", "datetime", "date_time", "timestamp", "utc", "ut", "time_utc", "utc_time", "epoch_utc",
                "datetime_utc", "timestamp_utc",
            ),
        ),
        Column(
            "location_geo.lat", "geographic latitude, -90 to 90", 51.049999,
            synonyms=("lat", "latitude", "glat", "geo_lat", "geographic_latitude"),
        ),
        Column(
            "location_geo.lon", "geographic longitude, -180 to 180 or 0 to 360", -114.066666,
            synonyms=("lon", "long", "lng", "longitude", "glon", "geo_lon", "geographic_longitude"),
        ),
        Column("location_gsm.lat", "GSM latitude", 150.25, synonyms=("gsm_lat", "gsm_latitude")),
        Column("location_gsm.lon", "GSM longitude", -10.75, synonyms=("gsm_lon", "gsm_longitude")),
        Column(
            "nbtrace.lat", "latitude of the northern magnetic footprint", 1.23,
            synonyms=("north_btrace_lat", "north_btrace_latitude", "nbtrace_latitude"),
        ),
        Column(
            "nbtrace.lon", "its longitude", 45.6,
            synonyms=("north_btrace_lon", "north_btrace_longitude", "nbtrace_longitude"),
        ),
        Column(
            "sbtrace.lat", "latitude of the southern magnetic footprint", 7.89,
            synonyms=("south_btrace_lat", "south_btrace_latitude", "sbtrace_latitude"),
        ),
        Column(
            "sbtrace.lon", "its longitude", 101.23,
            synonyms=("south_btrace_lon", "south_btrace_longitude", "sbtrace_longitude"),
        ),
    )  # fmt: skip

    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """The metadata schema for ephemeris."""
        return source.ephemeris_metadata_schema

    def key(self, record: Record) -> str:
        """The epoch."""
        return str(record["epoch"])

    def span(self, record: Record) -> tuple[str, str]:
        """The epoch, twice."""
        return record["epoch"], record["epoch"]

    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """POST /data_sources/{identifier}/ephemeris."""
        client.ephemeris.upload(source.identifier, body)

    def stored(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[Record]:
        """By search, in windows of a month."""
        return (record.to_api() for record in client.ephemeris.search(source, first, last))

    def canonical(self, record: Record) -> Record:
        """Latitudes folded and longitudes normalised, as AuroraX answers them."""
        return record | {name: kept(record.get(name)) for name in LOCATIONS}


def kept(location: dict[str, float | None] | None) -> dict[str, float | None]:
    """A location as AuroraX keeps it: latitude over 90 folded to 180 minus it, longitude within -180 to 180.

    Source: the documentation's example, uploaded as 150.25 and answered as 29.75.
    """
    lat, lon = (location or NOWHERE).get("lat"), (location or NOWHERE).get("lon")
    if lat is None or lon is None:
        return NOWHERE
    if abs(lat) > 90:
        lat = (180 if lat > 0 else -180) - lat
    turned = (lon + 180) % 360 - 180
    return {"lat": lat, "lon": 180.0 if turned == -180 else turned}


EPHEMERIS = EphemerisKind()
