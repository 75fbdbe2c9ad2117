"""Files without a header: asked about, named by hand, and no row of them is lost."""

import io
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from apps.readers import Dialect
from apps.readers.header import is_value
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.readers.test_readers import opened, refusal, rows
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

CASES = Path(__file__).parents[1] / "cases"
CSV = (CASES / "no-header-with-text-column.csv").read_bytes()
DATA = Dialect(answers={"header": "data"})
MAPPING = {
    "column 1": "epoch",
    "column 2": "location_geo.lat",
    "column 3": "location_geo.lon",
    "column 4": "metadata.site",
}


def workbook() -> bytes:
    """The same rows, with real times and numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        for n in range(10):
            sheet.write_row(n, 0, [datetime(2020, 1, 1, 0, n), 51.05, -114.07, "CALG"])  # noqa: DTZ001
    return file.getvalue()


@pytest.mark.parametrize("content", [CSV, workbook()], ids=["csv", "workbook"])
def test_no_row_is_lost_when_the_first_is_data(content: bytes) -> None:
    found = rows(content, MAPPING, DATA)
    assert [line for line, _ in found] == list(range(1, 11))
    assert found[0][1]["epoch"].startswith("2020-01-01T00:00:00")
    assert float(found[0][1]["location_geo.lat"]) == 51.05
    assert found[0][1]["metadata.site"] == "CALG"


@pytest.mark.parametrize("content", [CSV, workbook()], ids=["csv", "workbook"])
def test_a_value_in_the_first_row_is_asked_about(content: bytes) -> None:
    with opened(content) as table:
        (question,) = table.questions
        assert (question.name, question.default) == ("header", "data")
        assert table.matching.unknown == [*MAPPING]
        assert table.dialect.samples["column 4"] == "CALG, CALG, CALG"
        assert len(question.samples) == 10


def test_a_header_with_a_number_among_names_is_taken_for_one_and_asked_about() -> None:
    content = b"epoch,lat,lon,557.7\n2020-01-01T00:00:00,51,-114,3\n"
    with opened(content, {"557.7": "metadata.green"}) as table:
        assert [question.default for question in table.questions] == ["names"]
        assert table.matching.headers == ["epoch", "lat", "lon", "557.7"]
    assert rows(content, {"557.7": "metadata.green"})[0][1]["metadata.green"] == "3"


def test_a_header_of_names_is_not_asked_about() -> None:
    content = (CASES / "octave-7.3.0-unix-seconds-dlmwrite.csv").read_bytes()
    with opened(content) as table:
        assert not table.questions


@pytest.mark.parametrize(
    "cell",
    [
        "2020-01-01T00:00:00Z", "2020-01-01", "01/01/2020 00:01", "01-Jan-2020 00:01:00", "2020:001:00:01:00.000",
        "Wed Jan 01 00:01:00 2020", "20200101T000000", "12:01:00 AM", "51.05", "-114", "5,1784", ".5", "1.5778368e+09",
        "1.0D+02", "NaN", "-Inf", " 737791.0006944444 ", "2020-01-01 00:00:00+00",
    ],
)  # fmt: skip
def test_times_and_numbers_are_values(cell: str) -> None:
    assert is_value(cell)


@pytest.mark.parametrize(
    "cell", ["epoch", "lat", "Epoch (UTC)", "lat_2020", "B7", "x1", "", "2nd", "5577 A", "CALG", "may 1"]
)
def test_names_are_none(cell: str) -> None:
    assert not is_value(cell)


def test_a_title_above_the_names_is_left_out_and_said() -> None:
    content = (CASES / "xlsxwriter-3.3.1-merged-title-row.xlsx").read_bytes()
    with opened(content) as table:
        assert table.remark.startswith(
            "Row 1 stands above the table and was left out (“Calgary ephemeris 2020-01-01”)."
        )
        assert not table.matching.unknown
    assert rows(content)[0][0] == 3


def test_a_sheet_of_titles_alone_is_refused_with_what_is_missing() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Calgary")
        sheet.write(1, 1, "2020")
    assert refusal(file.getvalue()).startswith("Line 1 holds a title, “Calgary”, and no names of columns")


# On the page ---------------------------------------------------------------------------------------------------------


def answer(client: Client, upload: Upload, header: str, **columns: str) -> str:
    posted = {name.replace("_", "-"): value for name, value in columns.items()}
    page = client.post(
        reverse("upload-read", args=[upload.pk]), posted | {"question-0": header}, follow=True
    ).content.decode()
    upload.refresh_from_db()
    return page


COLUMNS = {
    "column_0": "epoch",
    "column_1": "location_geo.lat",
    "column_2": "location_geo.lon",
    "column_3": "(metadata)",
}


def as_proposed(client: Client, upload: Upload) -> dict[str, str]:
    """What the form holds when nobody has touched it, as a browser sends it."""
    form = client.get(reverse("upload-detail", args=[upload.pk])).context["form"]
    return {field.html_name: field.value() or "" for field in form}


def test_columns_are_named_by_hand_and_proposed_for_the_next_file(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(CSV)
    assert upload.state == State.NEEDS_COLUMNS
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "Has the file no header?" in page
    assert "CALG, CALG, CALG" in page
    page = answer(as_owner, upload, "data", **COLUMNS)
    assert "Give it a name" in page
    answer(as_owner, upload, "data", **COLUMNS, name_3="site")
    assert (upload.state, upload.rows, upload.valid) == (State.CHECKED, 10, 10)
    assert upload.report.first_records[0]["metadata"] == {"site": "CALG"}
    act(as_owner, upload, "send")
    assert upload.is_verified
    following = upload_file(CSV.replace(b"2020-01-01", b"2020-01-02"))
    assert (following.state, following.valid) == (State.NEEDS_COLUMNS, 0)
    assert following.unknown_headers == [*MAPPING]
    page = act(as_owner, following, "send")
    assert following.state == State.NEEDS_COLUMNS
    assert "What you chose for that one is chosen below" in page
    as_owner.post(reverse("upload-read", args=[following.pk]), as_proposed(as_owner, following))
    following.refresh_from_db()
    assert (following.state, following.valid) == (State.CHECKED, 10)
    assert following.mapping == MAPPING
    assert following.report.first_records[0]["metadata"] == {"site": "CALG"}


@pytest.mark.parametrize("first", ["data", "names"])
def test_columns_in_another_turn_are_not_taken_for_those_of_the_last_file(
    first: str, as_owner: Client, upload_file: UploadFile
) -> None:
    rows = b"2020-01-01T00:00:00,51.5,-14.25\n2020-01-01T00:01:00,51.5,-14.25\n"
    upload = upload_file(rows)
    answer(as_owner, upload, first)
    columns = {"column_0": "epoch", "column_1": "location_geo.lat", "column_2": "location_geo.lon"}
    answer(as_owner, upload, first, **columns)
    act(as_owner, upload, "send")
    assert upload.is_verified
    following = upload_file(b"2020-01-01T00:05:00,-14.25,51.5\n2020-01-01T00:06:00,-14.25,51.5\n")
    assert (following.state, following.valid) == (State.NEEDS_COLUMNS, 0)
    answer(as_owner, following, "data")
    swapped = {"column_0": "epoch", "column_1": "location_geo.lon", "column_2": "location_geo.lat"}
    answer(as_owner, following, "data", **swapped)
    assert (following.state, following.valid) == (State.CHECKED, 2)
    assert following.report.first_records[0]["location_geo"] == {"lat": 51.5, "lon": -14.25}


def test_the_first_line_can_be_said_to_hold_names_without_naming_columns(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(b"time (UTC),100,200\n2020-01-01T00:00:00,5,6\n".replace(b"time (UTC)", b"when"))
    assert [header for header, _ in upload.columns] == ["column 1", "column 2", "column 3"]
    answer(as_owner, upload, "names")
    assert [header for header, _ in upload.columns] == ["when", "100", "200"]
    assert upload.state == State.NEEDS_COLUMNS
    answer(as_owner, upload, "names", column_0="epoch", column_1="(metadata)", column_2="ignore")
    assert (upload.state, upload.rows) == (State.CHECKED, 1)
    assert upload.report.first_records[0]["metadata"] == {"100": "5"}


def test_numbers_of_rows_are_ignored_as_proposed(as_owner: Client, upload_file: UploadFile) -> None:
    """pandas writes them under no name."""
    upload = upload_file((CASES / "pandas-3.1.1-to_csv-default-index.csv").read_bytes())
    assert (upload.state, upload.unknown_headers[0]) == (State.NEEDS_COLUMNS, "column 1")
    proposed = as_proposed(as_owner, upload)
    assert proposed["column-0"] == "ignore"
    unanswered = [name for name, value in proposed.items() if name.startswith("column") and not value]
    as_owner.post(
        reverse("upload-read", args=[upload.pk]), proposed | dict.fromkeys(unanswered, "(metadata)")
    )
    upload.refresh_from_db()
    assert (upload.state, upload.rows, upload.valid) == (State.CHECKED, 4, 4)
    assert set(upload.report.first_records[0]["metadata"]) == {"site", "altitude"}
