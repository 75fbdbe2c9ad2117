"""One rule for every format: to the nearest millisecond, then to the minute. What is not so is told."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import AuroraX, DataSource
from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.readers import Layout, open_table
from apps.records.types import RecordType
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation import rules
from apps.validation.findings import Findings
from apps.validation.rounding import MinuteRounding, round_to_minute
from apps.validation.rules import PROBLEM
from tests.support.properties import file_settings, values
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

CASES = Path(__file__).parents[1] / "cases"
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - files hold naive UTC
DAY, MINUTE, MS, US = 86_400_000_000_000, 60_000_000_000, 1_000_000, 1_000  # nanoseconds
UNIX_SECONDS, UNIX_MILLISECONDS = {"epoch": "epoch as Unix seconds"}, {"epoch": "epoch as Unix milliseconds"}

# Formats: a column of times, in nanoseconds since 1970, as a file ------------------------------------------------------

Rows = Sequence[dict[str, Any]]


def iso(ns: int, digits: int = 9) -> str:
    """As text, cut to so many digits of a second."""
    whole, rest = divmod(ns, 1_000_000_000)
    text = (EPOCH + timedelta(seconds=whole)).isoformat()
    return f"{text}.{rest:09}"[: 20 + digits] if digits else text


def as_csv(rows: Rows) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_json(rows: Rows) -> bytes:
    return json.dumps(rows).encode()


def as_ndjson(rows: Rows) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def as_parquet(rows: Rows) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(rows).write_parquet(file)
    return file.getvalue()


def as_workbook(rows: Rows) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, list(row.values()))
    return file.getvalue()


def texts(times: Sequence[int]) -> list[Any]:
    return [iso(ns) for ns in times]


def blanks(times: Sequence[int]) -> list[Any]:
    return [f"{iso(ns).replace('T', ' ')} UTC" for ns in times]


def moments(unit: Any) -> Callable[[Sequence[int]], list[Any]]:
    def written(times: Sequence[int]) -> list[Any]:
        return list(pl.Series(times, dtype=pl.Int64).cast(pl.Datetime("ns")).dt.cast_time_unit(unit))

    return written


def python_moments(times: Sequence[int]) -> list[Any]:
    return [EPOCH + timedelta(microseconds=ns // US) for ns in times]


def read(
    kind: RecordType, content: bytes, mapping: dict[str, str] | None = None, source_type: str = ""
) -> tuple[list[dict[str, Any]], dict[tuple[str, str], int]]:
    """The records of a file, and how often each finding was made."""
    layout, findings = Layout(kind.columns, mapping or {}), Findings()
    source = DataSource(7, "a", "b", "c", source_type=source_type)
    with open_table(io.BytesIO(content), layout) as table:
        checking = kind.batch_validator(source, findings, layout.value_formats)
        records = [json.loads(body) for batch in table.batches for body in checking.check(batch)["body"]]
        checking.conclude()
    return records, {(group.rule.slug, group.column): group.count for group in findings.groups()}


# The rule --------------------------------------------------------------------------------------------------------------


def minute_of(ns: int) -> str:
    """What the rule says, in whole numbers."""
    exact = (ns + MS // 2) // MS * MS
    return iso(exact // MINUTE * MINUTE, 0)


def last_minute_of(ns: int) -> str:
    """The same for an end, which is never on the next day because of a rounding."""
    found = minute_of(ns)
    return found if found[:10] == iso(ns, 0)[:10] else f"{iso(ns, 0)[:10]}T23:59:00"


# A whole minute, second or millisecond, or any; and what a program adds to it, far enough from half a millisecond that
# neither a double nor the number of days of a workbook can be on the other side.
PLACES = st.integers(-(10 * 365), 50 * 365).flatmap(
    lambda day: st.sampled_from([0, 1, 719, 1438, 1439]).map(lambda minute: day * DAY + minute * MINUTE)
)
WITHIN = st.one_of(
    st.sampled_from([0, MINUTE, MINUTE - MS, MINUTE - 1_000 * MS, 30_000 * MS]),
    st.integers(0, 59_999).map(MS.__mul__),
)
NOISE = st.one_of(st.just(0), st.integers(-400, 400).map(US.__mul__))
TIME = st.tuples(PLACES, WITHIN, NOISE).map(sum)
TIMES = values(TIME, unique_by=lambda ns: (ns + MS // 2) // MS // 60_000)
FORMS: dict[str, Callable[[Sequence[int]], bytes]] = {
    "csv": lambda times: as_csv([{"epoch": each} for each in texts(times)]),
    "csv with blanks": lambda times: as_csv([{"epoch": each} for each in blanks(times)]),
    "json": lambda times: as_json([{"epoch": each} for each in texts(times)]),
    "ndjson": lambda times: as_ndjson([{"epoch": each} for each in texts(times)]),
    "text in parquet": lambda times: as_parquet([{"epoch": each} for each in texts(times)]),
    "nanoseconds in parquet": lambda times: _parquet_moments(times, "ns"),
    "microseconds in parquet": lambda times: _parquet_moments(times, "us"),
    "text in a workbook": lambda times: as_workbook([{"epoch": each} for each in texts(times)]),
    "dates in a workbook": lambda times: as_workbook([{"epoch": each} for each in python_moments(times)]),
}
UNIX_FORMS: dict[str, Callable[[Rows], bytes]] = {
    "csv": as_csv,
    "json": as_json,
    "ndjson": as_ndjson,
    "parquet": as_parquet,
    "workbook": as_workbook,
}


def _parquet_moments(times: Sequence[int], unit: Any) -> bytes:
    file = io.BytesIO()
    column = pl.Series("epoch", times, dtype=pl.Int64).cast(pl.Datetime("ns")).dt.cast_time_unit(unit)
    pl.DataFrame([column]).write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("form", FORMS)
@file_settings
@given(times=TIMES)
def test_a_time_becomes_the_minute_of_the_rule_whatever_the_format(form: str, times: list[int]) -> None:
    records, told = read(EPHEMERIS, FORMS[form](times))
    assert [record["epoch"] for record in records] == [minute_of(ns) for ns in times]
    cut = sum(bool((ns + MS // 2) // MS % 60_000) for ns in times)
    assert told.get((rules.SECONDS_CUT.slug, "epoch"), 0) == cut
    if form != "dates in a workbook":  # their noise is gone when they are read
        noisy = sum(bool(ns % MS) for ns in times if not (ns + MS // 2) // MS % 60_000)
        assert told.get((rules.FLOAT_NOISE.slug, "epoch"), 0) == noisy


@pytest.mark.parametrize("form", UNIX_FORMS)
@pytest.mark.parametrize(("mapping", "unit"), [(UNIX_SECONDS, 10**9), (UNIX_MILLISECONDS, MS)])
@file_settings
@given(times=TIMES)
def test_so_does_a_number_since_1970(form: str, mapping: dict[str, str], unit: int, times: list[int]) -> None:
    rows = [{"epoch": ns / unit} for ns in times]
    records, _ = read(EPHEMERIS, UNIX_FORMS[form](rows), mapping)
    assert [record["epoch"] for record in records] == [minute_of(ns) for ns in times]


@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "parquet", "workbook"])
@file_settings
@given(start=PLACES, ends=values(TIME))
def test_the_end_of_a_day_stays_on_its_day_whatever_the_format(
    form: str, start: int, ends: list[int]
) -> None:
    first = min(start, *ends) // DAY * DAY - DAY
    written = python_moments if form == "workbook" else texts
    ends = [ns // US * US for ns in ends]
    rows = [
        {"data_product_type": "keogram", "url": f"{place}", "start": begin, "end": end}
        for place, (begin, end) in enumerate(zip(written([first] * len(ends)), written(ends), strict=True))
    ]
    records, told = read(PRODUCTS, UNIX_FORMS[form](rows))
    assert [record["end"] for record in records] == [last_minute_of(ns) for ns in ends]
    kept = sum(minute_of(ns) != last_minute_of(ns) for ns in ends)
    assert told.get((rules.END_OF_DAY.slug, "end"), 0) == kept


@pytest.mark.parametrize("written", ["00:00:59.9995", "00:00:59.99950", "00:00:59.9994999"])
def test_half_a_millisecond_goes_up(written: str) -> None:
    expected = "2020-01-01T00:00:00" if written.endswith("94999") else "2020-01-01T00:01:00"
    day = datetime(2020, 1, 1, tzinfo=UTC).timestamp() + float(written.rpartition(":")[2])
    for content in (
        as_csv([{"epoch": f"2020-01-01T{written}"}]),
        as_json([{"epoch": f"2020-01-01 {written}"}]),
    ):
        assert [record["epoch"] for record in read(EPHEMERIS, content)[0]] == [expected]
    for form in (as_csv, as_json, as_parquet):
        assert [record["epoch"] for record in read(EPHEMERIS, form([{"epoch": day}]), UNIX_SECONDS)[0]] == [
            expected
        ]


def test_half_a_millisecond_goes_up_before_1970_too() -> None:
    assert round_to_minute(-1, -1, MinuteRounding(), noisy=False) == (-1, rules.SECONDS_CUT)
    records, _ = read(
        EPHEMERIS, as_csv([{"epoch": "1969-12-31T23:59:59.9995"}, {"epoch": "1969-12-31T23:58:59.9994"}])
    )
    assert [record["epoch"] for record in records] == ["1970-01-01T00:00:00", "1969-12-31T23:58:00"]
    records, _ = read(EPHEMERIS, as_csv([{"epoch": "-0.0005"}, {"epoch": "-60.0006"}]), UNIX_SECONDS)
    assert [record["epoch"] for record in records] == ["1970-01-01T00:00:00", "1969-12-31T23:58:00"]


# What tools write ------------------------------------------------------------------------------------------------------


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


def test_a_day_of_modified_julian_dates_by_pandas_loses_no_row() -> None:
    days = [58849 + n / 1440 for n in range(1440)]
    times = [int((day - 40587) * 86_400_000_000_000) for day in days]
    for form in ("csv", "json", "nanoseconds in parquet"):
        records, told = read(EPHEMERIS, FORMS[form](times))
        assert [record["epoch"] for record in records] == [
            iso(58849 * DAY - 40587 * DAY + n * MINUTE, 0) for n in range(1440)
        ]
        assert set(told) == {(rules.FLOAT_NOISE.slug, "epoch")}


def test_the_file_of_pandas_comes_out_to_the_minute(upload_file: UploadFile) -> None:
    upload = upload_file(
        case("pandas-3.1.1-to_datetime-mjd-unit-D.csv").replace(b"lon,site", b"lon,metadata.site")
    )
    assert upload.state == State.NEEDS_COLUMNS  # altitude is nothing AuroraX knows
    content = case("pandas-3.1.1-to_datetime-mjd-unit-D.csv").replace(
        b"site,altitude", b"metadata.site,metadata.altitude"
    )
    upload = upload_file(content)
    assert (upload.state, upload.rows, upload.valid) == (State.CHECKED, 8, 8)
    assert [record["epoch"][11:16] for record in upload.report.first_records] == [
        f"00:0{n}" for n in range(8)
    ]
    told = {problem.column: (problem.slug, problem.count) for problem in upload.problems.all()}
    assert told["epoch"] == ("float-noise", 7)


def test_unix_seconds_of_octave_come_out_to_the_minute() -> None:
    content = case("octave-7.3.0-unix-seconds-dlmwrite.csv")
    records, told = read(EPHEMERIS, content, {"time": "epoch as Unix seconds"})
    assert [record["epoch"][11:16] for record in records] == [f"00:0{n}" for n in range(8)]
    assert told == {(rules.FLOAT_NOISE.slug, "epoch"): 7}


def test_a_day_a_microsecond_early_is_all_right() -> None:
    start = 18_262 * DAY
    times = [start + n * MINUTE - US for n in range(1440)]
    for form, written in FORMS.items():
        records, told = read(EPHEMERIS, written(times))
        assert [record["epoch"] for record in records] == [iso(start + n * MINUTE, 0) for n in range(1440)], (
            form
        )
        assert not [rule for rule, _ in told if rules.RULES[rule].severity is PROBLEM]


@pytest.mark.parametrize("end", ["23:59:59.999", "23:59:59.9996", "23:59:59.999999", "23:59:59"])
def test_the_last_moment_of_a_day_is_23_59_in_csv_workbooks_and_json(end: str) -> None:
    day = datetime.fromisoformat("2020-01-01")
    moment = datetime.fromisoformat(f"2020-01-01T{end}")
    row = {"type": "keogram", "url": "a", "start": "2020-01-01T00:00:00", "end": f"2020-01-01T{end}"}
    for content in (
        as_csv([row]), as_json([row]), as_workbook([row | {"start": day, "end": moment}]),
        as_parquet([row | {"start": day, "end": moment}]),
    ):  # fmt: skip
        assert [record["end"] for record in read(PRODUCTS, content)[0]] == ["2020-01-01T23:59:00"]


def test_a_real_midnight_of_a_workbook_stays_one() -> None:
    row = {"type": "keogram", "url": "a", "start": datetime(2020, 1, 1), "end": datetime(2020, 1, 2)}  # noqa: DTZ001
    assert [record["end"] for record in read(PRODUCTS, as_workbook([row]))[0]] == ["2020-01-02T00:00:00"]


def test_the_ends_pandas_writes_are_alike_in_csv_and_workbook() -> None:
    content = case("pandas-3.1.1-end-235959.999.csv").replace(b"-01,2020", b"-01 00:00,2020")
    for each in (content, case("pandas-3.1.1-end-235959.999.xlsx")):
        records, _ = read(PRODUCTS, each)
        assert {record["end"][11:] for record in records} <= {"23:59:00"}
    assert len(read(PRODUCTS, case("pandas-3.1.1-end-235959.999.xlsx"))[0]) == 10


# Rows of one minute ------------------------------------------------------------------------------------------------------


def test_rows_every_three_seconds_are_told_to_be_other_times_of_one_minute() -> None:
    times = [18_262 * DAY + n * 3_000 * MS for n in range(60)]
    for written in FORMS.values():
        records, told = read(EPHEMERIS, written(times))
        assert len(records) == 3
        assert told[rules.SAME_MINUTE.slug, "epoch"] == 57
        assert (rules.DUPLICATE.slug, "epoch") not in told


def test_a_true_cadence_of_seconds_is_no_question(upload_file: UploadFile) -> None:
    for step in (1, 3, 30):
        times = [18_262 * DAY + n * step * 1_000 * MS for n in range(600)]
        assert upload_file(FORMS["csv"](times)).state in (State.CHECKED, State.COMPARING)


# Times cut by a second ---------------------------------------------------------------------------------------------------

OCTAVE = "octave-7.3.0-accumulated-datenum-datestr.csv"


def held(aurorax: AuroraX, source: DataSource) -> list[str]:
    """The epochs AuroraX holds of that year."""
    records = aurorax.ephemeris.search(
        source, datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 12, 31, tzinfo=UTC)
    )
    return sorted(record.to_api()["epoch"] for record in records)


def answer(client: Client, upload: Upload, **answers: str) -> str:
    columns = {f"column-{place}": name for place, (_, name) in enumerate(upload.columns)}
    given = {f"question-{place}": answers[each["name"].partition(":")[0].replace("-", "_")]
             for place, each in enumerate(upload.questions)}  # fmt: skip
    page = client.post(reverse("upload-read", args=[upload.pk]), columns | given, follow=True)
    upload.refresh_from_db()
    return page.content.decode()


def test_a_series_cut_by_a_second_is_asked_about_before_anything_is_sent(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    upload = upload_file(case(OCTAVE))
    assert upload.state == State.NEEDS_COLUMNS
    page = act(as_owner, upload, "send")
    assert upload.state == State.NEEDS_COLUMNS
    assert "6 of 9 times in epoch stand in the last second of a minute, and 3 are whole minutes" in page
    assert "line 5: 2020-01-01T02:18:59" in page
    answer(as_owner, upload, seconds="nearest")
    assert (upload.state, upload.valid) == (State.CHECKED, 9)
    assert [record["epoch"][11:16] for record in upload.report.first_records] == [
        f"02:{n}" for n in range(16, 25)
    ]
    assert [problem.slug for problem in upload.problems.all()] == ["to-nearest"]
    act(as_owner, upload, "send")
    assert held(aurorax, source) == [f"2020-01-01T02:{n}:00" for n in range(16, 25)]


def test_the_minute_as_written_is_the_other_answer(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(case(OCTAVE))
    answer(as_owner, upload, seconds="written")
    assert (upload.state, upload.rows, upload.valid) == (State.CHECKED, 9, 8)
    slugs = {problem.slug for problem in upload.problems.all()}
    assert slugs == {"same-minute", "seconds-cut"}


def test_the_answer_is_remembered_for_the_next_file(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(case(OCTAVE))
    answer(as_owner, upload, seconds="nearest")
    act(as_owner, upload, "send")
    following = upload_file(case(OCTAVE).replace(b"2020-01-01", b"2020-01-02"))
    assert (following.state, following.valid) == (State.CHECKED, 9)
    assert following.report.first_records[3]["epoch"] == "2020-01-02T02:19:00"


@pytest.mark.parametrize("late", [144, 448, 704, 1300, 1440])
@pytest.mark.parametrize(
    "form", ["csv", "csv with blanks", "json", "microseconds in parquet", "dates in a workbook"]
)
def test_a_tenth_of_late_seconds_or_more_is_asked_about_in_every_format(
    form: str, late: int, upload_file: UploadFile
) -> None:
    times = [18_262 * DAY + n * MINUTE - (1_000 * MS if n * late % 1440 < late else 0) for n in range(1440)]
    upload = upload_file(FORMS[form](times))
    assert upload.state == State.NEEDS_COLUMNS
    (question,) = upload.questions
    assert f"{late:,} of 1,440 times" in question["text"]
    assert len(question["samples"]) == min(late, 10)


@pytest.mark.parametrize(
    ("last", "others", "found"),
    [
        ("2020-01-01T23:59:59", 1439, {"seconds-cut"}), ("2020-01-01T23:59:59", 1440, {"seconds-cut", "same-minute"}),
        ("2020-01-01T00:09:59", 9, {"seconds-cut"}), ("2020-01-01T00:02:59", 2, {"seconds-cut"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", [as_csv, as_json, as_parquet, as_workbook])
def test_a_lone_last_second_stops_no_file(
    form: Callable[[Rows], bytes], last: str, others: int, found: set[str], upload_file: UploadFile
) -> None:
    times = [*(iso(18_262 * DAY + n * MINUTE, 0) for n in range(others)), last]
    upload = upload_file(form([{"epoch": time, "lat": 51, "lon": -114} for time in times]))
    assert (upload.state, upload.valid, upload.questions) == (State.CHECKED, min(others + 1, 1440), [])
    assert {each.slug for each in upload.problems.all()} == found


def test_unix_seconds_cut_by_one_are_asked_about(as_owner: Client, upload_file: UploadFile) -> None:
    start = 1_577_836_800
    upload = upload_file(as_csv([{"time": start + 60 * n - (n % 2)} for n in range(20)]))
    as_owner.post(reverse("upload-read", args=[upload.pk]), {"column-0": "epoch as Unix seconds"})
    upload.refresh_from_db()
    assert [each["name"] for each in upload.questions] == ["seconds:epoch"]


def products(*spans: tuple[str, str]) -> bytes:
    return as_csv([
        {"type": "keogram", "url": f"{n}", "start": f"2020-01-{n:02}T{start}", "end": f"2020-01-{n:02}T{end}"}
        for n, (start, end) in enumerate(spans, start=1)
    ])  # fmt: skip


def test_ends_at_the_last_second_are_no_question(upload_file: UploadFile) -> None:
    upload = upload_file(products(*[("00:00:00", "23:59:59")] * 10), kind="products")
    assert (upload.state, upload.questions) == (State.CHECKED, [])


def test_starts_cut_by_a_second_are_asked_about_together_with_their_ends(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(products(("00:00:00", "11:59:59"), ("11:59:59", "23:59:59")), kind="products")
    assert [each["name"] for each in upload.questions] == ["seconds:start", "seconds:end"]
    answer(as_owner, upload, seconds="nearest")
    spans = [(record["start"][11:16], record["end"][8:16]) for record in upload.report.first_records]
    assert spans == [("00:00", "01T12:00"), ("12:00", "02T23:59")]


# An answer that is remembered ----------------------------------------------------------------------------------------------


@pytest.fixture
def nearest(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(case(OCTAVE))
    answer(as_owner, upload, seconds="nearest")
    act(as_owner, upload, "send")
    assert upload.is_verified


def every(seconds: int, offset: int = 0, count: int = 30) -> list[str]:
    first = datetime(2020, 1, 2, 0, 0, offset)  # noqa: DTZ001
    return [(first + timedelta(seconds=n * seconds)).isoformat() for n in range(count)]


@pytest.mark.usefixtures("nearest")
@pytest.mark.parametrize(
    "times", [every(60, 30), every(60, 45), every(300, 59, 1) + every(300, 30), every(60, 0)],
    ids=["half minutes", "three quarters", "one late among halves", "whole minutes"],
)  # fmt: skip
@pytest.mark.parametrize("form", [as_csv, as_json, as_ndjson, as_parquet, as_workbook])
def test_a_remembered_rounding_leaves_a_file_alone_that_does_not_look_cut(
    form: Callable[[Rows], bytes], times: list[str], upload_file: UploadFile
) -> None:
    times = list({time[:16]: time for time in times}.values())
    upload = upload_file(form([{"time": time, "lat": 51, "lon": -114} for time in times]))
    assert (upload.state, upload.valid, upload.questions) == (State.CHECKED, len(times), [])
    cut = sorted(f"{time[:16]}:00" for time in times)
    assert sorted(record["epoch"] for record in upload.report.first_records) == cut[:10]
    assert {each.slug for each in upload.problems.all()} <= {"seconds-cut"}


@pytest.mark.usefixtures("nearest")
def test_a_rounding_in_force_stays_on_the_page_to_be_taken_back(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(case(OCTAVE).replace(b"2020-01-01", b"2020-01-02"))
    assert [each["name"] for each in upload.questions] == ["seconds:epoch"]
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "Which minute is meant?" in page
    answer(as_owner, upload, seconds="written")
    assert (upload.state, upload.valid) == (State.CHECKED, 8)
    assert upload.report.first_records[-1]["epoch"] == "2020-01-02T02:23:00"


@pytest.mark.usefixtures("nearest")
def test_a_rounding_is_still_remembered_behind_a_file_it_does_not_fit(
    as_owner: Client, upload_file: UploadFile
) -> None:
    between = upload_file(as_csv([{"time": time, "lat": 51, "lon": -114} for time in every(60, 30)]))
    act(as_owner, between, "send")
    following = upload_file(case(OCTAVE).replace(b"2020-01-01", b"2020-01-02"))
    assert (following.state, following.report.first_records[3]["epoch"]) == (
        State.CHECKED,
        "2020-01-02T02:19:00",
    )


# Numbers behind times that are none ----------------------------------------------------------------------------------------

NUMBERS = [1_577_836_800, 1_577_836_860]


def unknown(content: bytes) -> list[str]:
    with open_table(io.BytesIO(content), Layout(EPHEMERIS.columns, {})) as table:
        return table.matching.unknown


@pytest.mark.parametrize("nothing", ["NA", "null", " ", "", "nan", "\\N"])
@pytest.mark.parametrize("form", [as_csv, as_workbook, as_json, as_ndjson, as_parquet])
def test_unix_times_are_asked_about_behind_words_for_none(
    form: Callable[[Rows], bytes], nothing: str
) -> None:
    texts = [nothing, *map(str, NUMBERS)]
    assert unknown(form([{"epoch": text, "lat": 51, "lon": -114} for text in texts])) == ["epoch"]
    assert (
        unknown(form([{"epoch": text, "lat": 51, "lon": -114} for text in [nothing, "2020-01-01 00:00"]]))
        == []
    )


@pytest.mark.parametrize("header", ["epoch", "time"])
@pytest.mark.parametrize("form", [as_workbook, as_json, as_ndjson, as_parquet])
def test_unix_times_are_asked_about_behind_null(form: Callable[[Rows], bytes], header: str) -> None:
    rows = [{header: number, "lat": 51, "lon": -114} for number in [None, None, *NUMBERS]]
    assert unknown(form(rows)) == [header]


@pytest.mark.parametrize("form", [as_workbook, as_json, as_ndjson, as_parquet])
def test_unix_times_behind_null_are_read_as_somebody_says(
    form: Callable[[Rows], bytes], as_owner: Client, upload_file: UploadFile
) -> None:
    rows = [{"time": number, "lat": 51, "lon": -114} for number in [None, *NUMBERS]]
    upload = upload_file(form(rows))
    meanings = {"time": "epoch as Unix seconds", "lat": "location_geo.lat", "lon": "location_geo.lon"}
    chosen = {f"column-{place}": meanings[header] for place, (header, _) in enumerate(upload.columns)}
    as_owner.post(reverse("upload-read", args=[upload.pk]), chosen)
    upload.refresh_from_db()
    assert (upload.rows, upload.valid) == (3, 2)
    assert [record["epoch"] for record in upload.report.first_records] == [
        "2020-01-01T00:00:00",
        "2020-01-01T00:01:00",
    ]


# Numbers that have lost their minute ---------------------------------------------------------------------------------------


def single_precision(header: str, kind: Any) -> bytes:
    file = io.BytesIO()
    times = pl.Series(header, [1_577_836_800 + 60 * n for n in range(5)]).cast(kind)
    pl.DataFrame([times, pl.Series("lat", [51.0] * 5), pl.Series("lon", [-114.0] * 5)]).write_parquet(file)
    return file.getvalue()


def test_times_in_single_precision_are_refused(as_owner: Client, source: DataSource) -> None:
    file = SimpleUploadedFile("day.parquet", single_precision("epoch", pl.Float32))
    page = as_owner.post(reverse("ephemeris-upload", args=[source.identifier]), {"file": file})
    assert "The times in “epoch” are float32" in page.content.decode()
    assert not Upload.objects.exists()
    assert unknown(single_precision("epoch", pl.Float64)) == ["epoch"]


def test_a_column_in_single_precision_that_is_said_to_be_times_is_refused(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(single_precision("moment", pl.Float32))
    meanings = {
        "column-0": "epoch as Unix seconds",
        "column-1": "location_geo.lat",
        "column-2": "location_geo.lon",
    }
    as_owner.post(reverse("upload-read", args=[upload.pk]), meanings)
    upload.refresh_from_db()
    assert (upload.state, upload.valid) == (State.REJECTED, 0)
    assert "float64" in upload.message
