"""Times that stand in several columns of a file, in every format."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.readers import Layout, open_table
from apps.readers.errors import UnreadableFile
from apps.readers.split_times import APART, QUESTION
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation import time_parts
from apps.validation.batches import time_parts as parts_of_columns
from apps.validation.time_parts import (
    CLOCK,
    CLOCKS,
    DATE,
    DATES,
    DAY,
    DAY_OF_YEAR,
    HOUR,
    HOURS,
    MINUTE,
    MONTH,
    SECOND,
    SECONDS,
    YEAR,
)
from apps.validation.value_formats import ValueFormats
from tests.support.uploads import UploadFile, act
from tests.validation.test_rounding import as_csv, as_json, as_ndjson, as_parquet, as_workbook, read

pytestmark = pytest.mark.any_database

CASES = Path(__file__).parents[1] / "cases"
FORMATS = [as_csv, as_json, as_ndjson, as_parquet, as_workbook]
MINUTES = [f"2020-01-01T00:0{n}:00" for n in range(3)]
# The same three minutes, as tools and people write them.
TABLES: dict[str, list[dict[str, Any]]] = {
    "date and time": [{"date": "2020-01-01", "time": f"00:0{n}:00"} for n in range(3)],
    "LibreOffice": [{"Date": "2020-01-01", "Time": f"12:0{n}:00 AM"} for n in range(3)],
    "one column in two words": [{"time date": "2020-01-01", "time time": f"00:0{n}:00"} for n in range(3)],
    "digits": [{"yyyymmdd": "20200101", "hhmmss": f"000{n}00"} for n in range(3)],
    "named month": [{"DATE": "01-Jan-2020", "TIME (UTC)": f"00:0{n}:00"} for n in range(3)],
    "IAGA-2002": [{"DATE": "2020-01-01", "TIME": f"00:0{n}:00.000"} for n in range(3)],
    "SSCWeb": [{"yyyy": "2020", "ddd": "001", "hh:mm:ss": f"00:0{n}:00"} for n in range(3)],
    "year, day of year": [{"year": 2020, "doy": 1, "hour": 0, "minute": n} for n in range(3)],
    "and seconds": [{"year": 2020, "doy": 1, "hour": 0, "min": n, "sec": 0.0} for n in range(3)],
    "year, month, day": [{"Year": 2020, "Month": 1, "Day": 1, "Hour": 0, "Minute": n} for n in range(3)],
    "seconds of the day": [{"date": "2020-01-01", "sod": 60.0 * n} for n in range(3)],
    "hours": [{"date": "2020-01-01", "UT": n / 60} for n in range(3)],
}


def rows(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "lat": 51.5, "lon": -114.5} for row in table]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
@pytest.mark.parametrize("form", FORMATS)
def test_the_parts_are_put_together(form: Callable[[Any], bytes], table: list[dict[str, Any]]) -> None:
    records, told = read(EPHEMERIS, form(rows(table)))
    assert [record["epoch"] for record in records] == MINUTES
    assert {slug for slug, _ in told} <= {"float-noise"}
    assert records[0]["location_geo"] == {"lat": 51.5, "lon": -114.5}


def test_cells_with_types_are_parts_too() -> None:
    table = [{"date": date(2020, 1, 1), "time": time(0, n)} for n in range(3)]
    file = io.BytesIO()
    pl.DataFrame(rows(table)).write_parquet(file)
    assert [record["epoch"] for record in read(EPHEMERIS, file.getvalue())[0]] == MINUTES
    moments = [{"date": datetime(2020, 1, 1), "hour": 0, "minute": n} for n in range(3)]  # noqa: DTZ001
    assert [record["epoch"] for record in read(EPHEMERIS, as_workbook(rows(moments)))[0]] == MINUTES


@pytest.mark.parametrize("form", FORMATS)
def test_starts_and_ends_of_products_have_their_own_parts(form: Callable[[Any], bytes]) -> None:
    table = [
        {"type": "keogram", "url": f"{n}", "start_date": "2020-01-01", "start_time": f"0{n}:00:00", "end date": "2020-01-01",
         "end time": f"0{n}:59:59"}
        for n in range(3)
    ]  # fmt: skip
    found = [(record["start"][11:16], record["end"][11:16]) for record in read(PRODUCTS, form(table))[0]]
    assert found == [(f"0{n}:00", f"0{n}:59") for n in range(3)]


def split(*rows: dict[str, Any], answers: dict[str, str] | None = None, kind: Any = EPHEMERIS) -> list[Any]:
    layout = Layout(kind.columns, {}, value_formats=ValueFormats(answers=answers or {}))
    with open_table(io.BytesIO(as_csv([*rows])), layout) as table:
        return [*table.matching.names]


@pytest.mark.parametrize(
    "row",
    [
        {"date": "2020-01-01", "time": "2020-01-01T00:00:00"}, {"epoch": "2020-01-01T00:00:00", "date": "2020-01-01", "hour": 1},
        {"date": "soon", "time": "00:00:00"}, {"year": 20, "doy": 1, "hour": 0}, {"year": 2020, "doy": 367, "hour": 0},
        {"date": "2020-01-01", "time": "1577836800"}, {"date": "2020-01-01", "day": "2020-01-01", "time": "00:00"},
        {"date": "2020-01-01", "time": 1}, {"date": "2020-01-01", "ut": 5},
    ],
)  # fmt: skip
def test_what_does_not_look_like_parts_is_left_alone(row: dict[str, Any]) -> None:
    assert not [name for name in split(row) if time_parts.part_of(name)]


def test_whoever_says_so_names_the_columns_by_hand() -> None:
    row = {"date": "2020-01-01", "time": "00:00:00"}
    assert split(row) == ["epoch/date", "epoch/time of day"]
    assert split(row, answers={QUESTION: APART}) == [None, "epoch"]


# On the page --------------------------------------------------------------------------------------------------------------


def post(client: Client, upload: Upload, **chosen: str) -> str:
    posted = {
        f"column-{place}": chosen.get(header, name or "ignore")
        for place, (header, name) in enumerate(upload.columns)
    }
    posted |= {name: given for name, given in chosen.items() if name.startswith("question-")}
    page = client.post(reverse("upload-read", args=[upload.pk]), posted)
    upload.refresh_from_db()
    return page.content.decode()


def epochs(upload: Upload) -> list[str]:
    return [record["epoch"] for record in upload.report.first_records]


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("libreoffice-7.4.7-date-and-time-columns.csv", "line 3: epoch 2020-01-01 12:01:00 AM is 2020-01-01T00:01:00 UTC"),
        ("pandas-3.1.1-year-doy-hour-minute.csv", "line 3: epoch 2020-001 00:01 is 2020-01-01T00:01:00 UTC"),
    ],
)  # fmt: skip
def test_it_is_asked_once_with_the_times_that_come_out(
    name: str, sample: str, as_owner: Client, upload_file: UploadFile
) -> None:
    content = (CASES / name).read_bytes()
    upload = upload_file(content)
    assert upload.state == State.NEEDS_COLUMNS
    (question,) = upload.questions
    assert (question["name"], question["default"]) == ("time-columns", "together")
    assert question["samples"][1] == sample
    assert upload.unknown_headers == []
    post(as_owner, upload, **{"question-0": "together"})
    assert (upload.state, upload.valid) == (State.CHECKED, 4)
    assert epochs(upload)[:3] == MINUTES
    act(as_owner, upload, "send")
    assert upload.is_verified
    following = upload_file(content.replace(b"2020", b"2021"))
    assert (following.state, epochs(following)[0]) == (State.CHECKED, "2021-01-01T00:00:00")


def test_no_is_an_answer_after_which_each_column_is_asked_about(
    as_owner: Client, upload_file: UploadFile
) -> None:
    content = as_csv(rows([{"date": "2020-01-01", "time": f"00:0{n}:00"} for n in range(3)]))
    upload = upload_file(content)
    post(as_owner, upload, **{"question-0": "apart"})
    assert (upload.state, upload.unknown_headers) == (State.NEEDS_COLUMNS, ["date"])
    post(as_owner, upload, date="ignore", **{"question-0": "together"})
    assert (upload.state, upload.valid) == (State.CHECKED, 3)


def test_parts_may_be_chosen_by_hand(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(as_csv(rows([{"Tag": "2020-01-01", "Uhr": f"00:0{n}:00"} for n in range(3)])))
    assert upload.unknown_headers == ["Tag", "Uhr"]
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert '<option value="epoch/time of day">' in page
    assert "not one whole time" in post(as_owner, upload, Tag="epoch/date", Uhr="ignore")
    assert upload.state == State.NEEDS_COLUMNS
    post(as_owner, upload, Tag="epoch/date", Uhr="epoch/time of day")
    assert (upload.state, epochs(upload)) == (State.CHECKED, MINUTES)


@pytest.mark.parametrize("form", FORMATS)
def test_a_part_that_is_wrong_is_shown_with_its_row_and_the_columns_of_the_file(
    form: Callable[[Any], bytes], as_owner: Client, upload_file: UploadFile
) -> None:
    table = [{"year": 2020, "doy": 1, "hour": 0, "minute": n} for n in range(5)]
    table[3]["hour"] = 245
    upload = upload_file(form(rows(table)))
    post(as_owner, upload, **{"question-0": "together"})
    assert (upload.rows, upload.valid) == (5, 4)
    (problem,) = upload.problems.filter(severity="problem")
    (example,) = problem.examples
    assert example["value"] == "year 2020, day of the year 1, hour 245, minute 3"
    assert example["line"] == (5 if form in (as_csv, as_workbook) else 4)


# Rows and columns ---------------------------------------------------------------------------------------------------------

TEXTS: dict[str, list[Any]] = {
    DATE: ["2020-01-01", "20200101", "2020001", "2020-01-01T00:00:00", "2020-01-01 00:00", "01-Jan-2020", "", "NA", None, " 2020/1/1 "],
    CLOCK: ["00:01:00", "12:01:00 AM", "000100", "0001", "000100.5", "", "NaT", None, "1e5", "100", "00:01:00+00"],
    YEAR: ["2020", "2020.0", "20", "x", None, "2020 "],
    MONTH: ["1", "01", "1.0", "13", "", None, "-1"],
    DAY: ["1", "31", "1.5", None],
    DAY_OF_YEAR: ["1", "001", "366", "1.5", "1000", None],
    HOUR: ["0", "00", "24", "23.0", "0.5", None, "25"],
    MINUTE: ["0", "5", "59.0", "60", ""],
    SECOND: ["0", "5.5", "59.9999", "60", "1e-5", None, "05.0", "5."],
    HOURS: ["0", "0.016666667", "23.99999999", "24", "24.0001", "-1", "1e-3", None, "nan"],
    SECONDS: ["0", "60", "59.9999999", "86400", "86400.5", "", None, "1e3"],
}  # fmt: skip
DOUBLES: dict[str, list[Any]] = {
    YEAR: [2020.0, None, 2020.5],
    HOUR: [0.0, 5.0, None],
    SECOND: [0.00001, 59.999999, 1e-9, 5.0],
    HOURS: [0.016666666666666666, 1e-7, 24.0, None, 23.999999999999996],
    SECONDS: [60.0, 59.99999999, 0.1],
}


@settings(max_examples=60)
@given(data=st.data(), of_date=st.sampled_from(DATES), of_clock=st.sampled_from(CLOCKS), typed=st.booleans())
def test_whole_columns_are_put_together_like_single_rows(
    data: st.DataObject, of_date: tuple[str, ...], of_clock: tuple[str, ...], typed: bool
) -> None:
    parts = (*of_date, *of_clock)
    pools = {part: DOUBLES.get(part, TEXTS[part]) if typed else TEXTS[part] for part in parts}
    row = st.fixed_dictionaries({part: st.sampled_from(pool) for part, pool in pools.items()})
    table = data.draw(st.lists(row, min_size=1, max_size=6))
    columns = {
        part: pl.Series(
            [each[part] for each in table], dtype=pl.Float64 if typed and part in DOUBLES else pl.String
        )
        for part in parts
    }
    assert parts_of_columns.joined(columns).to_list() == [time_parts.joined(each) for each in table]


def test_parts_that_are_no_whole_time_are_refused() -> None:
    mapping = {"a": "epoch/date", "b": "epoch/hours of the day", "c": "epoch"}
    content = as_csv([{"a": "2020-01-01", "b": "0.5", "c": "2020-01-01T00:00:00"}])
    with (
        pytest.raises(UnreadableFile, match="not one whole time"),
        open_table(io.BytesIO(content), Layout(EPHEMERIS.columns, mapping)),
    ):
        pass
