"""What the places and minutes of a file's ephemeris records show together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from apps.aurorax.records import GROUND
from apps.aurorax.times import parse
from apps.validation.row import Record
from apps.validation.unusual import sun
from apps.validation.unusual.distances import kilometres
from apps.validation.unusual.ephemeris import SPACE, remarks_of
from apps.validation.unusual.remark import LISTED, Known, Remark
from apps.validation.unusual.runs import BREAK, MOST_RUNS, Run, length, merged, runs_of
from apps.validation.unusual.summaries import Jump, SeenPlace, TrackSummary, as_json
from apps.validation.unusual.watching import Columns, Watched

MOST_PLACES = 20  # of a ground source; what has more of them moves
LEAST_RUN = 60  # minutes: what works for less tells nothing of a shift by hours
MOST_OF_A_DAY = 20 * 60  # minutes: what works longer without a rest has no nights
MOST_STEPS = 50  # lengths of steps that are told apart
FASTEST = 1_000.0  # km a minute: twice what the lowest part of any orbit shows on the ground
SAMPLE = 500  # records of a batch that are held against the Sun
BRIGHT = -3.0  # degrees of the Sun's elevation: no auroral camera works any more
SHIFTS = np.arange(-12, 13)  # hours

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class WatchedTrack(Watched):
    """Minutes and places of ephemeris records; `has_gsm` is whether a GSM place is given."""

    columns: ClassVar[Columns] = {
        "first": pl.Datetime("us"),
        "lat": pl.Float64,
        "lon": pl.Float64,
        "has_gsm": pl.Boolean,
    }

    def __init__(self) -> None:
        self._found = TrackSummary()
        self._steps = Counter[int]()
        self._places = dict[tuple[float, float], SeenPlace]()
        self._last = pl.DataFrame()

    def seen_of(self, record: Record) -> Sequence[Any]:
        """Its minute and places."""
        place, gsm = record.get("location_geo") or {}, record.get("location_gsm") or {}
        moment = parse(record["epoch"]).replace(tzinfo=None)
        return moment, place.get("lat"), place.get("lon"), gsm.get("lat") is not None

    def summary(self) -> dict[str, Any]:
        """As `TrackSummary`."""
        found = self._found
        found.steps = [*self._steps.most_common(MOST_STEPS)]
        found.places = sorted(self._places.values(), key=lambda place: -place.count)
        found.runs = [] if len(found.runs) > MOST_RUNS else merged(found.runs)
        return as_json(found)

    @classmethod
    def remarks(cls, summary: Mapping[str, Any], known: Known) -> Sequence[Remark]:
        """Of the place, the minutes and the way."""
        return remarks_of(msgspec.convert(summary, TrackSummary), known)

    @classmethod
    def judges(cls, source_type: str) -> bool:
        """On the ground and in space; of lists of events nothing is known to be unusual."""
        return source_type in (GROUND, *SPACE)

    @classmethod
    def longest_run(cls, summary: Mapping[str, Any]) -> Run | None:
        """Of an instrument that has nights, the longest one."""
        runs = msgspec.convert(summary, TrackSummary).runs
        longest = max(runs, key=lambda run: run[1] - run[0], default=None)
        return longest if longest and LEAST_RUN <= length([longest]) < MOST_OF_A_DAY else None

    def observe(self, records: pl.DataFrame) -> None:
        """Take up the records of a batch."""
        if records.is_empty():
            return
        self._count_gsm(records)
        seen = records.sort("first") if not records["first"].is_sorted() else records
        # The last of the batch before: a file goes on where it was.
        if len(self._last) and self._last["first"][0] < seen["first"][0]:
            seen = pl.concat([self._last, seen])
        self._found.records += len(records)
        self._last = seen.tail(1)
        lines, minutes = seen["line"].to_numpy(), _minutes(seen["first"])
        lat, lon = (seen[name].fill_null(np.nan).to_numpy() for name in ("lat", "lon"))
        self._note_steps(lines, minutes)
        self._note_places(lines, lat, lon)
        self._note_moves(lines, minutes, lat, lon)
        self._hold_against_the_sun(lines, minutes, lat, lon)

    def _count_gsm(self, records: pl.DataFrame) -> None:
        given = records["has_gsm"]
        if given.any():
            self._found.gsm += int(given.sum())
            self._found.gsm_rows = _more(self._found.gsm_rows, records["line"].filter(given).to_numpy())

    def _note_steps(self, lines: Integers, minutes: Integers) -> None:
        steps = np.diff(minutes)
        if (steps == 1).all():
            self._steps[1] += len(steps)
        elif len(self._steps) < 10 * MOST_STEPS:
            lengths, counts = np.unique(steps[steps > 0], return_counts=True)
            self._steps.update(dict(zip(lengths.tolist(), counts.tolist(), strict=True)))
        gaps = np.flatnonzero(steps > 1)
        self._found.gaps += len(gaps)
        self._found.gap_rows = _more(self._found.gap_rows, lines[gaps + 1])
        if len(self._found.runs) <= MOST_RUNS:
            self._found.runs += runs_of(minutes)

    def _note_places(self, lines: Integers, lat: Numbers, lon: Numbers) -> None:
        """Where they are, to a hundredth of a degree, as long as that is few places."""
        known = ~np.isnan(lat)
        self._found.placed += int(known.sum())
        if self._found.is_moving or not known.any():
            return
        near = np.stack([lat[known].round(2), lon[known].round(2)], axis=1)
        if (near == near[0]).all():
            spots, counts = near[:1], np.array([len(near)])
        else:
            spots, counts = np.unique(near, axis=0, return_counts=True)
        if len(spots) + len(self._places) > MOST_PLACES:
            self._found.is_moving = True
            self._places.clear()
            return
        for (north, east), count in zip(spots.tolist(), counts.tolist(), strict=True):
            before = self._places.get((north, east))
            rows = _more(before.rows if before else [], lines[known][(near == (north, east)).all(axis=1)])
            self._places[north, east] = SeenPlace(north, east, count + (before.count if before else 0), rows)

    def _note_moves(self, lines: Integers, minutes: Integers, lat: Numbers, lon: Numbers) -> None:
        """Steps that are too wide, and places that stay the same where everything moves."""
        if not self._found.is_moving or len(lat) < 2:
            return
        steps = np.diff(minutes)
        ways = kilometres(lat[:-1], lon[:-1], lat[1:], lon[1:])
        close = (steps > 0) & (steps <= BREAK)
        jumps = np.flatnonzero(close & (ways > FASTEST * steps))
        self._found.jumps += len(jumps)
        for at in jumps[: LISTED - len(self._found.jumps_listed)].tolist():
            self._found.jumps_listed.append(Jump(int(lines[at + 1]), round(float(ways[at])), int(steps[at])))
        still = np.flatnonzero(close & (ways == 0))
        self._found.still += len(still)
        self._found.still_rows = _more(self._found.still_rows, lines[still + 1])

    def _hold_against_the_sun(self, lines: Integers, minutes: Integers, lat: Numbers, lon: Numbers) -> None:
        """How many of a sample are in daylight, as they are and with the times shifted by hours."""
        known = np.flatnonzero(~np.isnan(lat))
        chosen = known[:: max(1, len(known) // SAMPLE)]
        if not len(chosen):
            return
        # The Earth turns; that the Sun moves on by half a degree in twelve hours does not count here.
        turned = lon[chosen] + 15 * SHIFTS[:, None]
        bright = sun.elevation(minutes[chosen], lat[chosen], turned) > BRIGHT
        self._found.sampled += len(chosen)
        self._found.bright = (np.array(self._found.bright) + bright.sum(axis=1)).tolist()
        as_written = bright[len(SHIFTS) // 2]
        self._found.bright_rows = _more(self._found.bright_rows, lines[chosen[as_written]])


def _minutes(moments: pl.Series) -> Integers:
    return moments.dt.epoch("s").to_numpy() // 60


def _more(rows: Sequence[int], found: npt.NDArray[Any]) -> list[int]:
    """The first few of the rows, and of more of them."""
    return [*rows, *found[: LISTED - len(rows)].tolist()]
