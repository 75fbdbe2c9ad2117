"""Times that cannot be meant are told of, or asked about, before anything is sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation import rules
from tests.support.uploads import UploadFile, act
from tests.validation.test_rounding import (
    FORMS,
    answer,
    as_csv,
    as_json,
    as_ndjson,
    as_parquet,
    as_workbook,
    read,
)

pytestmark = pytest.mark.any_database

CASES = Path(__file__).parents[1] / "cases"
NOW = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0)


def minutes(first: datetime, count: int) -> list[str]:
    return [(first + timedelta(minutes=n)).isoformat() for n in range(count)]


def told(times: list[str], source_type: str = "") -> dict[str, int]:
    """How often each finding is made in a file of these epochs."""
    content = as_csv([{"epoch": each} for each in times])
    return {slug: count for (slug, _), count in read(EPHEMERIS, content, None, source_type)[1].items()}


# Far from all others -----------------------------------------------------------------------------------------------------


def test_a_receiver_that_was_reset_is_a_warning_with_its_row(upload_file: UploadFile) -> None:
    upload = upload_file((CASES / "n_gps_epoch.csv").read_bytes())
    assert (upload.state, upload.rows, upload.valid) == (State.CHECKED, 11, 11)
    (problem,) = upload.problems.all()
    assert (problem.slug, problem.severity, problem.column, problem.count) == ("far", "warning", "epoch", 1)
    (example,) = problem.examples
    assert (example["line"], example["value"]) == (2, "1980-01-06T00:00:00")


DAY = minutes(datetime(2021, 2, 1), 1440)  # noqa: DTZ001
WINTERS = [time for year in range(2008, 2018) for time in minutes(datetime(year, 11, 1), 100)]  # noqa: DTZ001
YEARS = [f"{year}-06-01T00:00:00" for year in range(1990, 2021)]
DAYS = [(datetime(2008, 1, 1) + timedelta(days=n)).isoformat() for n in range(4000)]  # noqa: DTZ001


@pytest.mark.parametrize("rest", [DAY, WINTERS, DAYS, DAY[:5]], ids=["day", "winters", "years", "five rows"])
@pytest.mark.parametrize("place", [0, 3, -1])
@pytest.mark.parametrize("odd", ["1980-01-06T00:00:00", "2026-05-01T00:00:00"])
def test_one_time_far_from_all_others_is_found_wherever_it_stands(
    rest: list[str], place: int, odd: str
) -> None:
    times = [*rest]
    times.insert(place if place >= 0 else len(times), odd)
    assert told(times) == {rules.FAR.slug: 1}


@pytest.mark.parametrize(
    "times", [DAY, WINTERS, YEARS, DAYS, [*DAY, *WINTERS], DAY[:1], [DAY[0], WINTERS[0]]]
)
def test_campaigns_and_series_with_gaps_are_nothing_unusual(times: list[str]) -> None:
    assert told(times) == {}


def test_far_rows_are_found_across_blocks_and_all_of_them_counted() -> None:
    odd = minutes(datetime(1980, 1, 6), 300)  # noqa: DTZ001
    rows = minutes(datetime(2015, 1, 1), 50_000)  # noqa: DTZ001
    assert told([*rows[:30_000], *odd, *rows[30_000:]]) == {rules.FAR.slug: 300}


@pytest.mark.parametrize("form", FORMS)
def test_far_rows_are_found_in_every_format(form: str) -> None:
    minute, day = 60_000_000_000, 86_400_000_000_000
    times = [3_657 * day, *(18_659 * day + n * minute for n in range(50))]
    assert read(EPHEMERIS, FORMS[form](times))[1] == {(rules.FAR.slug, "epoch"): 1}


# Too early, too late -----------------------------------------------------------------------------------------------------


def test_times_before_1957_are_warnings() -> None:
    assert told(["1956-12-31T23:59:00", "1957-01-01T00:00:00"]) == {rules.EARLY.slug: 1}
    assert told(["1956-12-31 23:59", "1957-01-01 00:00"]) == {rules.EARLY.slug: 1}


@pytest.mark.parametrize(
    ("source_type", "days", "is_told"),
    [
        ("heo", 5 * 366, False), ("leo", 5 * 366, False), ("lunar", 5 * 366, False), ("", 5 * 366, False),
        ("heo", 11 * 366, True), ("ground", 0, False), ("ground", 3, True), ("event_list", 3, True),
    ],
)  # fmt: skip
def test_how_far_ahead_an_epoch_may_be_depends_on_the_source(
    source_type: str, days: int, is_told: bool
) -> None:
    times = minutes(NOW + timedelta(days=days), 3)
    assert told(times, source_type) == ({rules.FUTURE.slug: 3} if is_told else {})


@pytest.mark.parametrize("form", [as_csv, as_json, as_parquet, as_workbook])
def test_a_keogram_of_the_future_is_a_warning(form: object) -> None:
    def row(start: datetime, end: datetime) -> dict[str, str]:
        return {
            "type": "keogram",
            "url": end.isoformat(),
            "start": start.isoformat(),
            "end": end.isoformat(),
        }

    tomorrow = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    today = row(tomorrow - timedelta(days=1), tomorrow - timedelta(minutes=1))
    month = row(tomorrow - timedelta(days=1), tomorrow + timedelta(days=29))
    late = row(NOW + timedelta(days=40), NOW + timedelta(days=41))
    assert read(PRODUCTS, form([today, month]))[1] == {}  # type: ignore[operator]
    found = read(PRODUCTS, form([today, late]))[1]  # type: ignore[operator]
    assert found == {(rules.FUTURE.slug, "start"): 1, (rules.FUTURE.slug, "end"): 1}


def test_a_keogram_of_2091_is_sent_all_the_same_and_its_line_is_listed(upload_file: UploadFile) -> None:
    content = as_csv([
        {"type": "keogram", "url": "a", "start": "2091-01-01T00:00:00", "end": "2091-01-01T23:59:00"},
    ])  # fmt: skip
    upload = upload_file(content, kind="products")
    assert (upload.state, upload.valid) == (State.CHECKED, 1)
    assert [(each.slug, each.severity, each.column) for each in upload.problems.all()] == [
        ("future", "warning", "start"), ("future", "warning", "end"),
    ]  # fmt: skip
    with upload.problem_list.open("rt") as listing:
        assert listing.read().count("2091-01-01") == 2


# A remembered choice that makes no sense ------------------------------------------------------------------------------------


def unix(first: float, step: float, count: int = 20) -> bytes:
    return as_csv([{"moment": f"{first + n * step:.10g}", "lat": 51, "lon": -114} for n in range(count)])


def choose(client: Client, upload: Upload, meaning: str) -> None:
    columns = {"column-0": meaning, "column-1": "location_geo.lat", "column-2": "location_geo.lon"}
    client.post(reverse("upload-read", args=[upload.pk]), columns)
    upload.refresh_from_db()


@pytest.mark.parametrize(
    "content",
    [
        unix(18_262, 1 / 1440), unix(58_849, 1 / 1440), unix(1_577_836_800_000, 60_000), unix(26_297_280, 1),
        as_csv([{"moment": f"2020-01-01T00:0{n}:00", "lat": 51, "lon": -114} for n in range(9)]),
    ],
    ids=["days", "mjd", "milliseconds", "minutes", "text"],
)  # fmt: skip
def test_unix_seconds_that_give_nonsense_this_time_are_asked_about_again(
    content: bytes, as_owner: Client, upload_file: UploadFile
) -> None:
    first = upload_file(unix(1_577_836_800, 60))
    choose(as_owner, first, "epoch as Unix seconds")
    act(as_owner, first, "send")
    assert upload_file(unix(1_577_923_200, 60)).state == State.CHECKED
    upload = upload_file(content)
    assert upload.state == State.NEEDS_COLUMNS
    assert upload.unknown_headers == ["moment"]
    page = act(as_owner, upload, "send")
    assert upload.state == State.NEEDS_COLUMNS
    assert "“moment” would hold times that cannot be meant" in page


def test_the_answer_counts_whatever_it_is(as_owner: Client, upload_file: UploadFile) -> None:
    first = upload_file(unix(1_577_836_800, 60))
    choose(as_owner, first, "epoch as Unix seconds")
    act(as_owner, first, "send")
    upload = upload_file(unix(1_577_923_200_000, 60_000))
    choose(as_owner, upload, "epoch as Unix seconds")
    assert (upload.state, upload.valid) == (State.CHECKED, 0)
    choose(as_owner, upload, "epoch as Unix milliseconds")
    assert (upload.state, upload.valid) == (State.CHECKED, 20)
    assert upload.report.first_records[1]["epoch"] == "2020-01-02T00:01:00"


def test_unix_times_in_1970_are_a_warning_when_somebody_has_just_said_so(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(unix(1_577_836, 60))
    choose(as_owner, upload, "epoch as Unix seconds")
    assert (upload.state, upload.valid) == (State.CHECKED, 20)
    assert ("early", 20) in [(each.slug, each.count) for each in upload.problems.all()]


# Year, day, month ------------------------------------------------------------------------------------------------------------

YDM = (CASES / "o_ydm.csv").read_bytes()


@pytest.mark.parametrize("content", [YDM, YDM.replace(b"/", b"-")], ids=["slashes", "dashes"])
def test_year_day_month_is_found_over_the_whole_column_and_never_half_accepted(
    content: bytes, as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(content)
    assert upload.state == State.NEEDS_COLUMNS
    page = act(as_owner, upload, "send")
    assert upload.state == State.NEEDS_COLUMNS
    assert "5 dates of this file do not exist as year, month, day" in page
    assert "line 2: 3 August 2021, or 8 March 2021" in page
    answer(as_owner, upload, date_order="year, day, month")
    assert (upload.state, upload.valid) == (State.CHECKED, 10)
    assert [record["epoch"][:10] for record in upload.report.first_records] == [
        f"2021-03-{n:02}" for n in range(8, 18)
    ]


def test_year_month_day_may_be_the_answer(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(YDM)
    answer(as_owner, upload, date_order="year, month, day")
    assert (upload.state, upload.valid, upload.with_problems) == (State.CHECKED, 5, 5)
    answer(as_owner, upload, date_order="year, day, month")
    assert (upload.state, upload.valid) == (State.CHECKED, 10)


@pytest.mark.parametrize("form", [as_csv, as_json, as_parquet, as_workbook])
def test_it_is_asked_in_every_format(form: object, upload_file: UploadFile) -> None:
    rows = [{"epoch": f"2021/{day:02}/03 00:00"} for day in range(8, 18)]
    upload = upload_file(form(rows))  # type: ignore[operator]
    assert [each["name"] for each in upload.questions] == ["date-order"]


def test_one_wrong_date_among_right_ones_is_the_problem_of_its_row() -> None:
    times = [*minutes(datetime(2020, 1, 1), 30_000), "2020-13-05T00:00:00"]  # noqa: DTZ001
    assert told(times) == {rules.NO_SUCH_TIME.slug: 1}
    assert told(["2020-02-30T00:00:00", "2020-13-05T00:00:00", "2020-01-01T00:00:00"]) == {
        rules.NO_SUCH_TIME.slug: 2
    }


def test_both_columns_of_a_product_decide_together(as_owner: Client, upload_file: UploadFile) -> None:
    rows = [
        {
            "type": "keogram",
            "url": f"{day}",
            "start": f"2021/{day:02}/03 00:00",
            "end": f"2021/{day + 1:02}/03 00:00",
        }
        for day in range(8, 13)
    ]
    upload = upload_file(as_csv(rows), kind="products")
    assert upload.state == State.NEEDS_COLUMNS
    answer(as_owner, upload, date_order="year, day, month")
    assert [record["start"][:10] for record in upload.report.first_records] == [
        f"2021-03-{n:02}" for n in range(8, 13)
    ]


# An order that is remembered ------------------------------------------------------------------------------------------------

MARCH = [f"2021-{day:02}-03T00:00:00" for day in range(1, 32)]
FORMATS = [as_csv, as_json, as_ndjson, as_parquet, as_workbook]


def rows_of(times: list[str]) -> list[dict[str, str]]:
    return [{"epoch": time} for time in times]


@pytest.fixture
def day_first(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(as_csv(rows_of(MARCH)))
    answer(as_owner, upload, date_order="year, day, month")
    act(as_owner, upload, "send")
    assert upload.is_verified


@pytest.mark.usefixtures("day_first")
@pytest.mark.parametrize("form", FORMATS)
def test_a_remembered_order_that_contradicts_the_file_is_asked_again(
    form: Callable[[Any], bytes], as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(form(rows_of([f"2021-06-{day:02}T00:00:00" for day in range(1, 31)])))
    page = act(as_owner, upload, "send")
    assert upload.state == State.NEEDS_COLUMNS
    assert "18 dates of this file do not exist as year, day, month" in page
    assert "2021-06-13T00:00:00, only as 13 June 2021" in page
    assert "6 February 2021, or 2 June 2021" in page
    answer(as_owner, upload, date_order="year, month, day")
    assert (upload.state, upload.valid) == (State.CHECKED, 30)
    assert upload.report.first_records[1]["epoch"] == "2021-06-02T00:00:00"


@pytest.mark.usefixtures("day_first")
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("order", "second"), [("year, day, month", "2021-06-02"), ("year, month, day", "2021-02-06")]
)
def test_a_remembered_order_is_only_proposed_where_the_file_does_not_say(
    form: Callable[[Any], bytes], order: str, second: str, as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(form(rows_of([f"2021-{month:02}-06T00:00:00" for month in range(1, 13)])))
    assert upload.state == State.NEEDS_COLUMNS
    (question,) = upload.questions
    assert (question["name"], question["default"]) == ("date-order", "year, day, month")
    answer(as_owner, upload, date_order=order)
    assert (upload.state, upload.valid) == (State.CHECKED, 12)
    assert upload.report.first_records[1]["epoch"][:10] == second


@pytest.mark.usefixtures("day_first")
def test_a_remembered_order_is_applied_where_the_file_confirms_it(upload_file: UploadFile) -> None:
    upload = upload_file(as_csv(rows_of([f"2021-{day:02}-04T00:00:00" for day in range(1, 31)])))
    assert (upload.state, upload.valid) == (State.CHECKED, 30)
    assert upload.report.first_records[1]["epoch"] == "2021-04-02T00:00:00"
    assert [each["name"] for each in upload.questions] == ["date-order"]


def test_a_remembered_year_month_day_is_asked_again_where_it_is_no_date(
    as_owner: Client, upload_file: UploadFile
) -> None:
    first = upload_file(YDM)
    answer(as_owner, first, date_order="year, month, day")
    act(as_owner, first, "send")
    upload = upload_file(YDM.replace(b"2021", b"2022"))
    assert upload.state == State.NEEDS_COLUMNS
    answer(as_owner, upload, date_order="year, day, month")
    assert (upload.state, upload.valid) == (State.CHECKED, 10)
