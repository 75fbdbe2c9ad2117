"""Times as the tools of the field write them: one rule for single values, for whole columns and for every format."""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation import rules
from apps.validation.batches.times import times
from apps.validation.rounding import MinuteRounding
from apps.validation.rules import Rule
from apps.validation.time_formats import TimeFormat
from apps.validation.values import InvalidValue, parse_minute, time_format_of
from tests.support.uploads import UploadFile, act
from tests.validation.test_rounding import as_csv, as_json, as_ndjson, as_parquet, as_workbook, read

pytestmark = pytest.mark.any_database

FORMATS = [as_csv, as_json, as_ndjson, as_parquet, as_workbook]
# One minute after midnight, as tools write it.
MINUTE = {
    "PostgreSQL, DuckDB": "2020-01-01 00:01:00+00",
    "the same in Edmonton": "2019-12-31 17:01:00-07",
    "the same in Kolkata": "2020-01-01 05:31:00+05:30",
    "polars": "2020-01-01T00:01:00.000000+0000",
    "Ruby, Git": "2020-01-01 00:01:00 +0000",
    "ISO basic": "20200101T000100Z",
    "ISO basic to the minute": "20200101T0001",
    "ISO basic with a blank": "20200101 000100",
    "names of files": "20200101_000100",
    "Octave datestr": "01-Jan-2020 00:01:00",
    "CDAWeb in capitals": "01-JAN-2020 00:01:00.000",
    "SAS": "01JAN2020:00:01:00",
    "e-mail": "Wed, 01 Jan 2020 00:01:00 GMT",
    "words": "1 January 2020 00:01 UTC",
    "SPEDAS": "2020-01-01/00:01:00",
    "astropy yday": "2020:001:00:01:00.000",
    "HAPI": "2020-001T00:01Z",
    "IDL systime": "Wed Jan 01 00:01:00 2020",
    "date of Unix": "Wed Jan 1 00:01:00 UTC 2020",
    "numpy": "2020-01-01T00:01",
    "GMT": "2020-01-01 00:01:00 GMT",
    "12 hours": "2020-01-01 12:01:00 AM",
    "12 hours with slashes": "2020/01/01 12:01 am",
    "WRF": "2020-01-01_00:01:00",
}


@pytest.mark.parametrize("written", MINUTE.values(), ids=MINUTE.keys())
@pytest.mark.parametrize("form", FORMATS)
def test_one_minute_after_midnight_is_read_whoever_writes_it(
    written: str, form: Callable[[Any], bytes]
) -> None:
    records, told = read(EPHEMERIS, form([{"epoch": written, "lat": 51, "lon": -114}]))
    assert [record["epoch"] for record in records] == ["2020-01-01T00:01:00"]
    assert {slug for slug, _ in told} <= {"offset"}
    row = {"type": "keogram", "url": "a", "start": written, "end": written}
    records, _ = read(PRODUCTS, form([row]))
    assert [(record["start"], record["end"]) for record in records] == [("2020-01-01T00:01:00",) * 2]


@pytest.mark.parametrize(
    ("written", "understood", "notices"),
    [
        ("2020-01-01", "2020-01-01T00:00:00", (rules.DATE_ALONE,)),
        ("2020/1/1", "2020-01-01T00:00:00", (rules.DATE_ALONE,)),
        ("01-Jan-2020", "2020-01-01T00:00:00", (rules.DATE_ALONE,)),
        ("2020-001", "2020-01-01T00:00:00", (rules.DATE_ALONE,)),
        ("2020-01-01T24:00:00", "2020-01-02T00:00:00", (rules.NEXT_MIDNIGHT,)),
        ("2020-12-31 24:00Z", "2021-01-01T00:00:00", (rules.NEXT_MIDNIGHT,)),
        ("2020-01-01 12:00:00 PM", "2020-01-01T12:00:00", ()),
        ("2020-01-01 11:59 pm", "2020-01-01T23:59:00", ()),
        ("29-Feb-2020 00:00:59.9996", "2020-02-29T00:01:00", (rules.FLOAT_NOISE,)),
        ("2020366T000000", None, rules.NOT_A_TIME),
        ("2021-366T00:00", None, rules.NO_SUCH_TIME),
        ("2020-01-01T24:00:01", None, rules.NO_SUCH_TIME),
        ("2020-01-01 13:00 PM", None, rules.NO_SUCH_TIME),
        ("2020-01-01 00:00 AM", None, rules.NO_SUCH_TIME),
        ("30-Feb-2020 00:00:00", None, rules.NO_SUCH_TIME),
        ("01-Mai-2020 00:00:00", None, rules.NOT_A_TIME),
        ("01-Jan-20 00:00:00", None, rules.NOT_A_TIME),
        ("Wed Jan 1 00:01:00 MST 2020", None, rules.NOT_A_TIME),
        ("2020-01-01T00:00:00 TAI", None, rules.NOT_A_TIME),
        ("20201301T0000", None, rules.NO_SUCH_TIME),
        ("2020-01-01 00:00+15", None, rules.NOT_A_TIME),
        ("01-Augu\u017f-2020", None, rules.NOT_A_TIME),
        ("00:01:00", None, rules.NOT_A_TIME),
    ],
)  # fmt: skip
def test_what_is_no_plain_minute_is_told_or_refused(
    written: str, understood: str | None, notices: Any
) -> None:
    if understood is None:
        with pytest.raises(InvalidValue) as refused:
            parse_minute(written)
        assert refused.value.rule is notices
    else:
        assert parse_minute(written)[:2] == (understood, notices)


@pytest.mark.parametrize("form", FORMATS)
def test_the_end_of_a_day_may_be_written_24_00(form: Callable[[Any], bytes]) -> None:
    row = {"type": "keogram", "url": "a", "start": "2020-01-01 00:00:00", "end": "2020-01-01 24:00:00"}
    records, told = read(PRODUCTS, form([row]))
    assert [record["end"] for record in records] == ["2020-01-01T23:59:00"]
    assert told == {("end-of-day", "end"): 1}


@pytest.mark.parametrize("form", FORMATS)
def test_midnights_of_pandas_and_r_are_dates_alone(form: Callable[[Any], bytes]) -> None:
    rows = [
        {"type": "keogram", "url": f"{n}", "start": f"2020-01-0{n}", "end": f"2020-01-0{n + 1}"}
        for n in (1, 2)
    ]
    records, told = read(PRODUCTS, form(rows))
    assert [(record["start"], record["end"]) for record in records] == [
        ("2020-01-01T00:00:00", "2020-01-02T00:00:00"), ("2020-01-02T00:00:00", "2020-01-03T00:00:00"),
    ]  # fmt: skip
    assert told == {("date-alone", "start"): 2, ("date-alone", "end"): 2}


# Whole columns ------------------------------------------------------------------------------------------------------------

TWO = st.integers(0, 99).map("{:02}".format)
DATES = {
    TimeFormat.ISO: ["2020-01-01", "2020-1-5", "2020-13-01", "2020-02-30", "1899-12-31", "0000-01-01", "2020-31-01"],
    TimeFormat.SLASHES: ["2020/01/01", "2020/1/5", "2020/13/01"],
    TimeFormat.DAY_OF_YEAR: ["2020-001", "2020:366", "2021-366", "2020/000", "2101-001"],
    TimeFormat.BASIC: ["20200101", "20201301"],
    TimeFormat.YEAR_LAST: ["01/02/2020", "13.01.2020", "1-13-2020", "31/02/2020", "01/01/20"],
    TimeFormat.NAMED_MONTH: ["01-Jan-2020", "1 january 2020", "31SEP2020", "Wed, 05 Feb 2020", "01-Foo-2020"],
}  # fmt: skip
CLOCKS = [
    "", "T00:01:00", " 00:01", "T0:01:59.9996", " 12:30 AM", " 12:30:30pm", " 13:00 pm", " 0:30 am", "T24:00:00", " 24:00:00.5",
    "/23:59:59.9999", " 23:59:59,9994", " 00:60:00", " 00:00:60", "_00:00:30.1234567891", ":00:01:00", "T00:01:00Z", " 00:01 utc",
    " 00:01 GMT", "T00:01:00+05", " 17:00:00-0730", " 00:00 +14:30", " 00:00+15", "T0001", "T000100.5Z", "_0001", "T24:00-07:00",
    "T000060", " 000100-07",
]  # fmt: skip
ASCTIMES = [
    "Wed Jan 01 00:01:00 2020", "wed jan 1 24:00:00 2020", "Jan 01 12:01 am 2020", "Wed Feb 30 00:00:00 2020",
    "Wed Jan 01 00:01:59.9999 +0530 2020", "Wed Foo 01 00:01:00 2020", "Wed Jan 1 00:01:00 UT 2020",
]  # fmt: skip
RULES = st.builds(
    MinuteRounding,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, True, False]),
)


def one_by_one(written: str, spelling: TimeFormat, rule: MinuteRounding) -> Any:
    try:
        found = parse_minute(written, spelling, rule)
    except InvalidValue:
        return None
    return found.text, sorted(each.slug for each in found.notices), found.exact


@pytest.mark.parametrize("spelling", [*DATES, TimeFormat.ASCTIME])
@settings(max_examples=60)
@given(data=st.data(), rule=RULES)
def test_a_column_of_any_spelling_comes_out_as_its_single_values(
    spelling: TimeFormat, data: st.DataObject, rule: MinuteRounding
) -> None:
    cell = st.sampled_from(ASCTIMES)
    if spelling in DATES:
        cell = st.tuples(st.sampled_from(DATES[spelling]), st.sampled_from(CLOCKS)).map("".join)
    cells = data.draw(st.lists(cell, min_size=1, max_size=6))
    found = times(pl.Series(cells), spelling, rule)
    for place, written in enumerate(cells):
        if not found.deferred[place]:
            notices: list[Rule] = [notice for notice, rows in found.notices if rows[place]]
            exact = found.exact[place] if found.exact is not None else None
            expected = one_by_one(written, spelling, rule)
            assert expected is not None
            assert (found.texts[place], sorted(each.slug for each in notices)) == expected[:2]
            assert exact in (None, expected[2])


@pytest.mark.parametrize("written", [each for each in MINUTE.values() if "24:" not in each])
def test_a_column_of_such_times_is_read_as_a_whole(written: str) -> None:
    spelling = time_format_of(written)
    assert spelling
    assert not times(pl.Series([written] * 3), spelling, MinuteRounding()).deferred.any()


# Ends that are dates alone -------------------------------------------------------------------------------------------------


def products(*spans: Sequence[str]) -> bytes:
    return as_csv([
        {"type": "keogram", "url": f"{n}", "start": start, "end": end} for n, (start, end) in enumerate(spans)
    ])  # fmt: skip


def answer(client: Client, upload: Upload, given: str) -> None:
    columns = {f"column-{place}": name for place, (_, name) in enumerate(upload.columns)}
    client.post(reverse("upload-read", args=[upload.pk]), columns | {"question-0": given})
    upload.refresh_from_db()


def ends(upload: Upload) -> list[str]:
    return [record["end"] for record in upload.report.first_records]


@pytest.mark.parametrize(("given_answer", "end"), [("all day", "23:59:00"), ("midnight", "00:00:00")])
def test_spans_of_one_date_are_asked_about_and_the_answer_is_remembered(
    given_answer: str, end: str, as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(
        products(("2020-01-01", "2020-01-01"), ("2020-01-02", "2020-01-02")), kind="products"
    )
    assert upload.state == State.NEEDS_COLUMNS
    (question,) = upload.questions
    assert (question["name"], question["default"]) == ("day-ends", "all day")
    assert question["samples"] == ["line 2: end 2020-01-01", "line 3: end 2020-01-02"]
    answer(as_owner, upload, given_answer)
    assert (upload.state, ends(upload)) == (State.CHECKED, [f"2020-01-01T{end}", f"2020-01-02T{end}"])
    act(as_owner, upload, "send")
    following = upload_file(products(("2020-01-03", "2020-01-03")), kind="products")
    assert (following.state, ends(following)) == (State.CHECKED, [f"2020-01-03T{end}"])
    of_pandas = upload_file(products(("2020-01-04", "2020-01-05")), kind="products")
    assert (of_pandas.state, ends(of_pandas)) == (State.CHECKED, ["2020-01-05T00:00:00"])


def test_an_end_before_its_start_because_it_is_a_date_is_asked_about(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(
        products(("2020-01-01 12:00", "2020-01-01"), ("2020-01-02", "2020-01-03")), kind="products"
    )
    assert [each["name"] for each in upload.questions] == ["day-ends"]
    answer(as_owner, upload, "all day")
    assert ends(upload) == ["2020-01-01T23:59:00", "2020-01-03T23:59:00"]


# Dates whose year is last ---------------------------------------------------------------------------------------------------

ORDERS = {"day, month, year": ["2020-02-01", "2020-02-13"], "month, day, year": ["2020-01-02", "2020-02-13"]}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("written", ["{}/{}/2020 00:01:00", "{}.{}.2020 00:01:00 UTC", "{}-{}-2020 12:01 AM"])
@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_day_and_month_is_asked_before_anything_is_read_so(
    form: Callable[[Any], bytes], written: str, order: str, as_owner: Client, upload_file: UploadFile
) -> None:
    second = ("13", "02") if order == "day, month, year" else ("02", "13")
    rows = [{"epoch": written.format(*parts), "lat": 51, "lon": -114} for parts in (("01", "02"), second)]
    upload = upload_file(form(rows))
    assert (upload.state, upload.valid) == (State.NEEDS_COLUMNS, 0)
    (question,) = upload.questions
    assert (question["name"], question["default"]) == ("year-last", order)
    assert "is 1 February 2020 or 2 January 2020" in question["samples"][0]
    answer(as_owner, upload, order)
    assert (upload.state, upload.valid) == (State.CHECKED, 2)
    assert [record["epoch"] for record in upload.report.first_records] == [
        f"{day}T00:01:00" for day in ORDERS[order]
    ]


def test_an_order_is_remembered_where_the_next_file_confirms_it_and_else_asked_again(
    as_owner: Client, upload_file: UploadFile
) -> None:
    def file(*days: str) -> bytes:
        return as_csv([{"epoch": f"{day}/2020 00:00", "lat": 51, "lon": -114} for day in days])

    first = upload_file(file("01/02", "02/02"))
    assert (first.state, first.questions[0]["default"]) == (State.NEEDS_COLUMNS, "")
    answer(as_owner, first, "day, month, year")
    act(as_owner, first, "send")
    confirmed = upload_file(file("01/03", "20/03"))
    assert (confirmed.state, confirmed.valid) == (State.CHECKED, 2)
    open_again = upload_file(file("01/04", "02/04"))
    assert (open_again.state, open_again.questions[0]["default"]) == (State.NEEDS_COLUMNS, "day, month, year")
    contradicted = upload_file(file("04/20", "04/05"))
    assert contradicted.state == State.NEEDS_COLUMNS
    assert "1 of them do not exist in the order that was chosen" in contradicted.questions[0]["text"]


def test_dates_with_the_year_last_are_refused_where_nobody_can_be_asked() -> None:
    for written in ("01/02/2020 00:00", "31.12.2020 00:00", "01.01.2020"):
        with pytest.raises(InvalidValue) as refused:
            parse_minute(written)
        assert refused.value.rule is rules.AMBIGUOUS_TIME
