"""What waits for a person among their uploads and deletions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource, EphemerisRecord
from apps.deletions.models import Deletion, DeletionState
from apps.jobs.models import PauseReason
from apps.sources.overview import Overview
from apps.uploads.attention import FRESH, JUST_ENDED, MOST_SHOWN, in_progress
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.support.uploads import UploadFile, act, csv_of, minutes

Made = Callable[..., Upload]


@pytest.fixture
def owner(as_owner: Client) -> User:
    return User.objects.get(email="owner@example.org")


@pytest.fixture
def made(owner: User, source: DataSource) -> Made:
    """Upload rows as they stand in the database, newer with each call."""
    begun = timezone.now() - timedelta(hours=3)
    made: list[Upload] = []

    def make(state: State, **fields: Any) -> Upload:
        made.append(
            Upload.objects.create(
                **{
                    "kind": "ephemeris",
                    "source_identifier": source.identifier,
                    "source_name": "Test source",
                    "owner": owner,
                    "name": f"{len(made)}.csv",
                    "size": 1,
                    "state": state,
                    "rows": 10,
                    "valid": 10,
                    "new": 10,
                    "first": begun,
                    "last": begun + timedelta(minutes=9),
                    "created_at": begun + timedelta(minutes=len(made)),
                    "ended_at": begun + timedelta(minutes=len(made)),
                }
                | fields
            )
        )
        return made[-1]

    return make


ARRIVED = {"started_at": timezone.now(), "sent": 10, "verified": 10}
LOST = {"started_at": timezone.now(), "sent": 10, "verified": 7}
REFUSED = {"started_at": timezone.now(), "sent": 8, "verified": 8, "refused": 2}


def names(person: User) -> list[str]:
    """The files that wait, as they are called."""
    return [item.subject.partition(" for ")[0] for item in Overview(person).attention]


# Uploads --------------------------------------------------------------------------------------------------------------


def test_what_waits_says_what_for_and_leads_there(upload_file: UploadFile, owner: User) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    (item,) = Overview(owner).attention
    assert item.subject == f"day.csv for {upload.source_name}"
    assert item.message == "Checked. All 3 rows are in order. Nothing was sent yet."
    assert (item.label, item.url) == ("Decide", reverse("upload-detail", args=[upload.pk]))


def test_unknown_columns_wait_to_be_named(upload_file: UploadFile, owner: User) -> None:
    upload_file(b"when,what\n2020-01-01T00:00:00,1\n")
    (item,) = Overview(owner).attention
    assert item.label == "Name the columns"


@pytest.mark.parametrize("going_on", [State.COMPARING, State.SENDING, State.VERIFYING, State.UNDOING])
def test_a_paused_upload_waits_whatever_it_was_doing(made: Made, owner: User, going_on: State) -> None:
    made(going_on, started_at=timezone.now()).pause(PauseReason.UNAVAILABLE, "AuroraX is in maintenance.")
    (item,) = Overview(owner).attention
    assert item.message.startswith("Paused: AuroraX unavailable. AuroraX is in maintenance.")
    assert item.label == "Resume or cancel"


@pytest.mark.parametrize(
    ("state", "fields", "told", "label"),
    [
        (State.REJECTED, {"message": "This is a picture."}, "Cannot be read. This is a picture.", "See why"),
        (State.DONE, LOST, "3 were accepted but are not there", "See what is missing"),
        (State.DONE, REFUSED, "AuroraX refused 2.", "See what is missing"),
        (
            State.UNDONE,
            {"undo": {"restored": 1, "gone": 2, "left_alone": 0, "not_done": 4}},
            "Undone, not complete.",
            "See what is left",
        ),
    ],
)
def test_what_failed_says_what_is_missing(
    made: Made, owner: User, state: State, fields: dict[str, Any], told: str, label: str
) -> None:
    made(state, **fields)
    (item,) = Overview(owner).attention
    assert told in item.message
    assert item.label == label


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (State.DONE, ARRIVED),
        (State.DONE, {"new": 0, "identical": 10}),
        (State.CANCELLED, {}),
        (State.UNDONE, {"undo": {"restored": 1, "gone": 2, "left_alone": 3, "not_done": 0}}),
        (State.RECEIVED, {}),
        (State.READING, {}),
        (State.COMPARING, {}),
        (State.SENDING, {"started_at": timezone.now()}),
        (State.VERIFYING, LOST),
        (State.UNDOING, ARRIVED),
        (State.REJECTED, {"ended_at": timezone.now() - FRESH - timedelta(minutes=1)}),
        (State.DONE, LOST | {"ended_at": timezone.now() - FRESH - timedelta(minutes=1)}),
    ],
)
def test_what_is_well_or_at_work_or_long_ago_needs_nobody(
    made: Made, owner: User, state: State, fields: dict[str, Any]
) -> None:
    made(state, **fields)
    assert Overview(owner).attention == []


def test_a_later_upload_of_the_same_records_makes_a_failed_one_good(made: Made, owner: User) -> None:
    failed = made(State.DONE, **LOST)
    made(State.REJECTED, first=None, last=None)
    assert names(owner) == ["1.csv", "0.csv"]
    assert failed.last
    within = {"first": failed.first, "last": failed.last}
    made(State.DONE, **ARRIVED | within | {"last": failed.last - timedelta(minutes=1)})
    assert names(owner) == ["0.csv"]
    made(State.DONE, **ARRIVED | within)
    assert names(owner) == []


def test_an_earlier_upload_another_source_and_another_kind_do_not(made: Made, owner: User) -> None:
    made(State.DONE, **ARRIVED)
    made(State.DONE, **LOST)
    made(State.DONE, **ARRIVED, kind="products")
    made(State.DONE, **ARRIVED, source_identifier=999_999)
    assert names(owner) == ["1.csv"]


def test_only_ones_own_and_not_endlessly_many(made: Made, owner: User, as_owner2: Client) -> None:
    for _ in range(MOST_SHOWN + 1):
        made(State.CHECKED)
        made(State.REJECTED)
    assert len(Overview(owner).attention) == 2 * MOST_SHOWN
    assert Overview(User.objects.get(email="owner2@example.org")).attention == []


def test_on_their_way_is_what_moves_or_is_paused_or_has_just_ended(made: Made, owner: User) -> None:
    now = timezone.now()
    for state in State:
        made(
            state,
            ended_at=now - JUST_ENDED / 2 if state is State.DONE else None,
            pause_reason=PauseReason.YOU,
        )
    made(State.DONE, ended_at=now - 2 * JUST_ENDED)
    assert {each.upload.state for each in in_progress(owner)} == {
        State.RECEIVED, State.READING, State.COMPARING, State.SENDING, State.VERIFYING, State.UNDOING,
        State.PAUSED, State.DONE,
    }  # fmt: skip
    assert len(in_progress(owner)) == 8


# Deletions ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def deletion(as_maintainer: Client, aurorax: AuroraX, new_source: NewSource) -> Deletion:
    """Of two records, waiting for the maintainer's decision."""
    source = new_source(maintainers=["maintainer@example.org"], display_name="Tended")
    start = timezone.now().replace(year=2020, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    records = [EphemerisRecord(start + timedelta(minutes=n)) for n in range(2)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:00"}
    as_maintainer.post(reverse("ephemeris-delete", args=[source.identifier]), span)
    return Deletion.objects.get()


def test_a_deletion_that_waits_is_told_to_whoever_began_it(deletion: Deletion, as_owner: Client) -> None:
    (item,) = Overview(deletion.user).attention
    assert item.subject == "Deletion of 2 ephemeris records of Tended"
    assert item.message == "Waiting for your decision. Nothing is deleted yet."
    page = reverse("ephemeris-deletion", args=[deletion.source_identifier, deletion.pk])
    assert (item.label, item.url) == ("Decide", page)
    assert Overview(User.objects.get(email="owner@example.org")).attention == []


@pytest.mark.parametrize("state", [DeletionState.PAUSED, DeletionState.STOPPED])
def test_a_deletion_that_is_stuck_says_why_however_old_it_is(
    deletion: Deletion, state: DeletionState
) -> None:
    Deletion.objects.update(
        state=state, message="AuroraX does not answer.", created_at=timezone.now() - 2 * FRESH
    )
    (item,) = Overview(deletion.user).attention
    assert (item.message, item.label) == ("AuroraX does not answer.", "See why")


@pytest.mark.parametrize(
    "fields",
    [
        {"survey": {"count": 0}},
        {"created_at": timezone.now() - FRESH - timedelta(minutes=1)},
        {"state": DeletionState.DONE},
        {"state": DeletionState.CANCELLED},
        {"state": DeletionState.DELETING},
    ],
)
def test_looking_is_no_wish_and_what_is_over_needs_nobody(deletion: Deletion, fields: dict[str, Any]) -> None:
    Deletion.objects.update(**fields)
    assert Overview(deletion.user).attention == []


def test_cancelling_an_upload_takes_it_off(upload_file: UploadFile, owner: User, as_owner: Client) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "cancel")
    assert Overview(owner).attention == []
