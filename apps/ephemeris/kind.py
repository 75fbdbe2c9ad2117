"""The record kind of ephemeris: its columns, its rules, and how AuroraX keeps it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import isnan
from typing import Any, ClassVar, cast

import polars as pl

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import MetadataField
from apps.aurorax.records.rows import EphemerisRow
from apps.aurorax.times import parse
from apps.permissions import Action
from apps.records.types import AnyRow, RecordType
from apps.validation import rules
from apps.validation.batches import BatchResult, BatchValidator, Fields, json_text
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.seen_keys import SeenMinutes
from apps.validation.columns import Column
from apps.validation.row import Record, Row, RowValidator

LOCATIONS = {  # and what people call them
    "location_geo": "the place",
    "location_gsm": "the GSM place",
    "nbtrace": "the northern footprint",
    "sbtrace": "the southern footprint",
}
# Of degrees, that are kept of a longitude turned by 360: a double near 360 tells no more, the rest is float noise.
DECIMALS = 13
NOWHERE: dict[str, float | None] = {"lat": None, "lon": None}


class EphemerisValidator(RowValidator):
    """One minute of an instrument: an epoch and four locations, each whole or absent (API document: Location)."""

    key_column = "epoch"
    optional: ClassVar[Mapping[str, Any]] = {**dict.fromkeys(LOCATIONS, NOWHERE), **RowValidator.optional}
    _columns = tuple((name, f"{name}.lat", f"{name}.lon", name == "location_gsm") for name in LOCATIONS)

    def _ahead(self, column: str) -> timedelta:
        """Orbits are predicted for years, as those of THEMIS are. What stands on the ground needs no prediction."""
        is_on_the_ground = self.source.source_type in ("ground", "event_list")
        return timedelta(days=1) if is_on_the_ground else timedelta(days=3653)

    def _fields(self, row: Row) -> Record:
        record: Record = {"epoch": self._minute(row, "epoch")}
        for name, lat_column, lon_column, is_gsm in self._columns:
            if lat_column in row or lon_column in row:
                record[name] = self._location(row, lat_column, lon_column, is_gsm)
        return record

    def _location(self, row: Row, lat_column: str, lon_column: str, is_gsm: bool) -> dict[str, float | None]:
        """AuroraX takes a location whole or not at all (PyAuroraX: Location)."""
        lat, lon = self._number(row, lat_column), self._number(row, lon_column)
        if lat is None or lon is None:
            if lat is not lon:
                missing = lat_column if lat is None else lon_column
                self._report(rules.ONE_SIDED, missing, row.get(missing))
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
            self._report(rules.LATITUDE, column, lat)
        else:
            self._report(rules.LATITUDE_FOLDED if -180 <= lat <= 180 else rules.GSM_LATITUDE, column, lat)

    def _turned(self, column: str, lon: float) -> float:
        if isnan(lon):
            return lon
        if not -180 <= lon <= 360:
            self._report(rules.LONGITUDE, column, lon)
            return lon
        self._report(rules.LONGITUDE_TURNED, column, lon)
        return round(lon - 360, DECIMALS)


class EphemerisBatchResult(BatchResult):
    """The same for rows that are plainly right."""

    def _fields(self) -> Fields:
        given = [name for name in LOCATIONS if self.batch.gives(name)]
        locations = self._locations(given) if given else {}
        epoch = self._times("epoch")
        json: dict[str, JsonParts] = {"epoch": ['"', epoch.texts, '"'], **locations}
        return Fields(json, key=epoch.texts, first=epoch.minutes, last=epoch.minutes, exact=epoch.exact)

    def _locations(self, given: Sequence[str]) -> dict[str, JsonParts]:
        places = self._numbers([f"{name}.{part}" for name in given for part in ("lat", "lon")])
        self._defer(places.select(pl.any_horizontal([_IS_ODD[name] for name in given])).to_series())
        for name in given:
            places = self._noted(name, places)
        values = json_text.numbers(places)
        return {
            n: json_text.json_object({"lat": values[f"{n}.lat"], "lon": values[f"{n}.lon"]}) for n in given
        }

    def _noted(self, name: str, places: pl.DataFrame) -> pl.DataFrame:
        """Tell of latitudes that AuroraX folds, and turn longitudes over 180."""
        lat, lon = places[f"{name}.lat"], places[f"{name}.lon"]
        if name == "location_gsm":
            self._note(rules.LATITUDE_FOLDED, lat.name, null_is_false((lat > 90) | (lat < -90)), lat)
        if not lon.is_empty() and (lon > 180).any():
            turned = null_is_false(lon > 180)
            self._note(rules.LONGITUDE_TURNED, lon.name, turned, lon)
            places = places.with_columns(lon.zip_with(~turned, (lon - 360).round(DECIMALS)))
        return places


class EphemerisBatchValidator(BatchValidator):
    """Both together, for the rows of a file."""

    result_class = EphemerisBatchResult
    seen_keys_class = SeenMinutes
    spans = {"first": "epoch"}

    def _key_of(self, record: Record) -> tuple[str, str, str]:
        return record["epoch"], record["epoch"], record["epoch"]


def _is_odd(name: str) -> pl.Expr:
    """Neither a place on a sphere nor none at all."""
    lat, lon = pl.col(f"{name}.lat"), pl.col(f"{name}.lon")
    most = 180 if name == "location_gsm" else 90
    is_place = lat.is_between(-most, most) & lon.is_between(-180, 360)
    return ~is_place.fill_null(lat.is_null() & lon.is_null())


_IS_ODD = {name: _is_odd(name) for name in LOCATIONS}


class EphemerisType(RecordType):
    """Ephemeris records, kept by their epoch."""

    slug = "ephemeris"
    label = "Ephemeris"
    noun = "ephemeris record"
    nouns = "ephemeris records"
    key_name = "epoch"
    create = Action.EPHEMERIS_CREATE
    delete_action = Action.EPHEMERIS_DELETE
    row_class = EphemerisRow
    compare_batch_size = 45_000  # about a month
    words = LOCATIONS
    validator_class = EphemerisValidator
    batch_validator_class = EphemerisBatchValidator
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

    def windows(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime, *, whole_source: bool
    ) -> Iterator[list[AnyRow]]:
        """By search, in windows of a month. An epoch is nowhere else than where it is."""
        return cast("Iterator[list[AnyRow]]", client.ephemeris.windows(source, first, last))

    def row_key(self, row: AnyRow) -> str:
        """The epoch."""
        return cast("EphemerisRow", row).epoch

    def day(self, row: AnyRow) -> str:
        """That of the epoch."""
        return cast("EphemerisRow", row).epoch[:10]

    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """AuroraX knows no other way than a range, both ends inclusive."""
        for run in runs:
            client.ephemeris.delete(source, parse(run[0]), parse(run[-1]))

    def canonical(self, record: Record) -> Record:
        """Latitudes folded and longitudes normalised, as AuroraX answers them."""
        return super().canonical(record) | {name: kept(record.get(name)) for name in LOCATIONS}


def kept(location: dict[str, float | None] | None) -> dict[str, float | None]:
    """A location as AuroraX keeps it: latitude over 90 folded to 180 minus it, longitude within -180 to 180.

    Source: the documentation's example, uploaded as 150.25 and answered as 29.75.
    """
    lat, lon = (location or NOWHERE).get("lat"), (location or NOWHERE).get("lon")
    if lat is None or lon is None:
        return NOWHERE
    if abs(lat) > 90:
        lat = (180 if lat > 0 else -180) - lat
    if not -180 < lon <= 180:  # any other stays as it is to the last digit; -180 and 180 are one
        lon = 180 - (180 - lon) % 360
    return {"lat": lat, "lon": lon}


EPHEMERIS = EphemerisType()
