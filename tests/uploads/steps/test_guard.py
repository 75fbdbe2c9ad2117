"""An upload that was paused, or takes long: what somebody has written since the comparison is not replaced."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from apps.activity.models import Snapshot
from apps.aurorax import AuroraX, DataSource
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import guard
from tests.conftest import Sent
from tests.deletions.test_deletions import put
from tests.support.uploads import UploadFile, act, csv_of, minutes
from tests.uploads.test_sending import after_chunk, stored


@pytest.fixture
def paused(
    as_owner: Client, upload_file: UploadFile, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Upload:
    """Four of twelve records are sent; six of them, the first of which is sent, replace what was there."""
    settings.UPLOAD_CHUNK_RECORDS = 4
    settings.UPLOAD_CONNECTIONS = 1
    act(as_owner, upload_file(csv_of(*minutes(6))), "send")
    upload = upload_file(csv_of(*(row.replace("state", "new") for row in minutes(12))))
    with monkeypatch.context() as patched:
        after_chunk(patched, 0, lambda: act(as_owner, Upload.objects.get(pk=upload.pk), "pause"))
        act(as_owner, upload, "send")
    assert (upload.state, upload.sent) == (State.PAUSED, 4)
    return upload


def long_ago() -> None:
    """Let time pass since the comparison."""
    for snapshot in Snapshot.objects.all():
        snapshot.taken_at -= guard.FRESH + timedelta(seconds=1)
        snapshot.save()


def test_what_was_written_during_a_pause_is_left_alone_and_listed(
    as_owner: Client, paused: Upload, aurorax: AuroraX, source: DataSource
) -> None:
    put(aurorax, source, range(5, 7), note="theirs")
    put(aurorax, source, range(8, 12), note="theirs")
    long_ago()
    page = act(as_owner, paused, "resume")
    keys = [f"2020-01-01T00:{n:02}:00" for n in (5, 6, 8, 9, 10, 11)]
    assert paused.report.others_listed == keys
    assert (paused.sent, paused.verified, paused.missing, paused.resent) == (6, 6, 0, 0)
    assert all(key in page for key in keys)
    assert "6 have another value than was sent and than was there before" in page
    states = stored(aurorax, source)
    assert [state for state in states.values() if state] == [f"new {n}" for n in (0, 1, 2, 3, 4, 7)]
    assert [chunk.state for chunk in paused.chunks.all()][2] == ChunkState.IDENTICAL


def test_what_waits_together_is_looked_at_together(as_owner: Client, paused: Upload, sent: Sent) -> None:
    long_ago()
    act(as_owner, paused, "resume")
    paths = [line.partition("/api/v1")[2] for line in sent if line.startswith("POST")]
    last = max(place for place, path in enumerate(paths) if path.endswith("/ephemeris"))
    assert paths[:last].count("/ephemeris/search_synchronous") == 1
    assert paths[: last + 1].count(f"/data_sources/{paused.source_identifier}/ephemeris") == 2
    assert paused.is_verified


def test_what_nobody_has_touched_goes_on_as_if_it_had_not_been_paused(
    as_owner: Client, paused: Upload, aurorax: AuroraX, source: DataSource
) -> None:
    long_ago()
    act(as_owner, paused, "resume")
    assert paused.is_verified
    assert stored(aurorax, source) == {f"00:{n:02}": f"new {n}" for n in range(12)}


def test_what_was_compared_just_now_is_not_looked_at_again(
    as_owner: Client, paused: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Chunk] = []

    def look(guard: guard.Guard, chunks: list[Chunk]) -> dict[int, dict[str, int]]:
        looked.extend(chunks)
        return {chunk.pk: {} for chunk in chunks}

    monkeypatch.setattr(guard.Guard, "_look", look)
    act(as_owner, paused, "resume")
    assert paused.is_verified
    assert looked == []
