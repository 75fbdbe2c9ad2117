"""From bytes to numbered rows."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Dialect, Layout, Table, open_table
from apps.readers.errors import UnreadableFile
from apps.validation import rules
from apps.validation.batches import Batch
from apps.validation.rules import Rule

RECORD = {"epoch": "2020-01-01T00:00:00", "location_geo": {"lat": 51, "lon": -114}, "metadata": {"a": 1}}


@contextmanager
def opened(
    content: bytes, mapping: dict[str, str] | None = None, dialect: Dialect | None = None
) -> Iterator[Table]:
    layout = Layout(EPHEMERIS.columns, mapping or {}, dialect or Dialect())
    with open_table(io.BytesIO(content), layout) as table:
        yield table


def batches(
    content: bytes, mapping: dict[str, str] | None = None, dialect: Dialect | None = None
) -> list[Batch]:
    with opened(content, mapping, dialect) as table:
        return list(table.batches)


def rows(
    content: bytes, mapping: dict[str, str] | None = None, dialect: Dialect | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """Line and cells of every row, without those that hold nothing."""
    found = []
    for batch in batches(content, mapping, dialect):
        found += [
            (line, {name: cell for name, cell in row.items() if cell is not None})
            for line, row in batch.rows()
        ]
    return sorted(found, key=lambda row: row[0])


def told(content: bytes) -> list[tuple[Rule, int, str]]:
    return [each[:3] for batch in batches(content) for each in batch.reported]


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        rows(content)
    return refused.value.message


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        (b"epoch,lat,lon\n2020-01-01T00:00:00,51,-114\n", "separated by commas"),
        (b"Epoch;LAT;Lon\r\n2020-01-01T00:00:00;51;-114\r\n", "separated by semicolons"),
        (b"time\tlatitude\tlongitude\n2020-01-01T00:00:00\t51\t-114", "separated by tabs"),
        (b'\xef\xbb\xbf"Epoch (UTC)",lat,lon\n"2020-01-01T00:00:00","51",-114', "separated by commas"),
    ],
)
def test_csv_is_read_whatever_its_separator_line_ends_and_spelling(content: bytes, dialect: str) -> None:
    with opened(content) as table:
        assert (table.format, table.dialect.words()) == ("CSV", f"UTF-8, {dialect}")
    assert rows(content) == [
        (2, {"epoch": "2020-01-01T00:00:00", "location_geo.lat": "51", "location_geo.lon": "-114"})
    ]


def test_every_row_keeps_the_line_of_the_file() -> None:
    content = b'epoch,metadata.note\n\n2020-01-01T00:00:00,"two\nlines"\n2020-01-01T00:01:00,one\n'
    assert [line for line, _ in rows(content)] == [3, 5]
    assert told(content) == [(rules.MULTI_LINE, 3, "")]


def test_a_row_with_too_many_or_too_few_cells_is_told_of_and_never_shifted() -> None:
    content = b"epoch,lat,lon\n2020-01-01T00:00:00,51,05,-114\n2020-01-01T00:01:00,51\n2020-01-01T00:02:00,51,-114,\n"
    assert [line for line, _ in rows(content)] == [4]
    assert told(content) == [(rules.RAGGED, 2, ""), (rules.RAGGED, 3, "")]
    assert sum(map(len, batches(content))) == 3


def test_unknown_columns_are_named_until_they_are_mapped_or_ignored() -> None:
    content = b"epoch,brightness,remark\n2020-01-01T00:00:00,7,x\n"
    with opened(content) as table:
        assert table.matching.unknown == ["brightness", "remark"]
    mapping = {"brightness": "metadata.brightness", "remark": ""}
    with opened(content, mapping) as table:
        assert table.matching.unknown == []
    assert rows(content, mapping) == [(2, {"epoch": "2020-01-01T00:00:00", "metadata.brightness": "7"})]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"  \n \n", "The file is empty"),
        (b"\x00\x01\x02", "binary data"),
        (b"PK\x03\x04rest", "archive is damaged"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"epoch,lat,lon,lat\n", "“lat” (2) and “lat” (4) both stand for location_geo.lat"),
        (b"epoch,lat,glat\n", "both stand for location_geo.lat"),
        (b"lat,lon\n1,2\n", "no column epoch"),
        (b'epoch,lat\n2020-01-01T00:00:00,"51\n2020-01-01T00:01:00,51\n', "begins on line 2 never ends"),
        (b'epoch,lat\n"2020"x,1\n', "Line 2: text follows a closing quotation mark"),
        (b"\xff\xfel\x00a\x00t\x00", "no column epoch"),
        (b"[", "ends before the closing bracket"),
        (b"[]", "The list is empty"),
        (b'[{"epoch": "2020-01-01T00:00:00"}', "ends before the closing bracket"),
        (b'[\n{"epoch": "2020-01-01T00:00:00"},\n{"epoch": ', "inside record 2, which begins on line 3"),
        (b'[{"epoch": "2020-01-01T00:00', "closing bracket or quotation mark is missing"),
        (
            b'[\n{"epoch": "2020-01-01T00:00:00",}\n]',
            "Record 1 is not JSON: Expecting property name enclosed in double quotes (line 2)",
        ),
        (b'[{"epoch": "2020-01-01T00:00:00"} {"epoch": 1}]', "A comma between two records"),
        (b'[{"epoch": "2020-01-01T00:00:00"}] more', "Text follows the closing bracket"),
        (b"[" + b"[" * 100_000, "nested too deeply"),
        (b'{\n"epoch": "2020-01-01T00:00:00"\n}', "Line 1 is not a complete JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(content: bytes, told: str) -> None:
    assert told in refusal(content)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_is_read_with_the_numbers_of_its_records(indent: int | None) -> None:
    content = json.dumps([RECORD, RECORD], indent=indent).encode()
    found = rows(content)
    assert [number for number, _ in found] == [1, 2]
    assert found[0][1] == {
        "epoch": "2020-01-01T00:00:00",
        "location_geo.lat": 51,
        "location_geo.lon": -114,
        "metadata": '{"a":1}',
    }


def test_a_long_array_is_read_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.readers.json.READ_BYTES", 30)
    assert len(rows(json.dumps([RECORD] * 20, indent=1).encode())) == 20
    assert len(rows(b'{"result": ' + json.dumps([RECORD] * 3).encode() + b" }\n")) == 3


def test_what_pyaurorax_saves_is_read_and_its_data_source_compared() -> None:
    source = {"identifier": 3, "program": "swarm", "platform": "swarma", "display_name": "Swarm A"}
    ((_, row),) = rows(json.dumps([{"data_source": source, **RECORD, "nbtrace": None}]).encode())
    assert row["data_source.identifier"] == "3"
    assert (row["program"], row["platform"]) == ("swarm", "swarma")
    assert not any("display_name" in name or "nbtrace" in name for name in row)


def test_ndjson_tells_of_a_line_that_is_no_object_and_goes_on() -> None:
    line = json.dumps(RECORD).encode()
    content = line + b"\n\nnot json\n[1]\n" + line.replace(b"51", b"NaN")
    assert [number for number, _ in rows(content)] == [1, 5]
    assert told(content) == [(rules.NOT_JSON, 3, ""), (rules.NOT_JSON, 4, "")]


def test_a_field_that_turns_up_later_and_is_not_known_is_a_problem_of_its_row() -> None:
    records = [RECORD, RECORD | {"brightness": 1}, RECORD | {"sbtrace": {"lat": 1, "lon": 2}}]
    content = json.dumps(records, indent=1).encode()
    assert [row.get("sbtrace.lat") for _, row in rows(content)] == [None, 1]
    assert told(content) == [(rules.UNKNOWN_FIELD, 2, "brightness")]


def test_a_record_whose_time_is_an_object_is_asked_about_like_any_unknown_field() -> None:
    with opened(json.dumps({"epoch": {"a": 1}, "lat": 51}).encode()) as table:
        assert table.matching.unknown == ["epoch.a"]


@pytest.mark.parametrize("name", ['"lat', "back\\slash"])
def test_a_field_with_a_name_that_json_escapes_is_ignored_where_a_person_says_so(name: str) -> None:
    records = [RECORD | {name: n, "nbtrace": {name: n}} for n in range(2)]
    for content in (json.dumps(records).encode(), b"\n".join(json.dumps(each).encode() for each in records)):
        found = rows(content, {name: "", f"nbtrace.{name}": ""})
        assert [row["location_geo.lat"] for _, row in found] == [51, 51]
