"""Mending wrong rows in the page: fixes for groups, single cells, and the recipe that is kept of them."""

import re
import time
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Problem, Upload, UploadMending
from apps.uploads.reader import wrong_rows
from apps.uploads.reader.wrong_rows import WrongCell, encode_line
from apps.uploads.states import State
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_cases import held

pytestmark = pytest.mark.any_database
SWAPPED = ["2020-01-02T00:00:00,114.07,51.05,on", "2020-01-02T00:01:00,-114.07,51.05,on"]
Mend = Callable[..., str]


@pytest.fixture
def mend(as_owner: Client) -> Mend:
    """Opens the page of an upload, or posts to it; answers what comes then."""

    def post(upload: Upload, name: str = "", client: Client = as_owner, **posted: str) -> str:
        if name:
            answer = client.post(reverse(f"upload-mend-{name}", args=[upload.pk]), posted, follow=True)
        else:
            answer = client.get(reverse("upload-mend", args=[upload.pk]), posted)
        upload.refresh_from_db()
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return post


def test_swapped_places_are_mended_with_one_button(
    upload_file: UploadFile, mend: Mend, as_owner: Client, aurorax: AuroraX, source: DataSource
) -> None:
    upload = upload_file(csv_of(*minutes(3), *SWAPPED))
    assert (upload.valid, upload.with_problems) == (3, 2)
    page = mend(upload)
    assert "Swap latitude and longitude of location_geo where the latitude is over 90" in page
    assert page.count("A latitude outside -90 to 90") >= 2  # beside each cell
    mend(upload, "fix", cause="latitude~location_geo.lat", offer="0")
    assert (upload.state, upload.valid, upload.with_problems) == (State.CHECKED, 5, 0)
    assert "(2 rows)" in mend(upload)
    act(as_owner, upload, "send")
    found = held(aurorax, source, "ephemeris")
    assert found["2020-01-02T00:00:00"]["location_geo"] == {"lat": 51.05, "lon": 114.07}
    assert found["2020-01-02T00:01:00"]["location_geo"] == {"lat": 51.05, "lon": -114.07}


def test_a_fix_is_taken_back(upload_file: UploadFile, mend: Mend) -> None:
    upload = upload_file(csv_of(*minutes(3), *SWAPPED))
    mend(upload, "fix", cause="latitude~location_geo.lat", offer="0")
    mend(upload, "back", place="0")
    assert (upload.state, upload.valid, upload.with_problems) == (State.CHECKED, 3, 2)
    assert "Take back" not in mend(upload)
    mend(upload, "back", place="0")  # once more: said, and nothing happens
    assert upload.state == State.CHECKED


def test_cells_are_written_one_by_one_and_the_file_stays(
    upload_file: UploadFile, mend: Mend, as_owner: Client, aurorax: AuroraX, source: DataSource
) -> None:
    content = csv_of(*minutes(2), "yesterday,51.05,-114.07,on", "2020-01-03T00:00:00,north,-114.07,on")
    upload = upload_file(content)
    mend(upload, "cells", cause="not-a-time~epoch", page="1", **{"4-epoch": "2020-01-02T12:00"})
    mend(upload, "cells", cause="not-a-number~location_geo.lat", page="1", **{"5-location_geo.lat": "60.5"})
    assert (upload.state, upload.valid) == (State.CHECKED, 4)
    assert "2 cells written by hand" in mend(upload)
    answer = as_owner.get(reverse("upload-file", args=[upload.pk]))
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    act(as_owner, upload, "send")
    found = held(aurorax, source, "ephemeris")
    assert found["2020-01-03T00:00:00"]["location_geo"]["lat"] == 60.5
    assert "2020-01-02T12:00:00" in found


def test_cells_that_nobody_changed_change_nothing(upload_file: UploadFile, mend: Mend) -> None:
    upload = upload_file(csv_of(*minutes(1), *SWAPPED))
    page = mend(
        upload, "cells", cause="latitude~location_geo.lat", page="1", **{"3-location_geo.lat": "114.07"}
    )
    assert "Nothing was changed in the cells." in page


def test_the_nearest_allowed_value_is_offered(upload_file: UploadFile, mend: Mend) -> None:
    rows = [
        f"2020-01-0{day}T00:00:00,2020-01-0{day}T12:00:00,https://example.org/{day}.jpg,{kind}"
        for day, kind in enumerate(["keogram", "keogramm", "Summary plots", "montages"], start=1)
    ]
    upload = upload_file(csv_of(*rows, header="start,end,url,data_product_type"), kind="products")
    assert upload.with_problems == 3
    assert "“keogramm” to “keogram”" in mend(upload)
    mend(upload, "fix", cause="product-type~data_product_type", offer="0")
    assert (upload.valid, upload.with_problems) == (4, 0)


def test_a_year_that_cannot_be_meant_becomes_that_of_the_other_rows(
    upload_file: UploadFile, mend: Mend
) -> None:
    rows = [row.replace("2020-", "2026-") for row in minutes(4)]
    upload = upload_file(csv_of(*rows, "2062-01-05T00:00:00,51.05,-114.07,on"))
    assert "Change the year 2062 to 2026 in epoch" in mend(upload)
    mend(upload, "fix", cause="future~epoch", offer="0")
    assert (upload.valid, str(upload.last)[:10]) == (5, "2026-01-05")


def test_rows_are_left_out_and_then_all_or_nothing_is_satisfied(
    upload_file: UploadFile, mend: Mend, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*minutes(3), *SWAPPED))
    upload.update_fields(only_if_all_valid=True)
    assert "nothing is sent" in unescape(
        as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    )
    page = mend(upload)
    place = len(re.findall(r'name="offer"', page)) - 1
    mend(upload, "fix", cause="latitude~location_geo.lat", offer=str(place))
    assert (upload.valid, upload.left_out) == (3, 2)
    assert "2 rows are left out, as you said" in act(as_owner, upload, "compare")
    assert "Verified" in act(as_owner, upload, "send")


def test_one_value_is_written_where_there_is_none(upload_file: UploadFile, mend: Mend) -> None:
    rows = [f"2020-01-0{n}T00:00:00,2020-01-0{n}T12:00:00,https://example.org/{n}.jpg," for n in range(1, 4)]
    upload = upload_file(csv_of(*rows, header="start,end,url,data_product_type"), kind="products")
    assert upload.valid == 0
    page = mend(upload, "fix", cause="required~data_product_type", offer="0")
    assert "Type what is to be written" in page
    mend(upload, "fix", cause="required~data_product_type", offer="0", text="keogram")
    assert (upload.valid, upload.with_problems) == (3, 0)


def test_the_recipe_is_offered_for_the_next_file_with_these_columns_and_can_be_forgotten(
    upload_file: UploadFile, mend: Mend, as_owner: Client
) -> None:
    first = upload_file(csv_of(*minutes(3), *SWAPPED))
    mend(first, "fix", cause="latitude~location_geo.lat", offer="0")
    act(as_owner, first, "send")
    second = upload_file(csv_of(*minutes(3), *(row.replace("2020-01", "2020-02") for row in SWAPPED)))
    assert second.with_problems == 2  # nothing is done in silence
    assert "Your last file with these columns was mended so" in mend(second)
    mend(second, "recipe")
    assert (second.valid, second.with_problems) == (5, 0)
    third = upload_file(csv_of(*minutes(2), *SWAPPED))
    mend(third, "recipe", forget="yes")
    assert "was mended so" not in mend(third)


def test_the_corrected_file_comes_back_identical_and_rejected_rows_can_be_corrected(
    upload_file: UploadFile, mend: Mend, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*minutes(3), *SWAPPED, "2020-01-09T00:00:00,north,-114.07,=cmd"))
    mend(upload, "fix", cause="latitude~location_geo.lat", offer="0")
    corrected = b"".join(as_owner.get(reverse("upload-corrected", args=[upload.pk])).streaming_content)  # type: ignore[attr-defined]
    rejected = b"".join(as_owner.get(reverse("upload-rejected", args=[upload.pk])).streaming_content)  # type: ignore[attr-defined]
    assert rejected.decode().splitlines() == [
        "epoch,location_geo.lat,location_geo.lon,metadata.state,rejected_because",
        "2020-01-09T00:00:00,north,-114.07,'=cmd,location_geo.lat: Not a number",
    ]
    act(as_owner, upload, "send")
    again = upload_file(corrected)
    assert (again.rows, again.identical, again.new, again.changed) == (5, 5, 0, 0)
    mended = upload_file(rejected.replace(b"north", b"60.5"))
    assert (mended.state, mended.valid) == (State.CHECKED, 1)


@pytest.mark.parametrize("name", ["day.ndjson", "day.json"])
def test_records_of_json_are_mended_as_well(upload_file: UploadFile, mend: Mend, name: str) -> None:
    record = '{"epoch": "2020-01-02T00:00:00", "location_geo": {"lat": 114.07, "lon": 51.05}}'
    content = f"[{record}]" if name == "day.json" else record
    upload = upload_file(content.encode(), name=name)
    mend(upload, "fix", cause="latitude~location_geo.lat", offer="0")
    assert (upload.valid, upload.with_problems) == (1, 0)


def test_ten_thousand_wrong_rows_of_two_hundred_causes_are_a_small_page_at_once(
    upload_file: UploadFile, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*minutes(1), *SWAPPED))
    columns = [f"metadata.n{n}" for n in range(200)]
    rows = [
        wrong_rows.WrongRow(
            n,
            f"line {n:,}",
            dict.fromkeys(columns, "1.5") | {"epoch": "soon"},
            [WrongCell("no-number", columns[n % 200], "inf")],
        )
        for n in range(10_000)
    ]
    UploadMending.objects.get(upload=upload).wrong_rows.save(
        "", ContentFile(b"".join(map(encode_line, rows)))
    )
    Problem.objects.bulk_create(
        Problem(upload=upload, severity="problem", slug="no-number", column=name, count=50, examples=[])
        for name in columns
    )
    address = reverse("upload-mend", args=[upload.pk]) + "?cause=no-number~metadata.n7&page=2"
    as_owner.get(address)
    began = time.perf_counter()
    answer = as_owner.get(address)
    took = time.perf_counter() - began
    assert b"Rows 26 to 50 of 50" in answer.content
    assert len(answer.content) < 300_000
    assert took < 1.5  # 300 ms on a machine that does nothing else


def test_the_page_of_the_upload_leads_there_as_long_as_there_is_something_to_mend(
    upload_file: UploadFile, mend: Mend, as_owner: Client
) -> None:
    upload = upload_file(csv_of(*minutes(3), *SWAPPED))
    address = reverse("upload-detail", args=[upload.pk])
    link = f'href="{reverse("upload-mend", args=[upload.pk])}"'
    assert link in as_owner.get(address).content.decode()
    act(as_owner, upload, "send")
    assert link not in as_owner.get(address).content.decode()
    clean = upload_file(csv_of(*minutes(3, lat=60.0)))
    assert (
        "Mend the wrong rows" not in as_owner.get(reverse("upload-detail", args=[clean.pk])).content.decode()
    )
