"""A key that is further up in the file: the same record again is told apart from another one, and from what nobody compared."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from pytest_django import Settings

from apps.ephemeris.record_type import EPHEMERIS
from apps.readers.rows import batches_of
from apps.uploads.models import Chunk, Upload
from apps.uploads.reader.repeated_rows import difference
from apps.validation import rules
from apps.validation.rules import Rule
from tests.records.test_equality import pairs, says_the_same
from tests.support.properties import property_settings
from tests.support.uploads import UploadFile, csv_of
from tests.validation.test_rounding import as_csv, as_json, as_ndjson, as_parquet, as_workbook

pytestmark = pytest.mark.any_database

FORMS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "csv": as_csv, "json": as_json, "ndjson": as_ndjson, "workbook": as_workbook, "parquet": as_parquet,
}  # fmt: skip
FIRST = {"csv": 2, "json": 1, "ndjson": 1, "workbook": 2, "parquet": 1}  # number of the first row


def listed(upload: Upload) -> list[tuple[int, str, str]]:
    """The list of problems: line, what it is, value."""
    with upload.problem_list.open("rt") as file:
        lines = csv.reader(file)
        header = next(lines)
        value, problem = header.index("value"), header.index("problem")
        return [(int(line[0]), line[problem], line[value]) for line in lines]


def told(*found: tuple[int, Rule, str]) -> list[tuple[int, str, str]]:
    return [(line, rule.message, value) for line, rule, value in found]


def minute(number: int) -> str:
    return f"{datetime(2020, 1, 1) + timedelta(minutes=number):%Y-%m-%dT%H:%M:%S}"  # noqa: DTZ001 - as files have it


@pytest.fixture(params=["one batch", "small batches"])
def _batches(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    read_in_this_process: None,
) -> None:
    """With small ones, the record further up is in another batch and another chunk."""
    if request.param == "one batch":
        return
    settings.UPLOAD_CHUNK_RECORDS = 2
    readers = "apps.readers"
    for module in ("csv", "json", "ndjson"):
        monkeypatch.setattr(f"{readers}.{module}.READ_BYTES", 100)
    for constant in ("json.MERGED_ROWS", "ndjson.MERGED_ROWS", "parquet.ROWS"):
        monkeypatch.setattr(f"{readers}.{constant}", 2)
    _, *defaults = batches_of.__defaults__ or ()
    monkeypatch.setattr(batches_of, "__defaults__", (2, *defaults))


@pytest.mark.usefixtures("_batches")
@pytest.mark.parametrize("form", FORMS)
def test_an_epoch_with_other_values_is_told_apart_from_the_same_record(
    form: str, upload_file: UploadFile
) -> None:
    rows = [{"epoch": minute(n), "lat": 51.25 + n, "lon": -114.5, "metadata.note": f"n{n}"} for n in range(8)]
    again = [
        rows[2],
        {**rows[0], "lat": 51.5},
        {**rows[7], "metadata.note": "other"},
        {**rows[2], "lon": -114.50000000000001},
        {**rows[2], "lon": -114.5000001},
        {**rows[0], "lat": 51.5},
    ]  # fmt: skip
    upload = upload_file(FORMS[form]([*rows, *again]), name=f"day.{form}")
    assert (upload.rows, upload.valid) == (14, 8)
    at = FIRST[form] + 8
    assert listed(upload) == told(
        (at, rules.DUPLICATE, minute(2)),
        (at + 1, rules.OTHER_VALUES, "location_geo.lat 51.5, further up 51.25"),
        (at + 2, rules.OTHER_VALUES, 'metadata.note "other", further up "n7"'),
        (at + 3, rules.DUPLICATE, minute(2)),
        (at + 4, rules.OTHER_VALUES, "location_geo.lon -114.5000001, further up -114.5"),
        (at + 5, rules.OTHER_VALUES, "location_geo.lat 51.5, further up 51.25"),
    )
    assert {problem.slug: problem.count for problem in upload.problems.filter(severity="problem")} == {
        "duplicate": 2, "other-values": 4,
    }  # fmt: skip


@pytest.mark.usefixtures("_batches")
@pytest.mark.parametrize("form", FORMS)
def test_so_is_a_url_wherever_its_times_are(form: str, upload_file: UploadFile) -> None:
    rows = [
        {
            "type": "keogram",
            "start": minute(n),
            "end": minute(n + 9),
            "url": f"{n}.jpg",
            "metadata.camera": "a",
        }
        for n in range(8)
    ]
    again = [
        {**rows[1], "start": minute(-90)},
        rows[1],
        {**rows[0], "type": "movie"},
        {**rows[7], "metadata.camera": "b"},
    ]
    upload = upload_file(FORMS[form]([*rows, *again]), kind="products", name=f"day.{form}")
    assert (upload.rows, upload.valid) == (12, 8)
    at = FIRST[form] + 8
    assert listed(upload) == told(
        (at, rules.OTHER_VALUES, f'start "{minute(-90)}", further up "{minute(1)}"'),
        (at + 1, rules.DUPLICATE, "1.jpg"),
        (at + 2, rules.OTHER_VALUES, 'data_product_type "movie", further up "keogram"'),
        (at + 3, rules.OTHER_VALUES, 'metadata.camera "b", further up "a"'),
    )


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ({"a": 1}, {"a": 1.0}, ""),
        ({"a": 0.3}, {"a": 0.30000000000000004}, ""),
        ({"a": 1, "b": [1, {"c": None}]}, {"b": [1, {"c": None}], "a": 1}, ""),
        ({}, None, ""),
        ({"a": 1}, {"a": True}, "metadata.a true, further up 1"),
        ({"a": 24567890}, {"a": 24567902}, "metadata.a 24567902, further up 24567890"),
        ({"a": "1"}, {"a": 1}, 'metadata.a 1, further up "1"'),
        ({"a": ""}, {"a": None}, 'metadata.a null, further up ""'),
        ({"a": None}, {"b": 2}, "metadata.b 2, further up not given"),
        ({"a": None, "b": 2}, {"b": 2}, "metadata.a not given, further up null"),
        ({"a": 2}, None, "metadata.a not given, further up 2"),
        ({"a": [1, 2]}, {"a": [2, 1]}, "metadata.a [2,1], further up [1,2]"),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 0}}, 'metadata.a {"b":1,"c":0}, further up {"b":1}'),
        ({"a": "x" * 150 + "y"}, {"a": "x" * 150 + "z"}, f'metadata.a …{"x" * 20}z", further up …{"x" * 20}y"'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_values_are_compared_as_everywhere(
    form: str, first: Any, second: Any, value: str, upload_file: UploadFile
) -> None:
    rows = [{"epoch": minute(0), "lat": 1, "lon": 2, "metadata": metadata} for metadata in (first, second)]
    upload = upload_file(FORMS[form](rows), name=f"day.{form}")
    rule = rules.OTHER_VALUES if value else rules.DUPLICATE
    assert [each for each in listed(upload) if each[0] == 2] == told((2, rule, value or minute(0)))


@property_settings
@given(pairs())
def test_a_record_is_the_same_if_and_only_if_its_values_say_the_same(pair: tuple[Any, Any]) -> None:
    bodies = [json.dumps({"epoch": minute(0), "metadata": {"value": value}}).encode() for value in pair]
    assert (difference(EPHEMERIS, *bodies) == "") == says_the_same(*pair)


def test_what_only_one_of_two_records_gives_is_a_difference(upload_file: UploadFile) -> None:
    place = {"lat": 51.5, "lon": -114.5}
    rows: list[dict[str, Any]] = [
        {"epoch": minute(0), "location_geo": place},
        {"epoch": minute(1), "metadata": {"state": "a"}},
        {"epoch": minute(2)},
        {"epoch": minute(0), "metadata": {"state": "a"}},
        {"epoch": minute(1), "location_geo": place, "metadata": {"state": "a"}},
        {"epoch": minute(2)},
        {"epoch": minute(0), "location_geo": {"lat": None, "lon": None}},
    ]  # fmt: skip
    assert listed(upload_file(as_json(rows), name="day.json")) == told(
        (4, rules.OTHER_VALUES, 'location_geo not given, further up {"lat":51.5,"lon":-114.5}'),
        (5, rules.OTHER_VALUES, 'location_geo {"lat":51.5,"lon":-114.5}, further up not given'),
        (6, rules.DUPLICATE, minute(2)),
        (7, rules.OTHER_VALUES, "location_geo.lat null, further up 51.5"),
    )


def test_columns_that_the_file_does_not_have_are_not_missed(upload_file: UploadFile) -> None:
    content = csv_of(f"{minute(0)},a", f"{minute(0)},b", f"{minute(0)},a", header="epoch,metadata.state")
    assert listed(upload_file(content)) == told(
        (3, rules.OTHER_VALUES, 'metadata.state "b", further up "a"'), (4, rules.DUPLICATE, minute(0))
    )


def test_rows_that_stand_alone_are_compared_too(upload_file: UploadFile) -> None:
    rows = ["20200101T000000Z,51.5,-114", "2020-01-01T00:00:00,5.15e1,-114", "2020-01-01T00:00:00,5.16e1,246"]
    upload = upload_file(csv_of("2020-01-01T00:00:00+00:00,51.5,-114", *rows[1:], header="epoch,lat,lon"))
    assert listed(upload)[-2:] == told(
        (3, rules.DUPLICATE, minute(0)),
        (4, rules.OTHER_VALUES, "location_geo.lat 51.6, further up 51.5"),
    )


def test_a_row_is_compared_with_the_one_of_its_very_time_even_if_that_is_left_out(
    upload_file: UploadFile,
) -> None:
    seconds = [("10", 1), ("40", 2), ("40", 2), ("40", 3), ("10", 1), ("10", 2)]
    rows = [f"2020-01-01T00:00:{second},{lat}.5,7" for second, lat in seconds]
    assert listed(upload_file(csv_of(*rows, header="epoch,lat,lon"))) == told(
        (3, rules.SAME_MINUTE, "2020-01-01T00:00:40.000"),
        (4, rules.DUPLICATE, minute(0)),
        (5, rules.OTHER_VALUES, "location_geo.lat 3.5, further up 2.5"),
        (6, rules.DUPLICATE, minute(0)),
        (7, rules.OTHER_VALUES, "location_geo.lat 2.5, further up 1.5"),
    )


@pytest.mark.usefixtures("_batches")
def test_beyond_a_bound_rows_are_told_without_a_word_about_their_values(
    upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.validation.batches.duplicate_row_store.MOST_ROWS", 3)
    monkeypatch.setattr("apps.validation.batches.duplicate_row_store.IN_MEMORY", 100)
    rows = [f"{minute(n)},{lat}.5,7" for lat in (1, 1, 2) for n in range(4)]
    again = [(6 + n, rules.DUPLICATE, minute(n)) for n in range(3)]
    rest = [(9 + n, rules.NOT_COMPARED, minute((3 + n) % 4)) for n in range(5)]
    upload = upload_file(csv_of(*rows, header="epoch,lat,lon"))
    assert listed(upload) == told(*again, *rest)
    assert {problem.slug: problem.count for problem in upload.problems.all()} == {
        "duplicate": 3, "not-compared": 5,
    }  # fmt: skip


@pytest.mark.usefixtures("_batches")
def test_the_list_of_problems_is_in_the_order_of_the_file(upload_file: UploadFile) -> None:
    rows = [f"{minute(n)},51.5,7" for n in range(4)]
    rows += [rows[1], "soon,51.5,7", f"{minute(2)},52.5,7", f"{minute(9)},north,7", f"{minute(1)},51.5,8"]
    found = listed(upload_file(csv_of(*rows, header="epoch,lat,lon")))
    assert [(line, cause) for line, cause, _ in found] == [
        (6, rules.DUPLICATE.message),
        (7, rules.NOT_A_TIME.message),
        (8, rules.OTHER_VALUES.message),
        (9, rules.NOT_A_NUMBER.message),
        (10, rules.OTHER_VALUES.message),
    ]


def test_only_chunks_that_can_hold_the_record_are_opened(
    upload_file: UploadFile, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 10
    opened: list[int] = []
    as_given = Chunk.as_given

    def noted(chunk: Chunk) -> bytes:
        opened.append(chunk.index)
        return as_given(chunk)

    monkeypatch.setattr(Chunk, "as_given", noted)
    rows = [f"{minute(n)},51.5,7" for n in range(100)]
    upload_file(csv_of(*rows, header="epoch,lat,lon"))
    assert opened == []
    upload = upload_file(csv_of(*rows, rows[35], header="epoch,lat,lon"))
    assert opened == [3]
    assert listed(upload) == told((102, rules.DUPLICATE, minute(35)))


@pytest.mark.parametrize("kind", ["ephemeris", "products"])
def test_a_file_of_100_000_rows_and_the_same_again_is_told_row_by_row(
    kind: str, upload_file: UploadFile
) -> None:
    if kind == "ephemeris":
        header, rows = "epoch,lat,lon", [f"{minute(n)},51.5,7" for n in range(100_000)]
        changed, value = f"{minute(77_777)},51.75,7", "location_geo.lat 51.75, further up 51.5"
    else:
        header = "type,start,end,url"
        rows = [f"keogram,{minute(n)},{minute(n)},{n}.jpg" for n in range(100_000)]
        changed = f"movie,{minute(77_777)},{minute(77_777)},77777.jpg"
        value = 'data_product_type "movie", further up "keogram"'
    again = [*rows]
    again[77_777] = changed
    upload = upload_file(csv_of(*rows, *again, header=header), kind=kind)
    assert {problem.slug: problem.count for problem in upload.problems.all()} == {
        "duplicate": 99_999, "other-values": 1,
    }  # fmt: skip
    found = listed(upload)
    assert [line for line, _, _ in found] == [*range(100_002, 200_002)]
    assert found[77_777] == (177_779, rules.OTHER_VALUES.message, value)
