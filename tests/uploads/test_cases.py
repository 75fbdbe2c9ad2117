"""Files that real tools wrote, sent through the portal's pages and read back from AuroraX value by value."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.records.types import type_of
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation.value_formats import DAY_FIRST
from tests.readers import science
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

CASES = Path(__file__).parents[1] / "cases"
EARLIEST, LATEST = datetime(2019, 1, 1, tzinfo=UTC), datetime(2021, 12, 31, tzinfo=UTC)
Record = dict[str, Any]


def held(aurorax: AuroraX, source: DataSource, slug: str) -> dict[str, Record]:
    """All that AuroraX holds, by key."""
    kind = type_of(slug)
    found: dict[str, Record] = {}
    start = EARLIEST
    while start < LATEST:
        end = start + timedelta(days=28)
        found |= {kind.key(row): kind.record_of(row) for row in kind.search(aurorax, source, start, end)}
        start = end
    return found


def answer(client: Client, upload: Upload, **chosen: str) -> None:
    """Say what columns are and what questions mean, by name; all others as the page has them."""
    posted = {
        f"column-{place}": chosen.get(header) or name or "ignore"
        for place, (header, name) in enumerate(upload.columns)
    }
    posted |= {name: text for name, text in chosen.items() if name.startswith("name-")}
    for place, question in enumerate(upload.questions):
        posted[f"question-{place}"] = chosen.get(question["name"].partition(":")[0]) or question["default"]
    page = client.post(reverse("upload-read", args=[upload.pk]), posted, follow=True)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED, [upload.columns, posted, page.context["form"].errors]


def send(client: Client, upload: Upload) -> None:
    assert upload.state == State.CHECKED, upload.message
    assert "Verified" in act(client, upload, "send")


def minutes(found: dict[str, Record]) -> list[str]:
    return [key[11:16] for key in sorted(found)]


def rules(upload: Upload) -> dict[str, int]:
    return {problem.slug: problem.count for problem in upload.problems.all()}


@pytest.fixture
def case(upload_file: UploadFile) -> Any:
    """Uploads one of the files as the owner."""

    def upload(name: str, kind: str = "ephemeris") -> Upload:
        return upload_file((CASES / name).read_bytes(), name=name, kind=kind)

    return upload


def test_identifiers_that_changed_are_changes(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    send(as_owner, case("a_ids_v1.json"))
    second = case("a_ids_v2.json")
    assert (second.changed, second.identical) == (2, 0)
    assert second.report.differences["fields"] == {
        "metadata.version_date": 2, "metadata.image_id": 2, "metadata.orbit": 2, "metadata.start_unix": 2,
    }  # fmt: skip
    send(as_owner, second)
    now = {
        "version_date": 20240115, "image_id": 588848899891200431, "orbit": 24567912, "start_unix": 1546302000, "gain": 1.0,
    }  # fmt: skip
    assert [record["metadata"] for record in held(aurorax, source, "ephemeris").values()] == [now, now]
    act(as_owner, second, "undo")
    before = held(aurorax, source, "ephemeris").values()
    assert [record["metadata"]["image_id"] for record in before] == [588848899891200400] * 2


def test_pandas_days_since_1858_keep_every_minute(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("pandas-3.1.1-to_datetime-mjd-unit-D.csv")
    answer(as_owner, upload, site="(metadata)", altitude="ignore")
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"00:{n:02}" for n in range(upload.rows)]
    assert found["2020-01-01T00:02:00"]["location_geo"] == {"lat": 10.3351, "lon": -162.6}


@pytest.mark.parametrize(
    "name",
    [
        "duckdb-2.0.1-timestamptz.csv", "iso-basic-times.csv", "octave-7.3.0-datestr-default.csv",
        "gnumeric-1.12.55-midnight-date-only.csv",
    ],
)  # fmt: skip
def test_times_as_tools_write_them_keep_every_minute(
    name: str, as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case(name)
    if upload.state == State.NEEDS_COLUMNS:
        answer(as_owner, upload, site="(metadata)")
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"00:{n:02}" for n in range(upload.rows)]
    assert found["2020-01-01T00:02:00"]["location_geo"] == {"lat": 10.3351, "lon": -162.6}


@pytest.mark.parametrize(
    ("name", "end"),
    [("r-4.2.2-products-midnight.csv", "T00:00:00"), ("pandas-3.1.1-end-235959.999.csv", "T23:59:00")],
)
def test_lists_of_products_that_start_at_midnight_arrive(
    name: str, end: str, as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case(name, "products")
    assert rules(upload)["date-alone"]
    send(as_owner, upload)
    found = held(aurorax, source, "products").values()
    assert len(found) == upload.rows
    assert {(record["start"][10:], record["end"][10:]) for record in found} == {("T00:00:00", end)}


def test_octave_days_that_were_added_up_are_rounded_when_somebody_says_so(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("octave-7.3.0-accumulated-datenum-datestr.csv")
    assert upload.state == State.NEEDS_COLUMNS
    (question,) = upload.questions
    assert (question["name"], len(question["samples"])) == ("seconds:epoch", 6)
    answer(as_owner, upload, seconds="nearest")
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"02:{16 + n}" for n in range(upload.rows)]
    assert found["2020-01-01T02:19:00"]["location_geo"] == {"lat": 32.6967, "lon": -15.7}


def test_octave_seconds_since_1970_with_noise_keep_every_minute(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("octave-7.3.0-unix-seconds-dlmwrite.csv")
    answer(as_owner, upload, time="epoch as Unix seconds")
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"00:{n:02}" for n in range(upload.rows)]
    assert found["2020-01-01T00:03:00"]["location_geo"] == {"lat": 15.4484, "lon": -158.9}


def test_the_end_of_a_day_stays_on_that_day(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("pandas-3.1.1-end-235959.999.xlsx", "products")
    send(as_owner, upload)
    found = held(aurorax, source, "products")
    assert len(found) == upload.rows
    for record in found.values():
        assert (record["start"][11:], record["end"][11:]) == ("00:00:00", "23:59:00")
        assert record["start"][:10] == record["end"][:10]


def test_a_file_without_a_header_loses_no_row(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("no-header-with-text-column.csv")
    columns = {
        "column 1": "epoch", "column 2": "location_geo.lat", "column 3": "location_geo.lon", "column 4": "(metadata)",
        "name-3": "site",
    }  # fmt: skip
    answer(as_owner, upload, **columns)
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"00:{n:02}" for n in range(10)]
    assert found["2020-01-01T00:00:00"]["metadata"] == {"site": "CALG"}


def test_errors_of_a_workbook_are_problems_and_nothing_becomes_empty(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("libreoffice-7.4.7-error-cells.xlsx")
    if upload.state == State.NEEDS_COLUMNS:
        answer(as_owner, upload)
    assert rules(upload)["cell-error"]
    examples = [
        example for problem in upload.problems.filter(slug="cell-error") for example in problem.examples
    ]
    assert {example["value"] for example in examples} <= {"#N/A", "#DIV/0!", "#VALUE!", "#REF!"}
    if upload.valid:
        send(as_owner, upload)
        for record in held(aurorax, source, "ephemeris").values():
            assert None not in record["location_geo"].values()


def test_formulas_that_nobody_calculated_are_problems(as_owner: Client, case: Any) -> None:
    upload = case("openpyxl-3.1.5-lat-lon-formulas.xlsx")
    answer(as_owner, upload)
    assert upload.valid == 0
    assert "not-calculated" in rules(upload)


def test_no_value_of_r_is_no_value_and_infinity_is_told(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("r-4.2.2-NA-in-metadata.csv")
    assert rules(upload)["no-value"]
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert found["2020-01-01T00:01:00"]["metadata"] is None
    assert found["2020-01-01T00:02:00"]["metadata"] == {"site": "CALG", "ok": "FALSE"}


def test_nights_over_midnight_arrive_whole(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    send(as_owner, case("e_night_keograms.csv", "products"))
    found = held(aurorax, source, "products")
    spans = {record["start"]: record["end"] for record in found.values()}
    assert spans == {f"2021-01-0{n}T16:00:00": f"2021-01-0{n + 1}T05:59:00" for n in range(1, 6)}


def test_year_day_month_is_asked_about(
    as_owner: Client, case: Any, aurorax: AuroraX, source: DataSource
) -> None:
    upload = case("o_ydm.csv")
    assert upload.state == State.NEEDS_COLUMNS
    answer(as_owner, upload, **{"date-order": DAY_FIRST})
    send(as_owner, upload)
    found = sorted(held(aurorax, source, "ephemeris"))
    assert found == [f"2021-03-{8 + n:02}T00:00:00" for n in range(upload.rows)]


def test_a_receiver_that_was_reset_is_a_warning(case: Any) -> None:
    upload = case("n_gps_epoch.csv")
    assert rules(upload)["far"] == 1


def test_objects_in_their_printed_form_are_refused(as_owner: Client, source: DataSource) -> None:
    file = SimpleUploadedFile("a.json", (CASES / "pyaurorax-1.27.0-dict-default-str.json").read_bytes())
    page = as_owner.post(reverse("ephemeris-upload", args=[source.identifier]), {"file": file})
    assert page.status_code == 422
    assert "to_json_serializable" in page.content.decode()


def test_a_cdf_arrives_with_its_radians_and_kilometres_as_degrees(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource, tmp_path: Path
) -> None:
    points = np.array([[1.0, 1.0, 0.0], *[[0.0, 0.0, 2.0]] * 9])
    columns = {
        **science.times(),
        "GEO_LAT": science.data(np.radians(np.full(science.RECORDS, 51.05)), "radians"),
        "GEO_LON": science.data(np.full(science.RECORDS, 245.93), "deg"),
        "XYZ_GSM": science.data(points, "km", sizes=(3,)),
    }
    upload = upload_file(science.write_cdf(tmp_path / "a.cdf", columns), name="a.cdf")
    assert upload.state == State.NEEDS_COLUMNS
    page = as_owner.get(reverse("upload-detail", args=[upload.pk]))
    form = page.context["form"]
    assert b"km" in page.content
    posted = {
        field.html_name: field.value() or "" for field in [*form.asked, *form.known, *form.dialect_fields]
    }
    as_owner.post(reverse("upload-read", args=[upload.pk]), posted)
    upload.refresh_from_db()
    send(as_owner, upload)
    assert rules(upload) == {"radians": 10, "cartesian": 10, "longitude-turned": 10}
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"00:{minute:02}" for minute in range(10)]
    first = found["2020-01-01T00:00:00"]
    assert first["location_geo"] == {"lat": 51.05, "lon": -114.07}
    assert first["location_gsm"] == {"lat": 0.0, "lon": 45.0}


def test_numbers_with_a_decimal_comma_are_times_once_somebody_says_what_they_count(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource
) -> None:
    rows = [f"{58849 + minute / 1440:.10f};51.05;-114.07".replace(".", ",") for minute in range(10)]
    upload = upload_file("\n".join(["mjd;lat;lon", *rows]).encode())
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "epoch, as Modified Julian Date: 2020-01-01 00:00, 2020-01-01 00:01" in page
    answer(as_owner, upload, mjd="epoch as Modified Julian Date")
    send(as_owner, upload)
    found = held(aurorax, source, "ephemeris")
    assert minutes(found) == [f"00:{minute:02}" for minute in range(10)]
    assert found["2020-01-01T00:09:00"]["location_geo"] == {"lat": 51.05, "lon": -114.07}


@pytest.mark.parametrize("header", ["date,start_time,end_time,url,type", "date,start,end,url,type"])
def test_one_date_of_start_and_end_is_put_to_both(
    as_owner: Client, upload_file: UploadFile, aurorax: AuroraX, source: DataSource, header: str
) -> None:
    rows = ["2020-01-01,06:00,07:00,a.jpg,keogram", "2020-01-02,08:00,09:30,b.jpg,keogram"]
    upload = upload_file("\n".join([header, *rows]).encode(), kind="products")
    answer(as_owner, upload)
    send(as_owner, upload)
    spans = [(each["start"], each["end"]) for each in held(aurorax, source, "products").values()]
    assert sorted(spans) == [
        ("2020-01-01T06:00:00", "2020-01-01T07:00:00"),
        ("2020-01-02T08:00:00", "2020-01-02T09:30:00"),
    ]
