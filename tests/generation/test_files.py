"""Generated files: a record a minute, and the same bytes for the same input."""

import gzip
import time
from datetime import date

import pytest

from apps.generation import files
from apps.generation.intervals import Interval, merged, minutes_in
from apps.generation.nights import dark_hours

pytestmark = pytest.mark.any_database

MIDNIGHT = 26_297_280  # 2020-01-01T00:00
GILLAM = (56.376723, -94.643664)


def test_there_is_a_row_for_each_minute_with_what_is_said_of_its_interval() -> None:
    spans = [
        Interval(MIDNIGHT + 1438, MIDNIGHT + 1440),
        Interval(MIDNIGHT + 1441, MIDNIGHT + 1441, (("mode", "a, b"),)),
    ]
    assert files.of_site("a", *GILLAM, spans).read().decode().splitlines() == [
        "epoch,location_geo.lat,location_geo.lon,metadata.mode",
        "2020-01-01T23:58:00,56.376723,-94.643664,",
        "2020-01-01T23:59:00,56.376723,-94.643664,",
        "2020-01-02T00:00:00,56.376723,-94.643664,",
        '2020-01-02T00:01:00,56.376723,-94.643664,"a, b"',
    ]


def test_ten_years_of_nights_take_less_than_five_seconds() -> None:
    began = time.process_time()
    nights = merged(dark_hours(*GILLAM, date(2015, 1, 1), date(2024, 12, 31), -12))
    file = files.of_site("nights", *GILLAM, nights)
    assert time.process_time() - began < 5
    content = file.read()
    rows = gzip.decompress(content).count(b"\n") - 1
    assert file.name == "nights.csv.gz"
    assert rows == minutes_in(nights) > 1_000_000


def test_the_same_input_gives_the_same_bytes() -> None:
    nights = merged(dark_hours(*GILLAM, date(2020, 1, 1), date(2020, 12, 31), -12))
    one, other = (files.of_site("nights", *GILLAM, nights) for _ in range(2))
    assert one.name == "nights.csv.gz"  # packed, where a time of packing would tell them apart
    assert one.read() == other.read()


def test_nights_are_when_the_sun_is_low_and_those_of_midsummer_are_none() -> None:
    night = dark_hours(*GILLAM, date(2020, 12, 21), date(2020, 12, 21), -12)
    first, last = (minute - (MIDNIGHT + 355 * 1440) for minute in night[0][:2])
    assert (first, len(night)) == (0, 2)  # local night: it begins before midnight UTC and ends after noon
    assert 12 * 60 < last < 14 * 60
    assert dark_hours(*GILLAM, date(2020, 6, 20), date(2020, 6, 21), -18) == []
    assert dark_hours(78.2, 15.6, date(2020, 12, 20), date(2020, 12, 20), -6) == [
        Interval(MIDNIGHT + 354 * 1440, MIDNIGHT + 355 * 1440 - 1)
    ]


def test_years_that_are_read_in_parts_have_no_seam() -> None:
    polar = merged(dark_hours(89.9, 0, date(2019, 1, 1), date(2020, 12, 31), 90))
    assert minutes_in(polar) == (365 + 366) * 1440
    assert len(polar) == 1
