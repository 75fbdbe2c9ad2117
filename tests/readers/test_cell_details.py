"""What stands behind the cells of a workbook: errors, formulas without a result, and addresses of links."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.products.record_type import PRODUCTS
from apps.readers import Dialect, Layout, open_table, xls_details
from apps.readers.cell_details import letters_of, place_of
from apps.readers.errors import UnreadableFile
from apps.uploads.states import State
from apps.validation import rules
from tests.readers.test_readers import opened, refusal, rows, told
from tests.support.properties import property_settings
from tests.support.uploads import UploadFile

pytestmark = pytest.mark.any_database

CASES = Path(__file__).parents[1] / "cases"
EPOCH = "2020-01-01T00:00:00"
ODS = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">%s</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def ods(*sheet_rows: str) -> bytes:
    file = io.BytesIO()
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in sheet_rows)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS % body)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return file.getvalue()


def cell(text: str, more: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def book(write: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, **options}) as workbook:
        write(workbook.add_worksheet())
    return file.getvalue()


def test_error_cells_are_problems_and_their_rows_are_not_sent() -> None:
    content = (CASES / "libreoffice-7.4.7-error-cells.xlsx").read_bytes()
    assert told(content) == [
        (rules.CELL_ERROR, 3, "metadata.site"),
        (rules.CELL_ERROR, 5, "location_geo.lat"),
        (rules.CELL_ERROR, 5, "location_geo.lon"),
    ]
    assert [line for line, _ in rows(content)] == [2, 4, 6, 7, 8, 9, 10, 11]


def test_formulas_without_a_result_are_problems_of_the_columns_that_are_read() -> None:
    content = (CASES / "openpyxl-3.1.5-lat-lon-formulas.xlsx").read_bytes()
    mapping = {"lat_rad": "", "lon_rad": ""}
    with opened(content, mapping) as table:
        found = [each for batch in table.batches for each in batch.reported]
    assert found[:2] == [
        (rules.NOT_CALCULATED, 2, "location_geo.lat", "=DEGREES(D2)"),
        (rules.NOT_CALCULATED, 2, "location_geo.lon", "=DEGREES(E2)"),
    ]
    assert len(found) == 20
    assert len(rows(content, mapping | {"lat": "", "lon": ""})) == 10


def test_the_zero_of_a_program_that_does_not_calculate_is_no_result() -> None:
    def write(sheet: Any) -> None:
        sheet.write_row(0, 0, ["epoch", "lat", "lon"])
        sheet.write_row(1, 0, [EPOCH, 1.5, 2])
        sheet.write_formula(1, 2, "=1+1")
        sheet.write_row(2, 0, ["2020-01-01T00:01:00", 0, 2])
        sheet.write_formula(2, 2, "=1+1", None, 2)

    content = book(write)
    assert told(content) == [(rules.NOT_CALCULATED, 2, "location_geo.lon")]
    assert [row["location_geo.lon"] for _, row in rows(content)] == [2]


def test_a_row_of_nothing_but_errors_is_told_of() -> None:
    def write(sheet: Any) -> None:
        sheet.write_row(0, 0, ["epoch", "lat"])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    assert told(book(write)) == [(rules.CELL_ERROR, 2, "epoch"), (rules.CELL_ERROR, 2, "location_geo.lat")]


def test_errors_and_formulas_of_an_opendocument_sheet_are_problems() -> None:
    content = ods(
        cell("epoch") + cell("lat") + cell("lon"),
        cell(EPOCH) + cell("#N/A", 'table:formula="of:=NA()" office:value-type="string" calcext:value-type="error"'),
        cell("2020-01-01T00:01:00") + '<table:table-cell table:formula="of:=[.B2]"/>',
        cell("2020-01-01T00:02:00") + cell("5", 'table:formula="of:=2+3" office:value-type="float" office:value="5"'),
    )  # fmt: skip
    assert told(content) == [
        (rules.CELL_ERROR, 2, "location_geo.lat"),
        (rules.NOT_CALCULATED, 3, "location_geo.lat"),
    ]
    assert [row["location_geo.lat"] for _, row in rows(content)] == [5]


def test_a_workbook_that_declares_entities_is_refused() -> None:
    file, content = io.BytesIO(), (CASES / "libreoffice-7.4.7-error-cells.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
            new.writestr(name, text)
    assert "declares XML entities" in refusal(file.getvalue())


def test_places_of_cells_are_read_and_written() -> None:
    for column, letters in ((0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")):
        assert letters_of(column) == letters
        assert place_of(f"{letters}7") == (7, column)
        assert place_of(f"${letters}$7") == (7, column)


def test_the_page_and_the_list_name_the_cell(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file((CASES / "libreoffice-7.4.7-error-cells.xlsx").read_bytes(), name="a.xlsx")
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "cell B5" in page
    assert "#DIV/0!" in page
    listing = b"".join(as_owner.get(reverse("upload-problems", args=[upload.pk]))).decode().splitlines()
    assert listing[0].startswith("row,cell,column,value")
    assert listing[1].startswith("3,D3,metadata.site,#DIV/0!,problem")


# Links ---------------------------------------------------------------------------------------------------------------


def urls(content: bytes, answer: str) -> list[str]:
    layout = Layout(PRODUCTS.columns, {}, Dialect(answers={"link:url": answer} if answer else {}))
    with open_table(io.BytesIO(content), layout) as table:
        return [row["url"] for batch in table.batches for _, row in batch.rows()]


def test_text_and_address_of_a_link_are_asked_about(as_owner: Client, upload_file: UploadFile) -> None:
    content = (CASES / "xlsxwriter-3.3.1-hyperlink-display-text.xlsx").read_bytes()
    upload = upload_file(content, kind="products", name="a.xlsx")
    assert upload.state == State.NEEDS_COLUMNS
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "In 10 cells of column url the text differs from the address behind it" in page
    assert "keogram 01 Jan → https://data.example.org/2020/01/01/keogram.jpg" in page
    names = ["data_product_type", "url", "start", "end"]
    columns = {f"column-{place}": name for place, name in enumerate(names)}
    for chosen, url in (
        ("text", "keogram 01 Jan"),
        ("address", "https://data.example.org/2020/01/01/keogram.jpg"),
    ):
        as_owner.post(reverse("upload-read", args=[upload.pk]), columns | {"question-0": chosen})
        upload.refresh_from_db()
        assert (upload.state, upload.report.first_records[0]["url"]) == (State.CHECKED, url)


@pytest.mark.parametrize("answer", ["text", "address"])
def test_addresses_in_formulas_are_asked_about_too(answer: str) -> None:
    def write(sheet: Any) -> None:
        sheet.write_row(0, 0, ["url", "start", "end", "type"])
        for row, formula in enumerate(
            ['=HYPERLINK("https://x.org/a","A")', '=HYPERLINK("https://x.org/b","B")'], 1
        ):
            sheet.write_row(row, 1, [EPOCH, EPOCH, "keogram"])
            sheet.write_formula(row, 0, formula, None, "AB"[row - 1])

    meant = ["A", "B"] if answer == "text" else ["https://x.org/a", "https://x.org/b"]
    assert urls(book(write), answer) == meant


def test_links_that_show_their_address_are_not_asked_about() -> None:
    def write(sheet: Any) -> None:
        sheet.write_row(0, 0, ["url", "start", "end", "type"])
        sheet.write_row(1, 1, [EPOCH, EPOCH, "keogram"])
        sheet.write_url(1, 0, "https://x.org/a b", string="https://x.org/a b")

    with open_table(io.BytesIO(book(write)), Layout(PRODUCTS.columns, {})) as table:
        assert not table.questions
    assert urls(book(write), "") == ["https://x.org/a b"]


# Merged cells --------------------------------------------------------------------------------------------------------


def test_rows_that_share_a_merged_cell_are_told_of() -> None:
    def write(sheet: Any) -> None:
        sheet.write_row(0, 0, ["epoch", "lat", "lon", "metadata.site", "remark"])
        for row in range(1, 4):
            sheet.write_row(row, 0, [f"2020-01-01T00:0{row}:00", 51, -114, "CALG", "x"])
        sheet.merge_range(1, 3, 2, 3, "CALG")
        sheet.merge_range(1, 4, 3, 4, "never read")

    content = book(write)
    with opened(content, {"remark": ""}) as table:
        found = [each for batch in table.batches for each in batch.reported]
    assert found == [(rules.MERGED, 3, "metadata.site", "merged with D2")]
    assert [line for line, _ in rows(content, {"remark": ""})] == [2, 4]


# Old workbooks -------------------------------------------------------------------------------------------------------


def test_errors_and_formulas_of_an_old_workbook_are_problems() -> None:
    content = (CASES / "xlwt-1.3.0-errors-and-formulas.xls").read_bytes()
    with opened(content) as table:
        assert (table.dialect.sheet, table.remark) == (
            "Æphemeris",
            "Sheets that were not read: “empty”, “x”.",
        )
    assert told(content) == [
        (rules.CELL_ERROR, 7, "location_geo.lat"),
        (rules.NOT_CALCULATED, 8, "location_geo.lon"),
    ]
    assert [line for line, _ in rows(content)] == [2, 3, 4, 5, 6]


def test_an_old_workbook_that_cannot_be_looked_into_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.readers.xls_details.SHEET", 0x8500)
    with opened((CASES / "xlwt-1.3.0-errors-and-formulas.xls").read_bytes()) as table:
        assert "cannot be told from an empty one" in table.remark


@property_settings
@given(place=st.integers(0, 20_000), piece=st.binary(min_size=1, max_size=8))
def test_a_damaged_old_workbook_is_looked_into_or_unknown(place: int, piece: bytes) -> None:
    content = bytearray((CASES / "xlwt-1.3.0-errors-and-formulas.xls").read_bytes())
    content[place : place + len(piece)] = piece
    with suppress(xls_details.Unknown, UnreadableFile):
        xls_details.read_details(bytes(content), "Æphemeris")
