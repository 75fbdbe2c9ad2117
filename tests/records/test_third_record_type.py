"""A third record type works on every page, by what its own app brings: nothing else knows that there are two."""

import csv
import io
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.accounts import source_tabs
from apps.activity.models import Event
from apps.aurorax import DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.records import types
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.records.toys.record_type import KITES, STORE, held_by
from tests.support.uploads import act

KITES_CSV = b"""name,seen,colour,metadata.string
Dragon,2020-01-01T10:00:00,red,silk
Diamond,2020-01-01T11:00:00,blue,cotton
Delta,2020-01-02T12:30:00,green,silk
"""
SPAN = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}


@pytest.fixture(autouse=True)
def _kites(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What an app does when Django starts, and Django's settings for it."""
    monkeypatch.setattr(types, "_types", dict(types._types))
    monkeypatch.setattr(source_tabs, "RECORD_PAGES", dict(source_tabs.RECORD_PAGES))
    types.register(KITES)
    settings.ROOT_URLCONF = "tests.records.toys.urls"
    templates = deepcopy(settings.TEMPLATES)
    for engine in templates:
        engine["DIRS"] = [*engine["DIRS"], Path(__file__).parent / "toys" / "templates"]
    settings.TEMPLATES = templates
    yield
    STORE.clear()


@pytest.fixture
def uploaded(as_owner: Client, source: DataSource) -> Upload:
    """Three kites, sent and read back."""
    upload = upload_file(as_owner, source, KITES_CSV)
    act(as_owner, upload, "send")
    return upload


def upload_file(client: Client, source: DataSource, content: bytes) -> Upload:
    file = SimpleUploadedFile("kites.csv", content)
    answer = client.post(reverse("kites-upload", args=[source.identifier]), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("created_at")


def address(name: str, source: DataSource) -> str:
    return reverse(f"kites-{name}", args=[source.identifier])


def names(source: DataSource) -> list[str]:
    return [row.name for row in held_by(source)]


def test_a_file_is_checked_compared_sent_and_read_back(as_owner: Client, source: DataSource) -> None:
    upload = upload_file(as_owner, source, KITES_CSV)
    assert (upload.state, upload.rows, upload.new) == (State.CHECKED, 3, 3)
    page = act(as_owner, upload, "send")
    assert upload.is_verified
    assert "Dragon" in page
    assert names(source) == ["Dragon", "Diamond", "Delta"]
    assert held_by(source)[0].metadata == {"string": "silk"}
    assert Event.objects.latest("at").summary.startswith("Uploaded 3 kites")


def test_a_row_that_its_own_rules_refuse_is_shown(as_owner: Client, source: DataSource) -> None:
    upload = upload_file(as_owner, source, KITES_CSV + b"Box,2020-01-03T00:00:00,,silk\n")
    assert (upload.rows, upload.valid) == (4, 3)
    assert "colour" in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()


def test_what_is_changed_is_told_apart_from_what_is_the_same_and_can_be_undone(
    as_owner: Client,
    source: DataSource,
    uploaded: Upload,
) -> None:
    changed = upload_file(as_owner, source, KITES_CSV.replace(b"blue", b"white"))
    assert (changed.new, changed.changed, changed.identical) == (0, 1, 2)
    assert "colour" in changed.report.differences["fields"]
    act(as_owner, changed, "send")
    assert changed.is_verified
    assert [row.colour for row in held_by(source)] == ["red", "white", "green"]
    as_owner.post(reverse("upload-undo", args=[changed.pk]))
    assert [row.colour for row in held_by(source)] == ["red", "blue", "green"]


def test_its_tab_its_button_and_its_counts_are_on_the_pages_of_a_data_source(
    as_owner: Client,
    source: DataSource,
    uploaded: Upload,
) -> None:
    page = as_owner.get(reverse("source-detail", args=[source.identifier])).content.decode()
    assert f'href="{address("browse", source)}"' in page
    assert "Upload kites" in page
    counted = as_owner.get(reverse("source-stats", args=[source.identifier]))
    assert [held.count for held in counted.context["holdings"]] == [0, 0, 3]
    calendars = as_owner.get(reverse("source-availability", args=[source.identifier])).content.decode()
    assert "3 kites on 2 days" in calendars
    assert f"{address('browse', source)}?on=2020-01-01" in calendars
    deletion = as_owner.get(reverse("source-delete", args=[source.identifier])).content.decode()
    assert "3 kites" in deletion


def test_a_day_is_listed_and_exported(as_owner: Client, source: DataSource, uploaded: Upload) -> None:
    listed = as_owner.get(address("browse", source), {"on": "2020-01-01"}).content.decode()
    assert '<strong class="tabular">2</strong> kites on 2020-01-01 (UTC)' in listed
    assert ("Dragon" in listed, "Delta" in listed) == (True, False)
    day = as_owner.get(address("records-csv", source), {"on": "2020-01-01"}).content.decode()
    assert [row["name"] for row in csv.DictReader(io.StringIO(day))] == ["Dragon", "Diamond"]


@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "parquet"])
def test_an_exported_span_changes_nothing_when_it_is_uploaded_again(
    as_owner: Client,
    source: DataSource,
    uploaded: Upload,
    form: str,
) -> None:
    asked: dict[str, Any] = {**SPAN, "format": form}
    answer = as_owner.get(address("export-download", source), asked)
    content = answer.getvalue()
    again = upload_file(as_owner, source, content)
    assert (again.rows, again.identical, again.new) == (2, 2, 0)


def test_a_span_is_deleted_and_restored(as_owner: Client, source: DataSource, uploaded: Upload) -> None:
    before = held_by(source)
    page = as_owner.post(address("delete", source), SPAN).headers["Location"]
    shown = as_owner.get(page).content.decode()
    assert "<strong>2 kites</strong> will be deleted" in shown
    assert "Seen (UTC)" in shown
    assert "What will be lost" in as_owner.get(f"{page}calendar/").content.decode()
    as_owner.post(page, {"decision": "confirm", "count": "2"})
    assert Deletion.objects.get().state == DeletionState.DONE
    assert names(source) == ["Delta"]
    assert Event.objects.latest("at").summary.startswith("Deleted 2 kites, ")
    as_owner.post(page, {"decision": "restore"})
    upload = Upload.objects.latest("created_at")
    assert upload.new == 2
    act(as_owner, upload, "send")
    assert upload.is_verified
    assert held_by(source) == before


def test_a_selected_one_is_deleted_and_the_others_stay(
    as_owner: Client,
    source: DataSource,
    uploaded: Upload,
) -> None:
    day = "?on=2020-01-01"
    as_owner.post(address("selection", source) + day, {"shown": "Dragon Diamond", "ticked": ["Dragon"]})
    page = as_owner.post(
        address("selection-delete", source) + day,
        {"verb": "", "page": "1", "shown": "Dragon Diamond", "ticked": ["Dragon"]},
    ).headers["Location"]
    as_owner.post(page, {"decision": "confirm", "count": "1"})
    assert Deletion.objects.get().state == DeletionState.DONE
    assert names(source) == ["Diamond", "Delta"]


def test_a_later_deletion_is_told_on_the_page_of_the_upload(
    as_owner: Client,
    source: DataSource,
    uploaded: Upload,
) -> None:
    page = as_owner.post(address("delete", source), SPAN).headers["Location"]
    as_owner.post(page, {"decision": "confirm", "count": "2"})
    shown = as_owner.get(reverse("upload-detail", args=[uploaded.pk])).content.decode()
    assert "2 kites were deleted by owner@example.org" in shown
