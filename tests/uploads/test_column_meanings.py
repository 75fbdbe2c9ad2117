"""What is chosen beforehand for columns that nobody knows."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.ephemeris.record_type import EPHEMERIS
from apps.uploads.column_meanings import proposals
from apps.uploads.states import State
from apps.uploads.time_choices import TimeChoices
from tests.support.uploads import UploadFile, csv_of

pytestmark = pytest.mark.any_database


def proposed(*headers: str, known: str = "epoch") -> dict[str, str]:
    columns: list[tuple[str, str | None]] = [("known", known), *((header, None) for header in headers)]
    return proposals(columns, EPHEMERIS, TimeChoices(EPHEMERIS, {}))


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("longitud", "location_geo.lon"), ("Latitud", "location_geo.lat"), ("LATITUTE", "location_geo.lat"),
        ("longtitude", "location_geo.lon"),
    ],
)  # fmt: skip
def test_a_name_that_is_nearly_one_is_proposed(header: str, column: str) -> None:
    assert proposed(header) == {header: column}


@pytest.mark.parametrize(
    "header",
    [
        "mlat",
        "mlatitude",
        "lat2",
        "longitude_n",
        "longitudeN",
        "longitude gsm",
        "site",
        "altitude",
        "L",
        "",
        "latitude2",
    ],
)
def test_a_name_that_may_be_something_else_is_not(header: str) -> None:
    assert proposed(header) == {}


def test_no_column_is_proposed_twice() -> None:
    assert proposed("longitud", "longitudo") == {"longitud": "location_geo.lon"}
    assert proposed("longitud", known="location_geo.lon") == {}


def test_it_is_asked_all_the_same(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of("2020-01-01T00:00:00,51,-114", header="epoch,latitud,longitud"))
    assert (upload.state, upload.unknown_headers) == (State.NEEDS_COLUMNS, ["latitud", "longitud"])
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert '<option value="location_geo.lon" selected>' in page


def test_a_form_with_hundreds_of_questions_is_a_sentence(as_owner: Client, source: object) -> None:
    header = ",".join(f"x{n}" for n in range(201))
    text = f"epoch,{header}\n2020-01-01T00:00:00,{','.join('5' * 201)}"
    page = as_owner.post(reverse("ephemeris-upload", args=[source.identifier]), {"text": text})  # type: ignore[attr-defined]
    assert "201 columns that the portal does not know" in page.content.decode()


def test_the_largest_form_stays_small(as_owner: Client, upload_file: UploadFile) -> None:
    header = ",".join(f"x{n}" for n in range(200))
    upload = upload_file(
        csv_of(f"2020-01-01T00:00:00,{','.join(['1577836800'] * 200)}", header=f"epoch,{header}")
    )
    page = as_owner.get(reverse("upload-detail", args=[upload.pk]))
    assert len(upload.unknown_headers) == 200
    assert len(page.content) < 700_000
