"""The states of an upload, and the lease on it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.jobs.leases import Lease, LeaseLost, holding
from apps.jobs.models import WrongTransition
from apps.uploads.models import Upload
from apps.uploads.states import ENDED, RUNNING, TRANSITIONS, State
from tests.support.uploads import UploadFile, csv_of, minutes


@pytest.fixture
def upload(upload_file: UploadFile) -> Upload:
    return upload_file(csv_of(*minutes(1)))


def test_every_state_has_an_exit_or_is_an_end() -> None:
    assert set(TRANSITIONS) == set(State)
    beyond = {State.READING, State.SENDING, State.UNDOING}  # where people may take up again what has ended
    assert {state for state, exits in TRANSITIONS.items() if exits <= beyond} == ENDED | {State.RECEIVED}
    reachable = {State.RECEIVED}.union(*TRANSITIONS.values())
    assert reachable == set(State)
    assert not RUNNING & ENDED


@pytest.mark.parametrize("to", [State.DONE, State.VERIFYING, State.PAUSED, State.RECEIVED])
def test_a_transition_outside_the_diagram_raises(upload: Upload, to: State) -> None:
    with pytest.raises(WrongTransition):
        upload.transition(to)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED


def test_of_two_who_move_it_at_once_one_wins_and_the_other_learns_of_it(upload: Upload) -> None:
    other = Upload.objects.get(pk=upload.pk)
    other.transition(State.CANCELLED)
    with pytest.raises(WrongTransition):
        upload.transition(State.SENDING)
    assert upload.state == State.CANCELLED


def test_a_lease_is_held_by_one_worker_until_it_runs_out(upload: Upload) -> None:
    first, second = Lease(upload), Lease(upload)
    assert first.take()
    assert not second.take()
    with holding(upload) as nobody:
        assert nobody is None
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert second.take()
    with pytest.raises(LeaseLost):
        first.renew()
    first.give_back()
    second.renew()
    second.give_back()
    assert first.take()


def test_the_diagram_in_the_documentation_shows_exactly_these_transitions() -> None:
    text = (settings.BASE_DIR / "docs/uploads.md").read_text()
    drawn = {tuple(arrow.split(" --> ")) for arrow in re.findall(r"^ {4}(\w+ --> \w+)$", text, re.MULTILINE)}
    words = {state: state.value.replace(" ", "_") for state in State}
    assert drawn == {(words[now], words[to]) for now, exits in TRANSITIONS.items() for to in exits}
