"""Numbers as times: what only a person can say, with the times that come out of it before it is said."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.records.counts import Span
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.time_choices import TimeChoices
from apps.validation import leap_seconds
from apps.validation.time_formats import DECLARED, TimeFormat
from apps.validation.values import InvalidValue, parse_minute
from tests.support.uploads import UploadFile, act
from tests.validation.test_rounding import as_csv, as_json, as_ndjson, as_parquet, as_workbook, read

pytestmark = pytest.mark.any_database

DAY = datetime(2020, 1, 1, tzinfo=UTC)
MINUTES = 1440


def days(first: float) -> Callable[[int], float]:
    return lambda minute: first + minute / MINUTES


# What counts the minutes of 2020-01-01, as the tools write it (`tool-facts`: cdflib 1.3.16, pandas, Octave, xlwt).
COUNTS: dict[TimeFormat, Callable[[int], float]] = {
    TimeFormat.MJD: days(58849),
    TimeFormat.JULIAN_DATE: days(2458849.5),
    TimeFormat.DATENUM: days(737791),
    TimeFormat.EXCEL: days(43831),
    TimeFormat.EXCEL_1904: days(42369),
    TimeFormat.UNIX_DAYS: days(18262),
    TimeFormat.TT2000: lambda minute: 631_108_869_184_000_000 + minute * 60_000_000_000,
    TimeFormat.CDF_EPOCH: lambda minute: 63_745_056_000_000.0 + minute * 60_000,
    TimeFormat.GPS_SECONDS: lambda minute: 1_261_872_018 + minute * 60,
    TimeFormat.UNIX_SECONDS: lambda minute: 1_577_836_800 + minute * 60,
    TimeFormat.UNIX_MILLISECONDS: lambda minute: 1_577_836_800_000 + minute * 60_000,
    TimeFormat.UNIX_MICROSECONDS: lambda minute: 1_577_836_800_000_000 + minute * 60_000_000,
    TimeFormat.UNIX_NANOSECONDS: lambda minute: 1_577_836_800_000_000_000 + minute * 60_000_000_000,
    TimeFormat.DIGITS: lambda minute: int(f"{DAY + timedelta(minutes=minute):%Y%m%d%H%M}"),
}


def epochs(first: int, count: int) -> list[str]:
    return [f"{DAY + timedelta(minutes=minute):%Y-%m-%dT%H:%M:00}" for minute in range(first, first + count)]


@pytest.mark.parametrize("counted", DECLARED)
def test_every_minute_of_a_day_is_the_one_that_is_counted(counted: TimeFormat) -> None:
    content = as_csv([{"epoch": COUNTS[counted](minute)} for minute in range(MINUTES)])
    records, told = read(EPHEMERIS, content, {"epoch": f"epoch as {counted}"})
    assert [record["epoch"] for record in records] == epochs(0, MINUTES)
    assert {slug for slug, _ in told} <= {"float-noise"}


@pytest.mark.parametrize("counted", DECLARED)
@pytest.mark.parametrize("form", [as_csv, as_json, as_ndjson, as_parquet, as_workbook])
def test_in_every_format_and_for_both_kinds(form: Callable[[Any], bytes], counted: TimeFormat) -> None:
    meaning = {name: f"{name} as {counted}" for name in ("epoch", "start", "end")}
    rows = [{"epoch": COUNTS[counted](minute), "lat": 51, "lon": -114} for minute in range(5)]
    assert [record["epoch"] for record in read(EPHEMERIS, form(rows), meaning)[0]] == epochs(0, 5)
    products = [
        {"type": "keogram", "url": f"{n}", "start": COUNTS[counted](n), "end": COUNTS[counted](n + 1)}
        for n in range(5)
    ]
    found = read(PRODUCTS, form(products), meaning)[0]
    assert [record["start"] for record in found] == epochs(0, 5)
    assert [record["end"] for record in found] == epochs(1, 5)


@pytest.mark.parametrize(
    ("counted", "number", "minute"),
    [
        (TimeFormat.TT2000, 536_500_869_184_000_000, "2017-01-01T00:00:00"),
        (TimeFormat.TT2000, 536_500_867_183_000_000, "2016-12-31T23:59:00"),
        (TimeFormat.GPS_SECONDS, 1_167_264_018, "2017-01-01T00:00:00"),
        (TimeFormat.GPS_SECONDS, 1_167_264_016, "2016-12-31T23:59:00"),
        (TimeFormat.GPS_SECONDS, 0, "1980-01-06T00:00:00"),
        (TimeFormat.TT2000, 0, "2000-01-01T11:58:00"),
    ],
)
def test_leap_seconds_are_taken_out(counted: TimeFormat, number: float, minute: str) -> None:
    assert parse_minute(number, counted).text == minute


def test_before_1972_no_count_has_leap_seconds() -> None:
    with pytest.raises(InvalidValue):
        parse_minute(-900_000_000_000_000_000, TimeFormat.TT2000)
    assert [*map(float, range(10_000, 38_000, 1_000))] == leap_seconds.AHEAD


# Proposing a meaning ------------------------------------------------------------------------------------------------------


def choices(header: str, counted: TimeFormat, span: Span | None = None) -> TimeChoices:
    return TimeChoices(EPHEMERIS, {header: [COUNTS[counted](minute) for minute in range(3)]}, span)


@pytest.mark.parametrize("counted", [each for each in DECLARED if each not in (
    TimeFormat.GPS_SECONDS, TimeFormat.UNIX_DAYS, TimeFormat.EXCEL_1904)])  # fmt: skip
def test_the_likely_way_of_counting_is_proposed_with_its_times(counted: TimeFormat) -> None:
    found = choices("time", counted)
    assert found.proposed("time") == f"epoch as {counted}"
    labels = dict(found.of("time", "epoch"))
    assert labels[f"epoch as {counted}"] == (
        f"epoch, as {counted}: 2020-01-01 00:00, 2020-01-01 00:01, 2020-01-01 00:02"
    )


def test_what_could_be_two_things_is_the_one_of_the_years_there_are_records_of() -> None:
    years = Span(date(2019, 1, 1), date(2020, 6, 1))
    assert choices("time", TimeFormat.GPS_SECONDS).proposed("time") == "epoch as Unix seconds"
    assert choices("time", TimeFormat.GPS_SECONDS, years).proposed("time") == "epoch as GPS seconds"
    assert choices("gps_time", TimeFormat.GPS_SECONDS).proposed("gps_time") == "epoch as GPS seconds"


@pytest.mark.parametrize("header", ["lat", "orbit", "counts"])
def test_nothing_is_proposed_for_a_column_whose_name_says_nothing_of_times(header: str) -> None:
    assert choices(header, TimeFormat.MJD).proposed(header) == ""


@pytest.mark.parametrize(
    "numbers",
    [[737791.001, 737791.002], [2458849.5, 2458849.5], [1.57784e12, 1.57784e12], [58849.0007, 58849.0014]],
    ids=["Octave save -ascii", "GDL WRITE_CSV", "mawk", "four decimals"],
)
def test_nothing_is_proposed_where_the_minute_is_lost(numbers: list[float]) -> None:
    found = TimeChoices(EPHEMERIS, {"time": numbers})
    assert found.proposed("time") == ""
    assert len(found.of("time", "epoch")) > 2


def test_which_of_two_times_is_meant_is_not_guessed() -> None:
    assert TimeChoices(PRODUCTS, {"mjd": [58849.0]}).proposed("mjd") == ""
    assert TimeChoices(PRODUCTS, {"start": [58849.0]}).proposed("start") == f"start as {TimeFormat.MJD}"


MJD = [{"mjd": 58849 + minute / MINUTES, "lat": 51, "lon": -114} for minute in range(5)]


@pytest.mark.parametrize("form", [as_csv, as_json, as_ndjson, as_parquet, as_workbook])
def test_nothing_is_decided_before_a_person_has_seen_the_times(
    form: Callable[[Any], bytes], as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(form(MJD))
    assert upload.state == State.NEEDS_COLUMNS
    act(as_owner, upload, "send")
    assert upload.state == State.NEEDS_COLUMNS
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert '<option value="epoch as Modified Julian Date" selected>' in page
    assert "Modified Julian Date: 2020-01-01 00:00, 2020-01-01 00:01, 2020-01-01 00:02" in page
    choose(as_owner, upload, "epoch as Modified Julian Date")
    assert (upload.state, upload.valid) == (State.CHECKED, 5)
    assert [record["epoch"] for record in upload.report.first_records] == epochs(0, 5)


def choose(client: Client, upload: Upload, meaning: str) -> None:
    meanings = {"lat": "location_geo.lat", "lon": "location_geo.lon"}
    posted = {
        f"column-{place}": meanings.get(header, meaning) for place, (header, _) in enumerate(upload.columns)
    }
    client.post(reverse("upload-read", args=[upload.pk]), posted)
    upload.refresh_from_db()


def test_the_choice_is_remembered_and_asked_again_where_it_gives_nonsense(
    as_owner: Client, upload_file: UploadFile
) -> None:
    first = upload_file(as_csv(MJD))
    choose(as_owner, first, "epoch as Modified Julian Date")
    act(as_owner, first, "send")
    following = upload_file(as_csv([row | {"mjd": row["mjd"] + 1} for row in MJD]))
    assert (following.state, following.valid) == (State.CHECKED, 5)
    page = as_owner.get(reverse("upload-detail", args=[following.pk])).content.decode()
    assert '<option value="epoch as Modified Julian Date" selected>' in page
    unix = upload_file(as_csv([row | {"mjd": 1_577_836_800 + 60 * n} for n, row in enumerate(MJD)]))
    assert (unix.state, unix.unknown_headers) == (State.NEEDS_COLUMNS, ["mjd"])


def test_where_the_source_has_records_decides_what_is_proposed(
    as_owner: Client, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(b"epoch,lat,lon\n2020-01-01T00:00:00,51,-114\n"), "send")
    rows = [{"time": 1_261_872_018 + 60 * n, "lat": 51, "lon": -114} for n in range(3)]
    upload = upload_file(as_csv(rows))
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert '<option value="epoch as GPS seconds" selected>' in page
