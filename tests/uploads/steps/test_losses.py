"""An AuroraX that silently loses one record in a thousand."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Upload
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act, csv_of

RECORDS, EVERY = 20_000, 1_000
START = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def upload(as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, settings: Settings) -> Upload:
    """Twenty thousand records, sent while one in a thousand is accepted and then dropped."""
    settings.UPLOAD_VERIFY_SECONDS = 1
    times = [START + timedelta(minutes=n) for n in range(RECORDS)]
    upload = upload_file(csv_of(*(f"{time:%Y-%m-%dT%H:%M:%S},51.05,-114.07,{time:%j}" for time in times)))
    with portal.switched(lose_every=EVERY):
        act(as_owner, upload, "send")
    return upload


@pytest.mark.slow
def test_what_aurorax_loses_is_found_sent_again_and_told_in_the_receipt(
    as_owner: Client, upload: Upload, aurorax: AuroraX, source: DataSource
) -> None:
    lost = RECORDS // EVERY
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert receipt["verified"] is True
    assert (
        receipt["records"] | {"accepted": RECORDS, "sent_again": lost, "verified": RECORDS, "not_found": 0}
        == receipt["records"]
    )
    page = as_owner.get(reverse("upload-receipt-page", args=[upload.pk])).content.decode()
    assert f"{lost} had got lost on the way and were sent again" in page
    assert re.search(rf"Lost on the way, sent again</dt>\s*<dd[^>]*>\s*{lost}\s*</dd>", page)
    end = START + timedelta(minutes=RECORDS)
    epochs = [record.epoch for record in aurorax.ephemeris.search(source, START, end)]
    assert (len(epochs), len(set(epochs))) == (RECORDS, RECORDS)
