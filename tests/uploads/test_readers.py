"""From bytes to numbered rows."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.ephemeris.kind import EPHEMERIS
from apps.uploads import rules
from apps.uploads.columns import NotReadable
from apps.uploads.findings import Findings
from apps.uploads.readers import open_table
from apps.uploads.readers.table import Layout, Table

RECORD = {"epoch": "2020-01-01T00:00:00", "location_geo": {"lat": 51, "lon": -114}, "metadata": {"a": 1}}


def opened(content: bytes, findings: Findings | None = None, mapping: dict[str, str] | None = None) -> Table:
    return open_table(io.BytesIO(content), Layout(EPHEMERIS.columns, mapping or {}, findings or Findings()))


def rows(content: bytes, findings: Findings | None = None) -> list[tuple[int, Any]]:
    return list(opened(content, findings).rows)


def refusal(content: bytes) -> str:
    with pytest.raises(NotReadable) as refused:
        rows(content)
    return refused.value.sentence


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
    table = opened(content)
    assert (table.format, table.dialect) == ("CSV", dialect)
    assert list(table.rows) == [
        (2, {"epoch": "2020-01-01T00:00:00", "location_geo.lat": "51", "location_geo.lon": "-114"})
    ]


def test_every_row_keeps_the_line_of_the_file() -> None:
    findings = Findings()
    content = b'epoch,metadata.note\n\n2020-01-01T00:00:00,"two\nlines"\n2020-01-01T00:01:00,one\n'
    assert [line for line, _ in rows(content, findings)] == [3, 5]
    assert [(cause.rule, cause.examples[0].line) for cause in findings.causes()] == [(rules.MULTI_LINE, 3)]


def test_a_row_with_too_many_or_too_few_cells_is_told_of_and_never_shifted() -> None:
    findings = Findings()
    content = b"epoch,lat,lon\n2020-01-01T00:00:00,51,05,-114\n2020-01-01T00:01:00,51\n2020-01-01T00:02:00,51,-114,\n"
    assert [row is None for _, row in rows(content, findings)] == [True, True, False]
    (cause,) = findings.causes()
    assert (cause.rule, [found.line for found in cause.examples]) == (rules.RAGGED, [2, 3])


def test_unknown_columns_are_named_until_they_are_mapped_or_ignored() -> None:
    content = b"epoch,brightness,remark\n2020-01-01T00:00:00,7,x\n"
    assert opened(content).matching.unknown == ["brightness", "remark"]
    table = opened(content, mapping={"brightness": "metadata.brightness", "remark": ""})
    assert table.matching.unknown == []
    assert list(table.rows) == [(2, {"epoch": "2020-01-01T00:00:00", "metadata.brightness": "7"})]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"  \n \n", "The file is empty"),
        (b"\x00\x01\x02", "binary data"),
        (b"PK\x03\x04rest", "Excel workbook or a zip archive"),
        (b"epoch,lat,lon,lat\n", "“lat” (2) and “lat” (4) both stand for location_geo.lat"),
        (b"epoch,lat,glat\n", "both stand for location_geo.lat"),
        (b"lat,lon\n1,2\n", "no column epoch"),
        (b"2020-01-01T00:00:00,51,-114\n", "Line 1 holds values"),
        (b"epoch,,lon\n", "Column 2 has no name"),
        (b'epoch,lat\n2020-01-01T00:00:00,"51\n2020-01-01T00:01:00,51\n', "begins on line 2 never ends"),
        (b'epoch,lat\n"2020"x,1\n', "Line 2: text follows a closing quotation mark"),
        (
            b"epoch,metadata.a\n2020-01-01T00:00:00,caf\xe9\n",
            "Line 2 is not UTF-8 text (byte 0xe9 at position 24)",
        ),
        (b"\xff\xfee\x00p\x00", "UTF-16"),
        (b"[", "ends before the closing bracket"),
        (b"[]", "The list is empty"),
        (b'[{"epoch": "2020-01-01T00:00:00"}', "ends before the closing bracket"),
        (b'[\n{"epoch": "2020-01-01T00:00:00"},\n{"epoch": ', "inside the record that begins on line 3"),
        (b'[{"epoch": "2020-01-01T00:00', "closing bracket or quotation mark is missing"),
        (b'[\n{"epoch": "2020-01-01T00:00:00",}\n]', "Line 2 is not JSON"),
        (b'[{"epoch": "2020-01-01T00:00:00"} {"epoch": 1}]', "A comma between two records"),
        (b'[{"epoch": "2020-01-01T00:00:00"}] more', "Text follows the closing bracket"),
        (b"[" + b"[" * 100_000, "nested too deeply"),
        (b'{\n"epoch": "2020-01-01T00:00:00"\n}', "Line 1 is not a complete JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(content: bytes, told: str) -> None:
    assert told in refusal(content)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_is_read_with_the_lines_its_records_begin_on(indent: int | None) -> None:
    content = json.dumps([RECORD, RECORD], indent=indent).encode()
    found = rows(content)
    assert [line for line, _ in found] == ([1, 1] if indent is None else [2, 12])
    assert found[0][1] == {
        "epoch": "2020-01-01T00:00:00",
        "location_geo.lat": 51,
        "location_geo.lon": -114,
        "metadata": {"a": 1},
    }


def test_a_long_array_is_read_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.uploads.readers.json.BLOCK", 30)
    assert len(rows(json.dumps([RECORD] * 20, indent=1).encode())) == 20
    assert len(rows(b'{"result": ' + json.dumps([RECORD] * 3).encode() + b" }\n")) == 3


def test_what_pyaurorax_saves_is_read_and_its_data_source_compared() -> None:
    source = {"identifier": 3, "program": "swarm", "platform": "swarma", "display_name": "Swarm A"}
    ((_, row),) = rows(json.dumps([{"data_source": source, **RECORD, "nbtrace": None}]).encode())
    assert row["data_source.identifier"] == 3
    assert (row["program"], row["platform"]) == ("swarm", "swarma")
    assert not any("display_name" in name or "nbtrace" in name for name in row)


def test_ndjson_tells_of_a_line_that_is_no_object_and_goes_on() -> None:
    findings = Findings()
    line = json.dumps(RECORD).encode()
    found = rows(line + b"\n\nnot json\n[1]\n" + line.replace(b"51", b"NaN"), findings)
    assert [number for number, row in found if row] == [1, 5]
    assert [(cause.rule, cause.count) for cause in findings.causes()] == [(rules.NOT_JSON, 2)]


def test_a_field_that_turns_up_later_and_is_not_known_is_a_problem_of_its_row() -> None:
    findings = Findings()
    found = rows(
        json.dumps([RECORD, RECORD | {"brightness": 1}, RECORD | {"sbtrace": {"lat": 1, "lon": 2}}]).encode(),
        findings,
    )
    assert [row is None for _, row in found] == [False, True, False]
    assert [(cause.rule, cause.column) for cause in findings.causes()] == [
        (rules.UNKNOWN_FIELD, "brightness")
    ]


PIECES = st.sampled_from(
    [
        b"epoch",
        b",",
        b";",
        b"\n",
        b"\r\n",
        b'"',
        b"[",
        b"]",
        b"{",
        b"}",
        b":",
        b"2020-01-01T00:00:00",
        b"51",
        b"\\",
        b"null",
        b"\xe9",
        b"-",
        b"e",
        b"lat",
        b"metadata",
        b"NaN",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=60).map(b"".join)))
def test_no_bytes_bring_anything_but_rows_or_a_sentence(content: bytes) -> None:
    findings = Findings()
    with suppress(NotReadable):
        table = opened(content, findings)
        checking = EPHEMERIS.row_check(_source(), findings)
        checking.expect(name for name in table.matching.names if name)
        for line, row in table.rows:
            assert line > 0
            assert row is None or checking.check(line, row) is None or table.format


def _source() -> DataSource:
    return DataSource(1, "program", "platform", "instrument")
