"""The portal and PyAuroraX, unmodified, see each other's work on the same AuroraX."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyaurorax
import pytest
from django.test import Client
from django.urls import reverse
from pyaurorax.search import DataSource as PyDataSource
from pyaurorax.search import EphemerisData, Location

from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.sources.forms import example_form, posted_by
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.pyaurorax

IDENTITY = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
}
MIDNIGHT = datetime(2020, 1, 1)  # noqa: DTZ001 - PyAuroraX takes naive times and means UTC
NOON = MIDNIGHT.replace(hour=12)


@pytest.fixture
def script(portal: SandboxProcess, tmp_path: Path) -> Any:
    """PyAuroraX as owner@example.org runs it in a script."""
    return pyaurorax.PyAuroraX(
        download_output_root_path=str(tmp_path),
        read_tar_temp_path=str(tmp_path),
        api_base_url=portal.url,
        api_key="sandbox-key-owner",
    )


def found_by(script: Any) -> list[Any]:
    """What PyAuroraX finds of the example source on the first day of 2020."""
    search = script.search.ephemeris.search(
        MIDNIGHT, MIDNIGHT.replace(hour=23, minute=59), programs=[IDENTITY["program"]], poll_interval=0.1
    )
    return list(search.data)


def test_a_source_made_in_the_portal_is_updated_by_a_script(as_owner: Client, script: Any) -> None:
    as_owner.post(reverse("source-create"), example_form())
    source = script.search.sources.get(**IDENTITY)
    script.search.sources.update(source.identifier, display_name="Renamed by a script")
    page = as_owner.get(reverse("source-detail", args=[source.identifier])).content.decode()
    assert "Renamed by a script" in page


def test_a_source_made_by_a_script_is_updated_in_the_portal(as_owner: Client, script: Any) -> None:
    draft = PyDataSource(**IDENTITY, source_type="ground", display_name="Made by a script")
    identifier = script.search.sources.add(draft).identifier
    edit = reverse("source-edit", args=[identifier])
    answer = as_owner.post(edit, posted_by(as_owner.get(edit)) | {"display_name": "Renamed in the portal"})
    assert answer.status_code == 302
    assert script.search.sources.get_using_identifier(identifier).display_name == "Renamed in the portal"


def test_records_uploaded_in_the_portal_are_found_by_a_script(as_owner: Client, script: Any) -> None:
    as_owner.post(reverse("source-create"), example_form())
    source = script.search.sources.get(**IDENTITY)
    rows = "epoch,lat,lon\n2020-01-01T00:00:00,51.05,-114.07\n2020-01-01T00:01:00,51.06,-114.08\n"
    as_owner.post(reverse("ephemeris-upload", args=[source.identifier]), {"text": rows})
    upload = Upload.objects.get()
    as_owner.post(reverse("upload-send", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == State.DONE
    assert [(record.epoch, record.location_geo.lat) for record in found_by(script)] == [
        (MIDNIGHT, 51.05),
        (MIDNIGHT.replace(minute=1), 51.06),
    ]


def test_records_uploaded_by_a_script_are_shown_and_deleted_in_the_portal(
    as_owner: Client, script: Any
) -> None:
    draft = PyDataSource(**IDENTITY, source_type="ground", display_name="Made by a script")
    source = script.search.sources.add(draft)
    records = [
        EphemerisData(
            data_source=source,
            epoch=epoch,
            location_geo=Location(51.05, -114.07),
            nbtrace=Location(1.23, 45.6),
            sbtrace=Location(7.89, 101.23),
            metadata={"example_meta1": "from a script"},
        )
        for epoch in (MIDNIGHT, NOON)
    ]
    script.search.ephemeris.upload(source.identifier, records, validate_source=True)
    browse = reverse("ephemeris-browse", args=[source.identifier])
    page = as_owner.get(browse, {"day": "2020-01-01"}).content.decode()
    assert ("2020-01-01 12:00:00" in page, "from a script" in page) == (True, True)

    begin = reverse("ephemeris-delete", args=[source.identifier])
    noon = f"{NOON.replace(tzinfo=UTC):%Y-%m-%dT%H:%M:%S}"
    decide = as_owner.post(begin, {"start": noon, "end": noon}).headers["Location"]
    as_owner.post(decide, {"decision": "confirm", "count": "1"})
    assert [record.epoch for record in found_by(script)] == [MIDNIGHT]
