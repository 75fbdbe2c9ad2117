"""Reading back begins while the rest is being sent, and asks AuroraX no more than it has to."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource
from apps.ephemeris.record_type import EphemerisType
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import read_back, runner, verify
from apps.uploads.steps.context import StepContext
from tests.conftest import Sent
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, act
from tests.uploads.steps.test_requests import DAY, HOUR, START, file_of, kinds_of

MONTHS = [START + number * 6 * HOUR for number in range(4 * 118)]  # nearly four months


@pytest.fixture(autouse=True)
def _slowly(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 20
    settings.UPLOAD_CONNECTIONS = 1
    monkeypatch.setattr(read_back, "TRY_AGAIN", 0.0)


def sending_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there is time to read back."""
    really_upload = EphemerisType.upload

    def upload(kind: EphemerisType, client: AuroraX, source: DataSource, body: bytes) -> None:
        time.sleep(0.05)
        really_upload(kind, client, source, body)

    monkeypatch.setattr(EphemerisType, "upload", upload)


@pytest.fixture
def when_all_was_sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many chunks had been verified by then."""
    seen, really_run = list[int](), verify.run

    def run(context: StepContext) -> None:
        seen.append(context.upload.chunks.filter(state=ChunkState.VERIFIED).count())
        really_run(context)

    monkeypatch.setitem(runner.STEPS, State.VERIFYING, run)
    return seen


def test_whole_months_are_read_back_while_the_rest_is_sent(
    as_owner: Client,
    upload_file: UploadFile,
    sent: Sent,
    monkeypatch: pytest.MonkeyPatch,
    when_all_was_sent: Sequence[int],
) -> None:
    upload = upload_file(file_of(MONTHS))
    sending_slowly(monkeypatch)
    del sent[:]
    assert "Verified" in act(as_owner, upload, "send")
    assert when_all_was_sent[0] >= 6  # a month at least, of 24 in all
    assert upload.verified == len(MONTHS)
    assert upload.read_back_since is not None
    assert upload.sent_at is not None
    assert upload.read_back_since < upload.sent_at
    assert kinds_of(sent)["search"] == 6  # nothing twice, but for the first records, which are shown


def test_what_is_not_there_yet_is_read_back_later(
    as_owner: Client,
    upload_file: UploadFile,
    portal: SandboxProcess,
    monkeypatch: pytest.MonkeyPatch,
    when_all_was_sent: Sequence[int],
) -> None:
    upload = upload_file(file_of(MONTHS))
    sending_slowly(monkeypatch)
    really_run = runner.STEPS[State.VERIFYING]

    def when_it_is_taken_in(context: StepContext) -> None:
        portal.ingest()
        really_run(context)

    monkeypatch.setitem(runner.STEPS, State.VERIFYING, when_it_is_taken_in)
    with portal.switched(ingest_delay=60):
        assert "Verified" in act(as_owner, upload, "send")
    assert when_all_was_sent == [0]
    assert (upload.verified, upload.resent) == (len(MONTHS), 0)


def test_how_long_aurorax_takes_is_learned_and_waited_for(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess, sent: Sent
) -> None:
    with portal.switched(ingest_delay=1):
        first = upload_file(file_of([START + number * HOUR for number in range(10)]))
        act(as_owner, first, "send")
        learned = read_back.ingestion(first).shortest
        assert learned > 0.5
        second = upload_file(file_of([START + 100 * DAY + number * HOUR for number in range(10)]))
        del sent[:]
        act(as_owner, second, "send")
    assert second.is_verified
    posted = next(number for number, line in enumerate(sent) if line.endswith("/ephemeris"))
    assert kinds_of(sent[posted:])["at once"] <= 4  # and one for the records that are shown


TEN_YEARS = [datetime(2010, 1, 1, tzinfo=UTC) + number * DAY for number in range(3_650)]


@pytest.mark.parametrize("limited", [False, True])
def test_ten_years_of_a_record_a_day(
    as_owner: Client,
    upload_file: UploadFile,
    portal: SandboxProcess,
    sent: Sent,
    settings: Settings,
    limited: bool,
) -> None:
    settings.UPLOAD_CHUNK_RECORDS = 500
    upload = upload_file(file_of(TEN_YEARS if not limited else TEN_YEARS[:365]))
    del sent[:]
    with portal.switched(search_limits=limited):
        assert "Verified" in act(as_owner, upload, "send")
    posts = [line for line in sent.writes if "/api/v1/" in line]
    searches = kinds_of(sent)["search"]
    if limited:
        assert 12 <= searches <= 14
    else:
        assert len(posts) == 8
        assert len([line for line in sent if "/api/v1/" in line]) - len(posts) <= 20
    assert upload.verified == upload.valid
