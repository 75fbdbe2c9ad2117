"""B-traces of ground-based instruments: empty ones filled where somebody has said so, given ones compared with what is computed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from apps.aurorax import DataSource, times
from apps.aurorax.records import GROUND
from apps.geomagnetism import aacgm
from apps.geomagnetism.traces import TraceReason, Traces, degrees_apart, traces
from apps.validation import rules
from apps.validation.questions import Question
from apps.validation.row import Record
from apps.validation.rules import Rule
from apps.validation.value_formats import ValueFormats

QUESTION = "b-traces"  # in `Dialect.answers`
CHECK, FILL, AS_GIVEN = "check", "fill", "as given"
CHOICES = {
    CHECK: "Empty ones stay empty; a warning where a given one is far from the computed",
    FILL: "Empty ones are computed; a warning where a given one is far from the computed",
    AS_GIVEN: "They are sent as the file has them, and not looked at",
}
PLACE, NORTH, SOUTH = "location_geo", "nbtrace", "sbtrace"
NAMES = (NORTH, SOUTH)
REASONS: Mapping[TraceReason, Rule] = {
    TraceReason.YEARS: rules.TRACE_YEARS,
    TraceReason.UNDEFINED: rules.TRACE_UNDEFINED,
    TraceReason.HEMISPHERE: rules.TRACE_HEMISPHERE,
}
# What moves more than this within a batch is no site: it is only looked at when somebody asks for traces.
FEW_PLACES = 20
Remark = tuple[Rule, str, pl.Series, pl.Series]  # column, its rows, and what stands there


class Traced(NamedTuple):
    """Columns with traces filled, and what there is to say of them."""

    places: pl.DataFrame
    remarks: Sequence[Remark]


def question(source: DataSource, columns: Sequence[str]) -> Question | None:
    """What can be chosen for a file with these columns; None where there are no traces to compute."""
    if source.source_type != GROUND or f"{PLACE}.lat" not in columns:
        return None
    how = f"Computed by AuroraX's rule with {aacgm.name()}, AACGM-v2, for the place and the time of each record."
    text = f"B-traces of this site. {how if aacgm.is_installed() else aacgm.MISSING}"
    return Question(QUESTION, text, CHOICES, default=CHECK)


class BTraces:
    """Those of one file."""

    def __init__(self, source: DataSource, value_formats: ValueFormats) -> None:
        chosen = value_formats.answers.get(QUESTION)
        self._tolerance = value_formats.tolerance
        is_asked = chosen == FILL
        self._is_ground = source.source_type == GROUND and chosen != AS_GIVEN
        self.fills = self._is_ground and is_asked
        self._most_places = None if is_asked else FEW_PLACES

    def looks_at(self, names: Sequence[str]) -> bool:
        """Whether there is anything to do for records that have these locations."""
        return self._is_ground and PLACE in names and (self.fills or not {*NAMES}.isdisjoint(names))

    def of_columns(self, places: pl.DataFrame, minutes: pl.Series) -> Traced:
        """Many records: `places` has a column for each angle, null where there is none."""
        sites = _sites(places, minutes, self._most_places)
        if sites is None:
            return Traced(places, ())
        if not aacgm.is_installed():
            return Traced(places, [*self._not_here(places, sites)])
        rows = sites.to_numpy()
        lat, lon = (places[f"{PLACE}.{part}"].to_numpy()[rows] for part in ("lat", "lon"))
        seconds = minutes.to_numpy()[rows].astype("datetime64[s]").astype(np.int64)
        computed, remarks = traces(lat, lon, seconds), list[Remark]()
        for name in NAMES:
            found = _Column(name, places, rows, computed)
            remarks += found.differing(self._tolerance)
            if self.fills:
                places, filled = found.filled()
                remarks += filled
        return Traced(places, remarks)

    def of_record(self, record: Record) -> Iterator[tuple[Rule, str, object]]:
        """One record: rules with their columns and what stands there. Fills its empty traces."""
        if not record["epoch"] or not self.looks_at([*record]):
            return
        columns = {
            f"{name}.{part}": (record.get(name) or {}).get(part)
            for name in (PLACE, *NAMES)
            for part in ("lat", "lon")
        }
        places = pl.DataFrame(
            {name: [value] for name, value in columns.items()}, dict.fromkeys(columns, pl.Float64)
        )
        minute = times.parse(record["epoch"]).replace(tzinfo=None)
        traced = self.of_columns(places, pl.Series([minute], dtype=pl.Datetime("us")))
        for rule, column, rows, shown in traced.remarks:
            if rows[0]:
                yield rule, column, shown[0]
            if rows[0] and rule is rules.TRACE_FILLED:
                name = column.removesuffix(".lat")
                record[name] = {part: traced.places[f"{name}.{part}"][0] for part in ("lat", "lon")}

    def _not_here(self, places: pl.DataFrame, sites: pl.Series) -> Iterator[Remark]:
        for name in NAMES if self.fills else ():
            is_empty = places[f"{name}.lat"].is_null() if f"{name}.lat" in places.columns else sites
            yield rules.TRACE_NOT_HERE, f"{name}.lat", sites & is_empty, places[f"{PLACE}.lat"]


class _Column:
    """One of the two traces; `rows` are those of the batch that were computed."""

    def __init__(self, name: str, places: pl.DataFrame, rows: np.ndarray, computed: Traces) -> None:
        self._name, self._places, self._rows = name, places, rows
        is_north = name == NORTH
        self._lat = self._spread(computed.north_lats if is_north else computed.south_lats)
        self._lon = self._spread(computed.north_lons if is_north else computed.south_lons)
        self._reasons = self._spread(computed.reasons.astype(np.float64))
        self._given_lat, self._given_lon = (
            places[column].to_numpy().astype(np.float64) if column in places.columns else self._spread(np.nan)
            for column in (f"{name}.lat", f"{name}.lon")
        )

    def _spread(self, values: np.ndarray | float) -> np.ndarray:
        found = np.full(len(self._rows), np.nan)
        found[self._rows] = values
        return found

    def differing(self, tolerance: float) -> Iterator[Remark]:
        """Where a given trace is far from the computed."""
        both = np.isfinite(self._given_lat) & np.isfinite(self._given_lon) & ~np.isnan(self._lat)
        if not both.any():
            return
        places = (each[both] for each in (self._given_lat, self._given_lon, self._lat, self._lon))
        apart = np.full(len(both), np.nan)
        apart[both] = degrees_apart(*places)
        far = apart > tolerance
        if far.any():
            yield self._remark(rules.TRACE_DIFFERS, far, self._words(far, apart))

    def filled(self) -> tuple[pl.DataFrame, list[Remark]]:
        """With what is computed in place of what is empty."""
        empty = self._rows & np.isnan(self._given_lat) & np.isnan(self._given_lon)
        known = empty & ~np.isnan(self._lat)
        angles = [("lat", self._given_lat, self._lat), ("lon", self._given_lon, self._lon)]
        columns = [
            pl.Series(f"{self._name}.{part}", np.where(known, computed, given)).fill_nan(None)
            for part, given, computed in angles
        ]
        remarks = [self._remark(rules.TRACE_FILLED, known, columns[0].round(4))]
        for reason, rule in REASONS.items():
            remarks.append(
                self._remark(rule, empty & (self._reasons == reason), self._places[f"{PLACE}.lat"])
            )
        return self._places.with_columns(columns), remarks

    def _remark(self, rule: Rule, rows: np.ndarray, shown: pl.Series) -> Remark:
        return rule, f"{self._name}.lat", pl.Series(rows), shown

    def _words(self, far: np.ndarray, apart: np.ndarray) -> pl.Series:
        frame = pl.DataFrame(
            {"a": self._given_lat, "b": self._given_lon, "c": self._lat, "d": self._lon, "e": apart}
        )
        told = pl.format("{}, {} is {} degrees from {}, {}", "a", "b", "e", "c", "d")
        return frame.with_columns(pl.all().round(4)).select(pl.when(pl.Series(far)).then(told)).to_series()


def _sites(places: pl.DataFrame, minutes: pl.Series, most: int | None) -> pl.Series | None:
    """Rows with a place on the Earth and a time; None where there are none, or more than `most` places."""
    lat, lon = places[f"{PLACE}.lat"], places[f"{PLACE}.lon"]
    rows = (minutes.is_not_null() & lat.is_between(-90, 90) & lon.is_between(-180, 180)).fill_null(
        value=False
    )
    if not rows.any():
        return None
    if most is not None and lat.n_unique() > most:
        return None
    return rows
