"""The activity as a place to act from: bulk actions, dates, what was undone, exports, and copies for those who may write."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.causes import Because
from apps.activity.models import Event
from apps.activity.recording import AuditEntry, record
from apps.activity.undone import undone_by
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource

SEVEN = DataSource(identifier=7, program="p", platform="q", instrument_type="r", display_name="Seven")


@pytest.fixture
def owner(as_owner: Client) -> User:
    return User.objects.get(email="owner@example.org")


def happened(by: User, summary: str, *, outcome: str = "done", **fields: Any) -> Event:
    return record(by=by, action="source.update", entry=AuditEntry(summary, **fields), outcome=outcome)


def summaries(client: Client, **filters: str) -> list[str]:
    return [row.event.summary for row in client.get(reverse("activity-list"), filters).context["rows"]]


def exported(client: Client, **filters: str) -> list[dict[str, Any]]:
    answer = client.get(reverse("activity-export-ndjson"), filters)
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.getvalue().decode().splitlines()]


def test_a_bulk_action_is_one_row_that_opens(as_owner: Client, owner: User) -> None:
    whole = happened(owner, "for all")
    parts = [happened(owner, f"part {n}", source=SEVEN, cause=Because(part_of=whole.pk)) for n in range(3)]
    assert summaries(as_owner) == ["for all"]
    assert "3 events, one for each data source" in as_owner.get(reverse("activity-list")).content.decode()
    page = as_owner.get(reverse("activity-detail", args=[whole.pk]))
    assert [row.event.summary for row in page.context["parts"]] == ["part 0", "part 1", "part 2"]
    assert summaries(as_owner, source="7") == ["part 2", "part 1", "part 0"]
    part = as_owner.get(reverse("activity-detail", args=[parts[0].pk])).content.decode()
    assert reverse("activity-detail", args=[whole.pk]) in part
    assert len(exported(as_owner)) == 4


def test_events_are_filtered_by_days_that_are_included(as_owner: Client, owner: User) -> None:
    for day in (1, 2, 3):
        event = happened(owner, f"day {day}")
        Event.objects.filter(pk=event.pk)._raw_delete(Event.objects.db)
        event.at, event._state.adding = datetime(2020, 1, day, 23, 59, 59, tzinfo=UTC), True
        event.save()
    assert summaries(as_owner, since="2020-01-02") == ["day 3", "day 2"]
    assert summaries(as_owner, until="2020-01-02") == ["day 2", "day 1"]
    assert summaries(as_owner, since="2020-01-02", until="2020-01-02") == ["day 2"]
    assert len(exported(as_owner, since="2020-01-02", until="2020-01-02")) == 1
    assert (
        "Write a day as 2020-01-01."
        in as_owner.get(reverse("activity-list"), {"since": "x"}).content.decode()
    )
    last = as_owner.get(reverse("activity-list"), {"until": "9999-12-31"})
    assert last.status_code == 200


def test_the_list_says_from_what_to_what_and_only_of_fields_that_changed(
    as_owner: Client, owner: User
) -> None:
    more = ("a_field_of_later", "b_field_of_later")  # PostgreSQL keeps short names first
    before = {"display_name": "Old", "platform": "same", "owner": None} | dict.fromkeys(more, 1)
    happened(
        owner,
        "changed",
        before=before,
        after=before | {"display_name": "New", "owner": "x@y.org"} | dict.fromkeys(more, 2),
    )
    page = " ".join(as_owner.get(reverse("activity-list")).content.decode().split())
    assert "display_name: Old → New" in page
    assert "owner: null → x@y.org" in page
    assert "and 1 more field" in page
    assert "same" not in page.partition("<tbody>")[2]


def test_what_was_undone_says_by_whom_until_that_is_undone_too(as_owner: Client, owner: User) -> None:
    event = happened(owner, "first")
    undo = happened(owner, "undo", cause=Because(undoes=event.pk))
    happened(owner, "refused", outcome="refused", cause=Because(undoes=undo.pk))
    assert undone_by([event, undo]) == {event.pk: undo}
    page = as_owner.get(reverse("activity-detail", args=[event.pk])).content.decode()
    assert "Undone by owner@example.org at" in page
    again = happened(owner, "again", cause=Because(undoes=undo.pk))
    assert undone_by([event, undo, again]) == {undo.pk: again}


def test_an_export_says_what_the_page_says(as_owner: Client, owner: User) -> None:
    event = happened(owner, "=sum", outcome="begun", cause=Because("because"), before={"a": 1.5}, after=["x"])
    undo = happened(owner, "undo", cause=Because(undoes=event.pk))
    page = as_owner.get(reverse("activity-detail", args=[event.pk])).content.decode()
    (row,) = [each for each in exported(as_owner) if each["summary"] == "=sum"]
    assert (row["before"], row["after"], row["why"]) == ({"a": 1.5}, ["x"], "because")
    assert (row["event"], row["undone_by"]) == (str(event.pk), str(undo.pk))
    for remark in row["remarks"].split("; "):
        assert remark.casefold() in " ".join(page.split()).casefold()
    text = as_owner.get(reverse("activity-export")).getvalue().decode()
    cells = next(each for each in csv.DictReader(io.StringIO(text)) if each["event"] == str(event.pk))
    assert (cells["why"], cells["before"], cells["remarks"]) == ("because", '{"a": 1.5}', row["remarks"])


@pytest.mark.parametrize("gone", [False, True])
def test_a_copy_is_for_those_who_may_write_that_data_source_also_when_it_is_gone(
    as_owner: Client, as_owner2: Client, as_maintainer: Client, as_user: Client, as_admin: Client,
    aurorax: AuroraX, new_source: NewSource, gone: bool,
) -> None:  # fmt: skip
    source = new_source(maintainers=["maintainer@example.org"])
    admin = User.objects.get(email="admin@example.org")
    copy = snapshots.take(by=admin, kind="ephemeris", source_identifier=source.identifier, records=[])
    if gone:
        as_owner.post(
            reverse("source-delete", args=[source.identifier]), {"confirmation": source.display_name}
        )
    clients = [as_owner, as_maintainer, as_admin, as_owner2, as_user]
    statuses = [each.get(reverse("snapshot-download", args=[copy.pk])).status_code for each in clients]
    assert statuses == [200, 200, 200, 403, 403]


def test_the_copy_of_a_data_source_that_nobody_remembers_is_an_administrators(
    as_owner: Client, as_admin: Client, owner: User
) -> None:
    copy = snapshots.take(by=owner, kind="ephemeris", source_identifier=999_999, records=[])
    address = reverse("snapshot-download", args=[copy.pk])
    assert [as_owner.get(address).status_code, as_admin.get(address).status_code] == [403, 200]


def test_the_list_works_while_auroraxs_does_not(as_owner: Client, owner: User, settings: Any) -> None:
    happened(owner, "changed", source=SEVEN, before={"platform": "a"}, after={"platform": "b"})
    settings.AURORAX_API_URL = "http://127.0.0.1:9"
    assert summaries(as_owner) == ["changed"]
