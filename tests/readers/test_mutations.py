"""One field of one record changed by somebody else, five hundred times among ten thousand records: each is theirs."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.times import write
from apps.ephemeris.record_type import EPHEMERIS
from apps.uploads.models import Upload
from tests.support.uploads import UploadFile, act
from tests.uploads.steps.test_verify import before_the_first_look
from tests.uploads.test_sending import DAY

pytestmark = pytest.mark.any_database

RECORDS, MUTATED = 10_000, 500
PLACES = ("location_geo", "location_gsm", "nbtrace", "sbtrace")
METADATA: dict[str, Any] = {
    "text": "good", "empty": "", "count": 24567890, "share": 0.1, "flag": True, "none": None, "list": [1, "a"],
    "object": {"deep": 1},
}  # fmt: skip
# For each JSON type, another value that says something else, however near it is.
OTHER: dict[type, Any] = {
    str: lambda value: f"{value} ",
    bool: int,
    int: lambda value: value + 1,
    float: lambda value: value * (1 + 1e-13),
    type(None): lambda value: "",
    list: lambda value: [*value, None],
    dict: lambda value: value | {"deep": "1"},
}


def records() -> Iterator[dict[str, Any]]:
    """Ten thousand minutes, whole."""
    for number in range(RECORDS):
        places = {name: {"lat": 10.5 + number / 1e4, "lon": -20.25} for name in PLACES}
        yield {"epoch": write(DAY + timedelta(minutes=number)), **places, "metadata": METADATA}


def mutated() -> list[dict[str, Any]]:
    """Five hundred of them, each with one field changed; every field has its turn."""
    chosen = random.Random(11).sample(list(records()), MUTATED)
    fields = [(name, part) for name in PLACES for part in ("lat", "lon")]
    fields += [("metadata", name) for name in METADATA]
    for number, record in enumerate(chosen):
        name, part = fields[number % len(fields)]
        old = record[name][part]
        record[name] = record[name] | {part: OTHER[type(old)](old)}
    return chosen


@pytest.fixture
def theirs() -> list[dict[str, Any]]:
    return mutated()


def put(aurorax: AuroraX, source: DataSource, theirs: list[dict[str, Any]]) -> None:
    body = json.dumps([source.key | record for record in theirs]).encode()
    aurorax.ephemeris.upload(source.identifier, body)


def file_of() -> bytes:
    return "\n".join(map(json.dumps, records())).encode()


def check_still_theirs(aurorax: AuroraX, source: DataSource, theirs: list[dict[str, Any]]) -> None:
    """AuroraX holds exactly what they wrote."""
    held = aurorax.ephemeris.search(source, DAY, DAY + timedelta(minutes=RECORDS))
    found = {record["epoch"]: record for record in (each.to_api() for each in held)}
    row_of = EPHEMERIS.row_of
    assert all(EPHEMERIS.same(row_of(record), row_of(found[record["epoch"]])) for record in theirs)


def test_checking_again_tells_all_of_them_and_undo_leaves_all_of_them_alone(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    theirs: list[dict[str, Any]],
) -> None:
    upload: Upload = upload_file(file_of(), name="all.ndjson")
    act(as_owner, upload, "send")
    assert (upload.verified, upload.is_verified) == (RECORDS, True)
    put(aurorax, source, theirs)
    keys = sorted(record["epoch"] for record in theirs)
    act(as_owner, upload, "check-again")
    assert upload.checked_again["same"] == RECORDS - MUTATED
    assert sorted(upload.checked_again["differing_listed"]) == keys
    act(as_owner, upload, "undo")
    assert (upload.undo["gone"], upload.undo["left_alone"]) == (RECORDS - MUTATED, MUTATED)
    assert sorted(upload.undo["listed"]) == keys
    check_still_theirs(aurorax, source, theirs)


def test_verifying_tells_all_of_them_and_sends_none_again(
    as_owner: Client,
    upload_file: UploadFile,
    aurorax: AuroraX,
    source: DataSource,
    theirs: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.UPLOAD_VERIFY_SECONDS = 0
    upload: Upload = upload_file(file_of(), name="all.ndjson")
    with before_the_first_look(monkeypatch, lambda: put(aurorax, source, theirs)):
        act(as_owner, upload, "send")
    assert (upload.verified, upload.report.left_to_others, upload.resent) == (RECORDS - MUTATED, MUTATED, 0)
    receipt = as_owner.get(reverse("upload-receipt", args=[upload.pk])).json()
    assert sorted(receipt["left_to_others"]) == sorted(record["epoch"] for record in theirs)
    check_still_theirs(aurorax, source, theirs)
