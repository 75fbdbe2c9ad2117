"""The rules for rows of ephemeris: one row at a time, and many at once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from math import isnan
from typing import Any, ClassVar

import polars as pl

from apps.aurorax.records import GROUND
from apps.ephemeris.btraces import NAMES, BTraces
from apps.validation import rules
from apps.validation.batches import BatchResult, BatchValidator, Fields, json_text
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.seen_keys import SeenMinutes
from apps.validation.row import Record, Row, RowPart, RowValidator
from apps.validation.unusual.tracks import WatchedTrack

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.btraces = BTraces(self.source, self.value_formats)

    def _ahead(self, column: str) -> timedelta:
        """Orbits are predicted for years, as those of THEMIS are. What stands on the ground needs no prediction."""
        is_on_the_ground = self.source.source_type in (GROUND, "event_list")
        return timedelta(days=1) if is_on_the_ground else timedelta(days=3653)

    def _fields(self, row: Row) -> Record:
        record: Record = {"epoch": self._minute(row, "epoch")}
        for name, lat_column, lon_column, is_gsm in self._columns:
            if lat_column in row or lon_column in row:
                record[name] = self._location(row, lat_column, lon_column, is_gsm)
        return record

    def _complete(self, record: Record) -> None:
        """Its b-traces."""
        for rule, column, value in self.btraces.of_record(record):
            self._report(rule, column, value)

    def _own_parts(self) -> Sequence[RowPart]:
        places = [
            RowPart((lat, lon), partial(self._location, lat_column=lat, lon_column=lon, is_gsm=is_gsm))
            for _, lat, lon, is_gsm in self._columns
        ]
        return RowPart(("epoch",), partial(self._minute, column="epoch")), *places

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

    _rows: EphemerisValidator

    def _fields(self) -> Fields:
        given = [name for name in LOCATIONS if self.batch.gives(name)]
        places = self._places(given)
        epoch = self._times("epoch")
        watched = self._watched(epoch.minutes, places)
        locations = self._locations(self._traced(given, places, epoch.minutes))
        json: dict[str, JsonParts] = {"epoch": ['"', epoch.texts, '"'], **locations}
        return Fields(json, epoch.texts, epoch.minutes, epoch.minutes, exact=epoch.exact, watched=watched)

    def _watched(self, minutes: pl.Series, places: pl.DataFrame) -> dict[str, pl.Series]:
        """What a `WatchedTrack` sees."""
        nowhere = pl.Series([None], dtype=pl.Float64).new_from_index(0, len(minutes))
        lat, lon, gsm = (
            places[name] if name in places.columns else nowhere
            for name in ("location_geo.lat", "location_geo.lon", "location_gsm.lat")
        )
        return {"first": minutes, "lat": lat, "lon": lon, "has_gsm": gsm.is_not_null()}

    def _places(self, given: Sequence[str]) -> pl.DataFrame:
        """Columns of angles of these locations."""
        if not given:
            return pl.DataFrame()
        places = self._numbers([f"{name}.{part}" for name in given for part in ("lat", "lon")])
        for odd in places.select(_IS_ODD[name] for name in given):
            self._defer(odd, odd.name)
        for name in given:
            places = self._noted(name, places)
        return places

    def _traced(self, given: Sequence[str], places: pl.DataFrame, minutes: pl.Series) -> pl.DataFrame:
        """With empty traces filled, where that was chosen. A row that has none to give stays without the member."""
        if not self._rows.btraces.looks_at(given):
            return places
        places, remarks = self._rows.btraces.of_columns(places, minutes)
        for remark in remarks:
            self._note_where_right(*remark)
        for name in NAMES:
            if name in given or f"{name}.lat" not in places.columns:
                continue
            without = places[f"{name}.lat"].is_null()
            if without.all():
                places = places.drop(f"{name}.lat", f"{name}.lon")
            else:
                self._defer(without, f"{name}.lat")
        return places

    def _locations(self, places: pl.DataFrame) -> dict[str, JsonParts]:
        values = json_text.numbers(places) if places.width else {}
        return {
            name: json_text.json_object({"lat": values[f"{name}.lat"], "lon": values[f"{name}.lon"]})
            for name in LOCATIONS
            if f"{name}.lat" in values
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
    watched_class = WatchedTrack
    spans = {"first": "epoch"}

    def _key_of(self, record: Record) -> tuple[str, str, str]:
        return record["epoch"], record["epoch"], record["epoch"]


def _is_odd(name: str) -> pl.Expr:
    """Neither a place on a sphere nor none at all."""
    lat, lon = pl.col(f"{name}.lat"), pl.col(f"{name}.lon")
    most = 180 if name == "location_gsm" else 90
    is_place = lat.is_between(-most, most) & lon.is_between(-180, 360)
    return (~is_place.fill_null(lat.is_null() & lon.is_null())).alias(f"{name}.lat")


_IS_ODD = {name: _is_odd(name) for name in LOCATIONS}
