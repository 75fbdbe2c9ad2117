"""What is exported can be uploaded again, and changes nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX
from apps.uploads.models import Upload

SEEDED = 103  # a ground camera with ephemeris and keograms in the sandbox's seed


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_a_day_that_was_exported_is_identical_when_it_is_uploaded(
    as_owner: Client, aurorax: AuroraX, shape: str
) -> None:
    stats = aurorax.sources.get(SEEDED, include_stats=True).stats
    assert stats is not None
    assert stats.earliest_ephemeris_loaded is not None
    day = stats.earliest_ephemeris_loaded.date()
    export = as_owner.get(reverse(f"ephemeris-export-{shape}", args=[SEEDED, day])).getvalue()
    file = SimpleUploadedFile(f"day.{shape}", export)
    answer = as_owner.post(reverse("ephemeris-upload", args=[SEEDED]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    upload = Upload.objects.get()
    assert upload.rows > 1_000
    assert (upload.with_problems, upload.new, upload.changed) == (0, 0, 0)
    assert upload.identical == upload.rows
