"""Ephemeris that is right, which nothing is said about, and the ways in which it is not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from apps.validation.unusual import Known, Remark, sun
from apps.validation.unusual.runs import runs_of
from apps.validation.unusual.tracks import WatchedTrack

GILLAM = (56.3767, -94.6437)
ASI = Known("ground", "panchromatic ASI", GILLAM)
SWARM = Known("leo", "footprint")
NIGHT_BEGINS = -9.0  # degrees


def frame(minutes: Any, lat: Any, lon: Any, *, has_gsm: bool = False) -> pl.DataFrame:
    moments = np.asarray(minutes).astype("datetime64[m]").astype("datetime64[us]")
    return pl.DataFrame(
        {"line": np.arange(2, len(moments) + 2, dtype=np.uint32), "first": moments}
    ).with_columns(
        lat=pl.Series(np.broadcast_to(lat, len(moments)), dtype=pl.Float64),
        lon=pl.Series(np.broadcast_to(lon, len(moments)), dtype=pl.Float64),
        has_gsm=pl.lit(has_gsm),
    )


def remarks(records: pl.DataFrame, known: Known, *, rows: int = 5_000) -> Sequence[Remark]:
    track = WatchedTrack()
    for begin in range(0, len(records), rows):
        track.observe(records.slice(begin, rows))
    return WatchedTrack.remarks(track.summary(), known)


def kinds(records: pl.DataFrame, known: Known) -> list[str]:
    return [remark.kind for remark in remarks(records, known)]


def minutes_of(begin: datetime, days: int) -> Any:
    return np.arange(days * 1440) + np.datetime64(begin.replace(tzinfo=None), "m").astype(np.int64)


def nights(days: int = 365, *, place: tuple[float, float] = GILLAM) -> Any:
    """The minutes of the dark hours: what a camera of THEMIS-ASI records in a year."""
    every = minutes_of(datetime(2020, 1, 1, tzinfo=UTC), days)
    return every[sun.elevation(every, np.array(place[0]), np.array(place[1])) < NIGHT_BEGINS]


def orbit(minutes: Any) -> tuple[Any, Any]:
    """Something like Swarm A."""
    phase = 2 * np.pi * minutes / 94.0
    lat = np.degrees(np.arcsin(np.sin(np.radians(87.4)) * np.sin(phase)))
    around = np.degrees(np.arctan2(np.cos(np.radians(87.4)) * np.sin(phase), np.cos(phase)))
    return lat, (around - 0.25 * minutes + 180) % 360 - 180


def flight(days: int = 31) -> pl.DataFrame:
    minutes = minutes_of(datetime(2019, 1, 1, tzinfo=UTC), days)
    return frame(minutes, *orbit(minutes))


def test_a_year_of_a_camera_is_not_remarked_on() -> None:
    dark = nights()
    assert len(dark) > 100_000
    assert kinds(frame(dark, *GILLAM), ASI) == []
    assert kinds(frame(dark, *GILLAM), ASI._replace(runs=runs_of(dark))) == []


def test_a_month_of_a_spacecraft_is_not_remarked_on() -> None:
    assert kinds(flight(), SWARM) == []


def test_what_comes_in_any_order_is_not_remarked_on() -> None:
    records = flight(2)
    shuffled = records.sample(fraction=1.0, shuffle=True, seed=3)
    found = kinds(shuffled, SWARM)
    assert "jumps" not in found
    assert "stands-still" not in found


@pytest.mark.parametrize(
    ("place", "cause"),
    [
        ((GILLAM[1] + 20, GILLAM[0]), ""),
        ((GILLAM[0], -GILLAM[1]), "With the other sign the longitude would fit."),
        ((-GILLAM[0], GILLAM[1]), "With the other sign the latitude would fit."),
        ((-GILLAM[0], -GILLAM[1]), "With the other signs both would fit."),
        ((51.05, -114.07), ""),
    ],
)
def test_a_camera_far_from_its_site_is_told_with_the_distance(place: tuple[float, float], cause: str) -> None:
    [found] = [each for each in remarks(frame(nights(3), *place), ASI) if each.kind == "far-from-site"]
    assert "km from 56.3767, -94.6437" in found.text
    assert found.text.endswith(cause or "this data source.")
    assert found.rows == [2, 3, 4, 5, 6]


def test_exchanged_coordinates_are_recognised() -> None:
    dark, place = nights(3, place=(54.714, -78.0)), (-78.0, 54.714)
    found = remarks(frame(dark, *place), ASI._replace(place=(54.714, -78.0)))[0]
    assert "Exchanged, latitude and longitude would fit." in found.text


def test_a_camera_that_moves_a_few_kilometres_within_its_file_is_told() -> None:
    dark = nights(3)
    lat = np.full(len(dark), GILLAM[0])
    lat[100:110] += 1
    [found] = remarks(frame(dark, lat, GILLAM[1]), ASI)
    assert found.kind == "several-places"
    assert found.count == 10
    assert found.rows == [102, 103, 104, 105, 106]
    assert "111 km" in found.text


def test_the_file_of_a_spacecraft_at_a_camera_is_told() -> None:
    assert "moves" in kinds(flight(1), ASI)


def test_the_file_of_a_camera_at_a_spacecraft_is_told() -> None:
    assert "never-moves" in kinds(frame(nights(3), *GILLAM), SWARM)


@pytest.mark.parametrize("hours", [-7, -1, 1, 6, 12])
def test_a_camera_that_works_by_day_is_told_with_the_hours_that_would_put_it_right(hours: int) -> None:
    dark = nights(60)
    [found] = remarks(frame(dark + hours * 60, *GILLAM), ASI)
    assert found.kind == "daylight"
    assert "A panchromatic ASI works in the dark." in found.text
    assert (
        f"{abs(hours)} hour{'' if abs(hours) == 1 else 's'} {'earlier' if hours > 0 else 'later'},"
        in found.text
    )
    assert found.rows


def test_what_does_not_need_the_dark_may_work_by_day() -> None:
    every = minutes_of(datetime(2020, 6, 1, tzinfo=UTC), 3)
    assert kinds(frame(every, *GILLAM), ASI._replace(instrument_type="ISR")) == []
    assert kinds(frame(every, *GILLAM), ASI) == ["daylight"]


@pytest.mark.parametrize("hours", [-6, -1, 1, 7])
def test_minutes_that_are_off_by_hours_from_what_is_there_are_told(hours: int) -> None:
    dark = nights(10)
    shifted = frame(dark + hours * 60, *GILLAM)
    known = ASI._replace(instrument_type="riometer", runs=runs_of(dark))
    [found] = remarks(shifted, known)
    assert found.kind == "hours-off"
    assert found.detail == str(-hours)
    assert found.text.startswith(f"{abs(hours)} hour{'' if abs(hours) == 1 else 's'} ")


def test_more_nights_than_are_there_are_not_off() -> None:
    dark = nights(20)
    assert kinds(frame(dark, *GILLAM), ASI._replace(runs=runs_of(dark[:5_000]))) == []


def test_a_gsm_place_on_the_ground_is_told() -> None:
    [found] = remarks(frame(nights(2), *GILLAM, has_gsm=True), ASI)
    assert found.kind == "gsm-on-ground"


def test_a_record_every_five_minutes_is_told_with_its_cadence() -> None:
    [found] = remarks(flight(3).gather_every(5), SWARM)
    assert (found.kind, found.detail) == ("cadence", "5")


def test_a_few_missing_minutes_are_told_with_their_rows() -> None:
    records = flight(2)
    missing = records.filter(~pl.col("line").is_between(500, 509) & (pl.col("line") != 1000))
    [found] = remarks(missing, SWARM)
    assert found.kind == "gaps"
    assert found.text.startswith("Minutes are missing in 2 places, up to 10 in a row")
    assert found.rows == [510, 1001]


def test_a_jump_is_told_with_its_rows() -> None:
    records = flight(2)
    wrong = records.with_columns(
        lon=pl.when(pl.col("line") == 700).then(pl.col("lon") + 180).otherwise("lon")
    )
    [found] = [each for each in remarks(wrong, SWARM) if each.kind == "jumps"]
    assert found.rows == [700, 701]
    assert "in 1 minute." in found.text


def test_a_spacecraft_that_stands_still_for_an_hour_is_told() -> None:
    records = flight(2)
    held = pl.col("line").is_between(300, 360)
    still = records.with_columns(
        lat=pl.when(held).then(records["lat"][298]).otherwise("lat"),
        lon=pl.when(held).then(records["lon"][298]).otherwise("lon"),
    )
    assert "stands-still" in kinds(still, SWARM)


def test_records_without_a_place_are_not_remarked_on() -> None:
    minutes = minutes_of(datetime(2020, 1, 1, tzinfo=UTC), 1)
    for known in (ASI, SWARM, Known("event_list", "STEVE")):
        assert kinds(frame(minutes, None, None), known) == []


def test_batches_of_any_size_show_the_same() -> None:
    records = flight(1).with_columns(
        lon=pl.when(pl.col("line") == 700).then(pl.col("lon") + 180).otherwise("lon")
    )
    assert remarks(records, SWARM, rows=1) == remarks(records, SWARM, rows=100) == remarks(records, SWARM)


def test_a_single_record_is_watched_as_a_batch_is() -> None:
    records = [
        {"epoch": f"{datetime(2020, 6, 1, 12, tzinfo=UTC) + timedelta(minutes=at):%Y-%m-%dT%H:%M:00}"}
        | {"location_geo": {"lat": GILLAM[0], "lon": GILLAM[1]}}
        for at in range(30)
    ]
    track = WatchedTrack()
    track.observe_each([*enumerate(records, start=2)])
    assert [remark.kind for remark in WatchedTrack.remarks(track.summary(), ASI)] == ["daylight"]
    assert all(later == earlier + 1 for earlier, later in pairwise(track.summary()["places"][0]["rows"]))
