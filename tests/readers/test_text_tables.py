"""Tables in texts as programs write them: below comments and titles, separated by blanks, framed with bars."""

from pathlib import Path

import pytest

from apps.readers import Dialect
from apps.validation.values import number
from tests.readers.test_readers import opened, refusal, rows, told

CASES = Path(__file__).parents[1] / "cases"
FIRST = {"epoch": "2020-01-01T00:00:00", "location_geo.lat": "51.05", "location_geo.lon": "-114.07"}
PLACE = ("location_geo.lat", "location_geo.lon")

# As the programs write them by default (docs/files.md). What is above the table, and the line of the first row.
TABLES = {
    "Fortran list-directed": (
        b" epoch lat lon\n 2020-01-01T00:00:00   51.05       -114.07    \n 2020-01-01T00:01:00  51.06 -114.07  \n",
        2,
    ),
    "IDL printf": (
        (
            b"epoch            lat    lon\n2020-01-01T00:00:00       51.05      -114.07\n"
            b"2020-01-01T00:01:00       51.06      -114.07\n"
        ),
        2,
    ),
    "astropy ascii.fixed_width": (
        (
            b"|               epoch |   lat |     lon |\n| 2020-01-01T00:00:00 | 51.05 | -114.07 |\n"
            b"| 2020-01-01T00:01:00 | 51.06 | -114.07 |\n"
        ),
        2,
    ),
    "psql": (
        (
            b"        epoch        |  lat  |   lon   \n---------------------+-------+---------\n"
            b" 2020-01-01T00:00:00 | 51.05 | -114.07\n 2020-01-01T00:01:00 | 51.06 | -114.07\n(2 rows)\n\n"
        ),
        3,
    ),
    "numpy.savetxt with commas": (
        b"# epoch,lat,lon\n2020-01-01T00:00:00,51.05,-114.07\n2020-01-01T00:01:00,51.06,-114.07\n",
        2,
    ),
    "Excel's sep=": (
        b"sep=;\r\nepoch;lat;lon\r\n2020-01-01T00:00:00;51.05;-114.07\r\n2020-01-01T00:01:00;51.06;-114.07\r\n",
        3,
    ),
    "a title": (
        (
            b"Ephemeris of CALG, made by hand\n\nepoch;lat;lon\n2020-01-01T00:00:00;51.05;-114.07\n"
            b"2020-01-01T00:01:00;51.06;-114.07\n"
        ),
        4,
    ),
    "comments and tabs": (
        (
            b"% from MATLAB\n% site CALG\nepoch\tlat\tlon\n2020-01-01T00:00:00\t51.05\t-114.07\n"
            b"2020-01-01T00:01:00\t51.06\t-114.07\n"
        ),
        4,
    ),
}


@pytest.mark.parametrize(("content", "line"), TABLES.values(), ids=TABLES)
def test_a_table_is_found_wherever_it_begins_and_however_it_is_drawn(content: bytes, line: int) -> None:
    found = rows(content)
    assert [number for number, _ in found] == [line, line + 1]
    assert {name: cell.strip() for name, cell in found[0][1].items()} == FIRST
    assert not told(content)


@pytest.mark.parametrize(("content", "line"), TABLES.values(), ids=TABLES)
def test_it_is_found_without_names_of_columns_as_well(content: bytes, line: int) -> None:
    below = content.split(b"\n", line - 1)[line - 1]
    meanings = {"column 1": "epoch", "column 2": PLACE[0], "column 3": PLACE[1]}
    found = rows(below, meanings, Dialect(answers={"header": "data"}))
    assert [number for number, _ in found] == [1, 2]
    assert {name: cell.strip() for name, cell in found[0][1].items()} == FIRST


def test_what_stands_above_is_said() -> None:
    with opened((CASES / "astropy-8.0.2.ecsv").read_bytes()) as table:
        assert table.remark == "Lines 1 to 18 stand above the table and were left out (“# %ECSV 1.0”)."
        assert table.dialect.words() == "UTF-8, separated by blanks"
    with opened(b"epoch,lat,lon\n2020-01-01T00:00:00,51.05,-114.07\n") as table:
        assert table.remark == ""


def test_dates_and_times_of_day_between_blanks_are_one_cell_and_row_names_a_column() -> None:
    """R's write.table: the row names have no header, and times no quotation marks."""
    content = (CASES / "r-4.2.2-write.table-default.txt").read_bytes()
    with opened(content) as table:
        assert table.matching.unknown == ["column 1", "site"]
        assert table.dialect.samples == {"column 1": "1, 2, 3"}
        assert table.dialect.row_numbers == ["column 1"]
    line, row = rows(content, {"column 1": "", "site": "metadata.site"})[1]
    assert (line, row["epoch"], row["location_geo.lon"], row["metadata.site"]) == (
        3, "2020-01-01 00:01:00", "-166.3", "CALG",
    )  # fmt: skip


def test_names_come_from_the_comment_above_where_there_are_no_others() -> None:
    content = (CASES / "numpy-2.4.6-savetxt-default.txt").read_bytes()
    with opened(content) as table:
        assert table.remark.startswith("The names of the columns are taken from the comment above them.")
        assert table.matching.headers == ["time", "lat", "lon"]
    line, row = rows(content, {"time": "epoch as Unix seconds"})[0]
    assert (line, float(row["epoch"])) == (2, 1577836800)


def test_names_come_from_the_header_of_a_hapi_server() -> None:
    content = (CASES / "hapi-header-layout.csv").read_bytes()
    with opened(content) as table:
        assert table.matching.names == ["epoch", *PLACE]
    assert rows(content)[0][0] == 25


def test_a_vector_of_a_hapi_server_has_a_name_for_each_of_its_columns() -> None:
    content = (
        b'#{"HAPI": "3.0", "parameters": [{"name": "Time"}, {"name": "geo", "size": [2]}]}\n'
        b"2020-001T00:00Z,51.05,-114.07\n2020-001T00:01Z,51.05,-114.07\n"
    )
    with opened(content) as table:
        assert table.matching.headers == ["Time", "geo_1", "geo_2"]


def test_an_index_without_a_name_is_asked_about_and_known_to_count() -> None:
    content = (CASES / "pandas-3.1.1-to_csv-default-index.csv").read_bytes()
    with opened(content) as table:
        assert table.matching.unknown[0] == "column 1"
        assert table.dialect.row_numbers == ["column 1"]


def test_a_column_without_a_name_that_does_not_count_is_only_asked_about() -> None:
    content = b"epoch,,lon\n2020-01-01T00:00:00,51,-114\n2020-01-01T00:01:00,51,-114\n"
    with opened(content) as table:
        assert (table.matching.unknown, table.dialect.row_numbers) == (["column 2"], [])


def test_quoted_words_between_blanks_keep_their_blanks_and_marks() -> None:
    content = b'epoch "metadata.site name" lat\n"2020-01-01 00:00:00" "Fort \\"A\\" Smith" 51\n'
    assert rows(content)[0][1] == {
        "epoch": "2020-01-01 00:00:00",
        "metadata.site name": 'Fort "A" Smith',
        "location_geo.lat": "51",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"epoch\n2020-01-01 00:00:00\n2020-01-01 00:01:00\n",
        b"Epoch (UTC)\n2020-01-01 00:00:00\n2020-01-01 00:01:00\n",
    ],
)
def test_a_single_column_is_not_taken_for_words(content: bytes) -> None:
    assert [row["epoch"] for _, row in rows(content)] == ["2020-01-01 00:00:00", "2020-01-01 00:01:00"]


def test_no_row_is_taken_for_a_title() -> None:
    """The first row below the names is damaged: it is a problem, and not skipped."""
    content = b"epoch,lat,lon\nbroken\n2020-01-01T00:00:00,51,-114\n2020-01-01T00:01:00,51,-114\n"
    assert [line for line, _ in rows(content)] == [3, 4]
    assert [line for _, line, _ in told(content)] == [2]


def test_a_separator_can_be_chosen_against_what_was_found() -> None:
    content = b"epoch lat\n2020-01-01T00:00:00 51\n"
    assert rows(content, {"epoch lat": "epoch"}, Dialect(delimiter=","))[0][1] == {
        "epoch": "2020-01-01T00:00:00 51"
    }


@pytest.mark.parametrize("cell", ["5.105D+01", "0.5105d2", "51.05"])
def test_numbers_of_fortran_are_numbers(cell: str) -> None:
    assert number(cell) == 51.05


@pytest.mark.parametrize(
    ("content", "what", "cure"),
    [
        ((CASES / "astropy-votable-head.vot").read_bytes(), "a VOTable", "astropy.table.Table.read"),
        (b'<?xml version="1.0"?><rows><row/></rows>', "XML", "pandas.read_xml"),
        (b"<!DOCTYPE html><html><body></body></html>", "a web page", "pandas.read_html"),
        (b"CDF\x01" + bytes(40), "a netCDF file", "xarray.open_dataset"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64" + bytes(90), "a MATLAB file", "writetable"),
        (b"SR\x00\x04" + bytes(40), "an IDL save file", "WRITE_CSV"),
        (b"SIMPLE  =                    T" + b" " * 50, "a FITS file", "astropy.table.Table.read"),
    ],
)
def test_a_format_that_is_not_read_is_named_with_the_line_that_makes_csv_of_it(
    content: bytes, what: str, cure: str
) -> None:
    message = refusal(content)
    assert message.startswith(f"This is {what}, whatever its name says.")
    assert cure in message
