"""How an upload's page says how fast it is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.uploads import UploadFile, csv_of, minutes


@pytest.mark.parametrize(
    ("records", "connections", "words"),
    [
        (2_000, 4, "4 connections, 2,000 records each"),
        (500, 1, "1 connection, 500 records a request"),
    ],
)
def test_the_page_says_how_much_is_sent_at_once(
    as_owner: Client, upload_file: UploadFile, records: int, connections: int, words: str
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    at_work = {
        "snapshot": upload.pk,
        "lease_until": timezone.now() + timedelta(minutes=1),
        "pace_since": timezone.now() - timedelta(seconds=1),
    }
    Upload.objects.update(
        state=State.SENDING, sent=2, pace_records=records, pace_connections=connections, **at_work
    )
    address = reverse("upload-detail", args=[upload.pk])
    assert words in as_owner.get(address).content.decode()
    Upload.objects.update(state=State.VERIFYING)
    assert words not in as_owner.get(address).content.decode()
