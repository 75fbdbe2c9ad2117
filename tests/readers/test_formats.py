"""Any sensible file: encodings, dialects, archives, workbooks, Parquet."""

import gzip
import io
import json
import math
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from apps.readers import Dialect
from apps.readers.rows import ROWS
from tests.readers.test_readers import batches, opened, refusal, rows

EPOCH = "2020-01-01T00:00:00"
PLACE = {"epoch": EPOCH, "location_geo.lat": "51.05", "location_geo.lon": "-114.07"}
CSV = 'epoch,lat,lon,metadata.note\n2020-01-01T00:00:00,51.05,-114.07,"Gödel, 5°"\n'
RECORD = {"epoch": EPOCH, "location_geo": {"lat": 51.05, "lon": -114.07}, "metadata": {"note": "Gödel"}}


def words(content: bytes, **chosen: Any) -> str:
    with opened(content, dialect=Dialect(**chosen)) as table:
        return f"{table.format}: {table.dialect.words()}"


# Encodings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"), ("cp1252", "Windows-1252"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_the_encodings_people_have(encoding: str, named: str, line_end: str) -> None:
    content = CSV.replace("\n", line_end).encode(encoding)
    assert words(content) == f"CSV: {named}, separated by commas"
    assert rows(content) == [(2, {**PLACE, "metadata.note": "Gödel, 5°"})]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_json_is_read_in_them_too(encoding: str) -> None:
    for text in (json.dumps([RECORD], ensure_ascii=False), json.dumps(RECORD, ensure_ascii=False)):
        ((_, row),) = rows(text.encode(encoding))
        assert json.loads(row["metadata"]) == {"note": "Gödel"}


def test_where_a_file_stops_being_utf_8_is_told_and_the_encoding_can_be_chosen() -> None:
    content = CSV.encode("cp1252")
    with opened(content) as table:
        assert table.remark == "Read as Windows-1252: Line 2 is not UTF-8 text (byte 0xf6 at position 37)."
    with pytest.raises(Exception, match=r"Line 2 is not UTF-8 text \(byte 0xf6 at position 37\)"):
        rows(content, dialect=Dialect(encoding="utf-8"))
    with pytest.raises(Exception, match="cannot be read as Windows-1252"):
        rows(b"epoch,lat\n2020-01-01T00:00:00,51\x81", dialect=Dialect(encoding="cp1252"))


def test_a_flaw_far_down_and_at_the_edge_of_a_block_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.readers.encodings.READ_BYTES", 7)
    with opened(b"epoch,lat\n2020-01-01T00:00:00,5\n" + b"2020-01-01T00:01:00,\xf6\n") as table:
        assert "Line 3 is not UTF-8 text (byte 0xf6 at position 21)" in table.remark
    with opened("epoch,metadata.note\n2020-01-01T00:00:00,ööööö°°°\n".encode()) as table:
        assert not table.remark


@pytest.mark.parametrize("content", [b"epoch,lat\n\x00\x01\x02", b"\xff\xfe\x00\x00", bytes(range(256))])
def test_binary_data_is_no_text_in_any_encoding(content: bytes) -> None:
    assert "binary data" in refusal(content)


# Dialects ------------------------------------------------------------------------------------------------------------


def test_semicolons_with_decimal_commas_are_found_out() -> None:
    content = b"epoch;lat;lon\n2020-01-01T00:00:00;51,05;-114,07\n"
    assert words(content) == "CSV: UTF-8, separated by semicolons, decimal comma"
    assert words(content.replace(b",", b".")) == "CSV: UTF-8, separated by semicolons"


def test_what_was_found_out_can_be_overruled() -> None:
    content = b"epoch;lat|a;lon\n2020-01-01T00:00:00;51;-114\n"
    assert words(content, delimiter=";") == "CSV: UTF-8, separated by semicolons"
    assert words(content, delimiter="|") == "CSV: UTF-8, separated by vertical bars"
    assert words(b"epoch;lat\n2020-01-01T00:00:00;51\n", decimal_comma=True).endswith("decimal comma")


def test_quoted_cells_and_cells_of_several_lines_are_read_alike_in_large_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.readers.csv.READ_BYTES", 200)
    lines = [f'"2020-01-01T00:{n:02}:00","51,05","he said ""{n}""\nand left"' for n in range(40)]
    found = rows("\n".join(["epoch,lat,metadata.note", *lines]).encode())
    assert [line for line, _ in found] == [2 + 2 * n for n in range(40)]
    assert found[7][1]["metadata.note"] == 'he said "7"\nand left'


def test_blank_rows_are_left_out_and_lines_go_on_counting() -> None:
    content = b"epoch,lat,remark\n\n,,\n2020-01-01T00:00:00,51,\n,,\n2020-01-01T00:01:00,52,\n"
    assert [line for line, _ in rows(content, mapping={"remark": ""})] == [4, 6]


def test_a_row_whose_first_cell_is_empty_is_no_blank_row() -> None:
    content = b"epoch,lat,lon\n,51,10\n,,\n2020-01-01T00:00:00,51,10\n"
    assert [line for line, _ in rows(content)] == [2, 4]


# Archives ------------------------------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__MACOSX", "__MACOSX/"), content)
    return file.getvalue()


def test_gzip_and_zip_are_unpacked_and_said() -> None:
    content = CSV.encode()
    assert words(gzip.compress(content)) == "CSV: packed with gzip, UTF-8, separated by commas"
    packed = zipped(**{"day.csv": content, "__MACOSX._day.csv": b"x", ".DS_Store": b"x"})
    assert words(packed) == "CSV: packed with zip, UTF-8, separated by commas"
    assert rows(packed) == rows(content)
    assert rows(zipped(**{"day.csv.gz": gzip.compress(content)})) == rows(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (gzip.compress(CSV.encode())[:-12], "damaged or cut off"),
        (zipped(nameless=CSV.encode()).replace(b"nameless", b"\0ameless"), "The archive is empty"),
        (gzip.compress(b""), "The file is empty"),
        (zipped(a=b"x", b=b"y"), "holds 2 files (a, b…)"),
        (zipped(**{f"f{n}": b"" for n in range(101)}), "holds 101 files"),
        (zipped(**{"folder/": b""}), "The archive is empty"),
        (zipped(**{"day.csv": CSV.encode()})[:-30], "damaged or cut off"),
        (gzip.compress(gzip.compress(gzip.compress(b"x"))), "archives inside archives"),
        (gzip.compress(b"epoch\n" + b"\0" * 40_000_000), "more than 200 times as large"),
    ],
    ids=["cut", "nameless", "empty", "two", "many", "folder", "cut zip", "nested", "bomb"],
)
def test_an_archive_that_cannot_be_used_gets_a_sentence(content: bytes, told: str) -> None:
    assert told in refusal(content)


def test_a_locked_archive_is_told_of() -> None:
    packed = bytearray(zipped(**{"day.csv": CSV.encode()}))
    for header in (packed.index(b"PK\x03\x04") + 6, packed.index(b"PK\x01\x02") + 8):
        packed[header] |= 1
    assert "locked with a password" in refusal(bytes(packed))


# Workbooks -----------------------------------------------------------------------------------------------------------


def workbook(*sheets: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        for sheet_rows in sheets:
            sheet = book.add_worksheet()
            for number, cells in enumerate(sheet_rows):
                sheet.write_row(number, 0, cells)
    return file.getvalue()


MIDNIGHT = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # workbooks know no zones
HEADER = ["epoch", "lat", "lon", "metadata.n", "metadata.on"]


def test_a_workbook_is_read_with_its_times_and_numbers() -> None:
    content = workbook(
        [],
        [
            HEADER,
            [MIDNIGHT + timedelta(minutes=1), 51.05, -114, 7, True],
            [],
            [date(2020, 1, 2), 0.1, 1e-7, 2.5, "x"],
        ],
    )
    with opened(content) as table:
        assert (table.format, table.dialect.words()) == ("Workbook", "sheet “Sheet2”")
        assert table.remark == "Sheets that were not read: “Sheet1”."
    names = ["epoch", "location_geo.lat", "location_geo.lon", "metadata.n", "metadata.on"]
    assert rows(content) == [
        (2, dict(zip(names, ["2020-01-01T00:01:00", 51.05, -114.0, 7, True], strict=True))),
        (4, dict(zip(names, ["2020-01-02T00:00:00", 0.1, 1e-7, 2.5, "x"], strict=True))),
    ]


def test_times_that_excel_keeps_as_fractions_come_back_to_the_second() -> None:
    minutes = [MIDNIGHT + timedelta(minutes=n) for n in range(1440)]
    found = rows(workbook([["epoch"], *[[minute] for minute in minutes]]))
    assert [row["epoch"] for _, row in found] == [minute.isoformat() for minute in minutes]


def test_a_sheet_can_be_chosen() -> None:
    content = workbook([HEADER, [EPOCH]], [["time"], ["2021-01-01T00:00:00"]])
    assert rows(content, dialect=Dialect(sheet="Sheet2")) == [(2, {"epoch": "2021-01-01T00:00:00"})]
    with pytest.raises(Exception, match=r"has no sheet “Other”\. It has “Sheet1”, “Sheet2”"):
        rows(content, dialect=Dialect(sheet="Other"))


def test_a_long_sheet_comes_in_blocks() -> None:
    content = workbook([["epoch", "lat", "lon"], *[[EPOCH, 1, 2]] * (ROWS + 5)])
    assert [len(batch) for batch in batches(content)] == [ROWS, 5]


@pytest.mark.parametrize("content", [workbook(), workbook([]), workbook([["lat"], [1]])])
def test_a_workbook_without_records_gets_a_sentence(content: bytes) -> None:
    assert refusal(content)


def test_a_damaged_workbook_gets_a_sentence() -> None:
    content = workbook([HEADER, [EPOCH, 51, 1]])
    broken = bytearray(content)
    broken[60:90] = b"\xff" * 30
    assert "damaged" in refusal(bytes(broken))
    assert refusal(zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x"}))
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


# Parquet -------------------------------------------------------------------------------------------------------------


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def test_parquet_is_read_with_its_types() -> None:
    frame = pl.DataFrame(
        {
            "epoch": [datetime(2020, 1, 1, 7, tzinfo=UTC), datetime(2020, 1, 1, 7, 1, tzinfo=UTC)],
            "location_geo": [{"lat": 51.05, "lon": -114.07}, None],
            "lat_gsm": [1, 2],
            "metadata.n": [7, None],
            "metadata.x": [float("nan"), 0.5],
            "metadata.on": [True, None],
            "metadata.list": [["a", 'b"'], None],
            "metadata.name": ['say "hi"', None],
        }
    ).rename({"lat_gsm": "gsm_lat"})
    found = rows(parquet(frame))
    assert [line for line, _ in found] == [1, 2]
    assert found[0][1]["epoch"].startswith("2020-01-01T07:00:00")
    assert (found[0][1]["location_geo.lat"], found[0][1]["location_gsm.lat"]) == (51.05, 1.0)
    names = [f"metadata.{name}" for name in ("n", "on", "list", "name")]
    assert [found[0][1][name] for name in names] == [7, True, ["a", 'b"'], 'say "hi"']
    assert math.isnan(found[0][1]["metadata.x"])  # not-a-number is told of before it is no value
    assert {name: value for name, value in found[1][1].items() if name.startswith("metadata") and value} == {
        "metadata.x": 0.5
    }


def test_parquet_of_text_is_read_like_csv() -> None:
    assert rows(parquet(pl.DataFrame({"time": [EPOCH], "lat": ["51.05"], "lon": ["-114.07"]}))) == [
        (1, PLACE)
    ]


def test_parquet_that_cannot_be_read_gets_a_sentence() -> None:
    content = parquet(pl.DataFrame({"epoch": [EPOCH] * 50}))
    assert "damaged or cut off" in refusal(content[:-20])
    assert "damaged or cut off" in refusal(content[:10] + b"\xff" * 40 + content[50:])
    assert "no rows" in refusal(parquet(pl.DataFrame({"epoch": []}, schema={"epoch": pl.String})))


# Times that are bare numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"time,lat\n1577836800,51\n",
        b'[{"time": 1577836800, "lat": 51}]',
        b'{"time": 1577836800, "lat": 51}\n',
        parquet(pl.DataFrame({"time": [1577836800], "lat": [51]})),
        workbook([["time", "lat"], [1577836800, 51]]),
    ],
    ids=["csv", "json", "ndjson", "parquet", "workbook"],
)
def test_numbers_under_a_time_are_asked_about_and_declared_never_guessed(content: bytes) -> None:
    with opened(content) as table:
        assert table.matching.unknown == ["time"]
    with opened(content, {"time": "epoch as Unix seconds"}) as table:
        assert table.matching.unknown == []
        (batch,) = table.batches
        assert float(batch.cells["epoch"].item()) == 1577836800
