"""Uploads and deletions of records from the activity, and data sources that come back with their records."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.activity.undone import undone_by
from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.deletions.models import Deletion, DeletionState
from apps.uploads import undo_preview
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.undo.pages import edit, newest, preview, seen_on
from tests.uploads.test_presets import COLUMNS, MARCH

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def exported(client: Client, source: DataSource, kind: str = "ephemeris") -> bytes:
    """Everything of the month, as the Export page gives it."""
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-31T23:59:00", "format": "ndjson"}
    return client.get(reverse(f"{kind}-export-download", args=[source.identifier]), span).getvalue()


def delete(client: Client, source: DataSource, kind: str = "ephemeris", **posted: str) -> Deletion:
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-31T23:59:00"} | posted
    asked = client.post(reverse(f"{kind}-delete", args=[source.identifier]), span)
    address = asked.headers["Location"]
    client.get(address)
    deletion = Deletion.objects.latest("created_at")
    client.post(address, {"decision": "confirm", "count": deletion.count, "why": "a bad night"})
    deletion.refresh_from_db()
    assert deletion.state == DeletionState.DONE
    return deletion


def offers(client: Client, event: Event) -> dict[str, Any]:
    """The buttons of an event in the list, by label."""
    rows = client.get(reverse("activity-list")).context["rows"]
    (row,) = [row for row in rows if row.event == event]
    return {offer.label: offer for offer in row.offers}


def test_an_upload_is_opened_undone_and_sent_again_from_its_event(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3, lat=10.0))), "send")
    before = exported(as_owner, source)
    upload = upload_file(csv_of(*minutes(10)))
    act(as_owner, upload, "send")
    after = exported(as_owner, source)
    event = newest(about=upload.pk)
    assert list(offers(as_owner, event)) == ["Upload", "Receipt", "Undo"]
    as_owner.post(offers(as_owner, event)["Undo"].url, {"why": "wrong night"})
    assert exported(as_owner, source) == before
    undone = newest(about=upload.pk)
    assert (undone.undoes, undone.note) == (event.pk, "wrong night")
    assert undone_by([event])[event.pk] == undone
    assert "Undo" not in offers(as_owner, event)
    again = offers(as_owner, undone)["Send again"]
    assert again.posts is not None
    answer = as_owner.post(again.url)
    repeated = Upload.objects.latest("created_at")
    assert answer.headers["Location"] == reverse("upload-detail", args=[repeated.pk])
    assert (repeated.sha256, repeated.owner.email) == (upload.sha256, "owner@example.org")
    act(as_owner, repeated, "send")
    assert exported(as_owner, source) == after
    assert undone_by([event]) == {}
    assert undone_by([undone])[undone.pk] == newest(about=repeated.pk)


def test_the_page_of_an_undone_upload_says_what_is_true_now(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(1, lat=10.0))), "send")
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    act(as_owner, upload, "undo")
    page = as_owner.get(reverse("upload-detail", args=[upload.pk]))
    html = page.content.decode()
    counts = dict(page.context["progress"].counts)
    assert (counts["Old values again"], counts["Gone"]) == (1, 2)
    assert "Accepted" not in counts
    assert "Read back from AuroraX" not in html
    assert "Send the file again" in html


def test_the_original_file_is_downloaded_by_those_who_may_write_there(
    as_owner: Client, as_maintainer: Client, as_owner2: Client, as_user: Client, upload_file: UploadFile
) -> None:
    content = csv_of(*minutes(2))
    upload = upload_file(content, name="the night.csv")
    address = reverse("upload-file", args=[upload.pk])
    for client in (as_owner, as_maintainer):
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
        assert 'filename="the night.csv"' in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Type"] == "application/octet-stream"
    assert [as_owner2.get(address).status_code, as_user.get(address).status_code] == [403, 403]
    upload.file.delete()
    assert as_owner.get(address).status_code == 404
    again = as_owner.post(reverse("upload-again", args=[upload.pk]), follow=True).content.decode()
    assert "not kept any more" in again


def test_a_file_is_sent_again_as_it_was_read(
    as_owner: Client, as_maintainer: Client, source: DataSource, upload_file: UploadFile
) -> None:
    """Also by somebody else, who has chosen nothing for such files."""
    upload = upload_file(MARCH, name="march.csv")
    as_owner.post(reverse("upload-read", args=[upload.pk]), COLUMNS)
    upload.refresh_from_db()
    act(as_owner, upload, "send")
    assert upload.is_verified
    act(as_owner, upload, "undo")
    as_maintainer.post(reverse("upload-again", args=[upload.pk]))
    again = Upload.objects.latest("created_at")
    assert (again.owner.email, again.state, again.new) == ("maintainer@example.org", State.CHECKED, 1)
    assert again.mapping == upload.mapping


def test_a_deletion_is_restored_from_its_event(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(20))), "send")
    before = exported(as_owner, source)
    deletion = delete(as_owner, source)
    event = newest(about=deletion.pk)
    assert event.note == "a bad night"
    restore = offers(as_owner, event)["Restore"]
    as_owner.post(restore.url, restore.posts)
    upload = Upload.objects.latest("created_at")
    act(as_owner, upload, "send")
    assert exported(as_owner, source) == before
    assert undone_by([event])[event.pk] == newest(about=upload.pk)
    assert list(offers(as_owner, event)) == ["Deletion"]
    as_owner.post(offers(as_owner, newest(about=upload.pk))["Undo"].url)
    assert exported(as_owner, source) == b""
    assert "Restore" in offers(as_owner, event)


def test_who_may_not_write_there_is_offered_nothing(
    as_owner: Client,
    as_owner2: Client,
    as_user: Client,
    as_maintainer: Client,
    source: DataSource,
    upload_file: UploadFile,
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    act(as_owner, upload, "send")
    deletion = delete(as_owner, source)
    sent, deleted = newest(about=upload.pk), newest(about=deletion.pk)
    for client in (as_owner2, as_user):
        assert offers(client, sent) == offers(client, deleted) == {}
    assert list(offers(as_maintainer, sent)) == ["Upload", "Receipt"]
    assert list(offers(as_maintainer, deleted)) == ["Deletion", "Restore"]


def test_a_data_source_comes_back_with_the_records_that_were_deleted_here(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(20))), "send")
    product = DataProductRecord("keogram", DAY, DAY + timedelta(hours=1), "a.jpg")
    aurorax.products.upload(source.identifier, [product], source=source)
    before = exported(as_owner, source), exported(as_owner, source, "products")
    fields = aurorax.sources.get(source.identifier).to_api()
    delete(as_owner, source)
    delete(as_owner, source, "products")
    as_owner.post(reverse("source-delete", args=[source.identifier]), {"confirmation": source.display_name})
    event = newest(action="source.delete")
    page = preview(as_owner, event)
    assert "20 ephemeris records, deleted by owner@example.org" in " ".join(page.split())
    chosen = [
        part.name for part in as_owner.get(reverse("activity-undo", args=[event.pk])).context["plan"].extras
    ]
    assert page.count(" checked") == 2
    posted = {"seen": seen_on(page), "part": chosen, "why": "it was the wrong one"}
    answer = as_owner.post(reverse("activity-undo", args=[event.pk]), posted, follow=True).content.decode()
    assert "20 ephemeris records come back" in answer
    assert aurorax.sources.get(source.identifier).to_api() == fields
    uploads = Upload.objects.filter(restores__isnull=False)
    assert [each.state for each in uploads] == [State.DONE, State.DONE]
    assert {each.note for each in uploads} == {"it was the wrong one"}
    assert (exported(as_owner, source), exported(as_owner, source, "products")) == before


def test_what_was_deleted_before_the_last_upload_comes_back_only_when_it_is_ticked(
    as_owner: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(5))), "send")
    delete(as_owner, source)
    act(as_owner, upload_file(csv_of(*minutes(7))), "send")
    delete(as_owner, source)
    as_owner.post(reverse("source-delete", args=[source.identifier]), {"confirmation": source.display_name})
    answer = as_owner.get(reverse("activity-undo", args=[newest(action="source.delete").pk]))
    ticked = [(part.label, not part.is_theirs) for part in answer.context["plan"].extras]
    assert ticked == [("5 ephemeris records", False), ("7 ephemeris records", True)]


def test_undoing_an_upload_says_first_what_others_changed_and_takes_that_back_only_when_chosen(
    as_owner: Client, as_maintainer: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3, lat=10.0))), "send")
    before = exported(as_owner, source)
    upload = upload_file(csv_of(*minutes(6)))
    act(as_owner, upload, "send")
    act(as_maintainer, upload_file(csv_of(*minutes(1, lat=20.0)), client=as_maintainer), "send")
    page = as_owner.get(reverse("upload-undo", args=[upload.pk]))
    found = page.context["found"]
    assert (found.removed, found.put_back, found.keys) == (3, 2, ["2020-01-01T00:00:00"])
    assert "1 record somebody has changed since" in " ".join(page.content.decode().split())
    act(as_owner, upload, "undo")
    assert upload.undo["left_alone"] == 1
    theirs = exported(as_owner, source)
    assert theirs != before


def test_what_others_changed_is_copied_before_it_is_taken_back(
    as_owner: Client, as_maintainer: Client, source: DataSource, upload_file: UploadFile
) -> None:
    act(as_owner, upload_file(csv_of(*minutes(3, lat=10.0))), "send")
    before = exported(as_owner, source)
    upload = upload_file(csv_of(*minutes(6)))
    act(as_owner, upload, "send")
    theirs = [*minutes(1, lat=20.0), *minutes(5, lat=20.0)[4:]]  # one that it changed, one that was new
    act(as_maintainer, upload_file(csv_of(*theirs), client=as_maintainer), "send")
    as_owner.post(reverse("upload-undo", args=[upload.pk]), {"theirs": "on"})
    upload.refresh_from_db()
    assert (upload.state, upload.undo["left_alone"]) == (State.UNDONE, 0)
    assert exported(as_owner, source) == before
    event = newest(about=upload.pk)
    copy = as_owner.get(reverse("snapshot-download", args=[event.snapshot])).getvalue().decode()
    assert [line.count('"lat":20.0') for line in copy.splitlines()] == [1, 1]


def test_what_was_changed_after_it_was_copied_is_left_alone(
    as_owner: Client,
    source: DataSource,
    upload_file: UploadFile,
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The yes was to what the page had shown."""
    upload = upload_file(csv_of(*minutes(2)))
    act(as_owner, upload, "send")
    act(as_owner, upload_file(csv_of(*minutes(1, lat=20.0))), "send")
    really_copy = undo_preview.copy_of_theirs

    def copy_then_change(**given: Any) -> Any:
        kept = really_copy(**given)
        record = EphemerisRecord(DAY, location_geo=Location(30.0, 0.0))
        aurorax.ephemeris.upload(source.identifier, [record], source=source)
        return kept

    monkeypatch.setattr(undo_preview, "copy_of_theirs", copy_then_change)
    as_owner.post(reverse("upload-undo", args=[upload.pk]), {"theirs": "on"})
    (left,) = aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))
    assert left.location_geo
    assert (left.epoch, left.location_geo.lat) == (DAY, 30.0)


def test_an_undo_that_is_not_looked_at_first_says_how_many_at_most(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(csv_of(*minutes(2)))
    act(as_owner, upload, "send")
    monkeypatch.setattr(undo_preview, "MOST", 1)
    assert "up to 2" in as_owner.get(reverse("upload-undo", args=[upload.pk])).content.decode()


def test_nothing_is_put_into_another_data_source_that_has_the_identifier_now(
    as_owner: Client, source: DataSource, upload_file: UploadFile, aurorax: AuroraX, new_source: NewSource
) -> None:
    """AuroraX gives the identifier of a deleted data source to the next one."""
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    changed = edit(as_owner, source.identifier, display_name="Changed before")
    deletion = delete(as_owner, source)
    event = newest(about=deletion.pk)
    as_owner.post(reverse("source-delete", args=[source.identifier]), {"confirmation": "Changed before"})
    other = new_source(identifier=source.identifier, display_name="Another camera")
    record = EphemerisRecord(DAY, location_geo=Location(51.05, -114.07), metadata={"state": "state 0"})
    aurorax.ephemeris.upload(other.identifier, [record], source=other)
    before = exported(as_owner, other)
    assert "Restore" not in offers(as_owner, event)
    address = reverse("ephemeris-deletion", args=[other.identifier, deletion.pk])
    as_owner.post(address, {"decision": "restore"})
    assert "Another camera has its identifier now" in act(as_owner, upload, "undo")
    assert "Another camera has its identifier now" in act(as_owner, upload, "again")
    assert "Undo its deletion first, then this." in preview(as_owner, changed)
    assert exported(as_owner, other) == before
    assert aurorax.sources.get(other.identifier).display_name == "Another camera"
