"""Files at which a library breaks down: the upload is rejected once, with a reason, and the portal lives on."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.aurorax import DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support import harmful
from tests.support.uploads import UploadFile, csv_of, minutes

pytestmark = pytest.mark.any_database

ROWS = csv_of(*minutes(3))
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0 and nothing of one"
HARM: list[tuple[Callable[..., None], str]] = [
    (harmful.abort, "the library that reads text files broke down at it"),
    (harmful.allocate_without_end, "it needs more than 200 MB of memory. Split it"),
    (harmful.ask_for_too_much, "it needs more than 200 MB of memory. Split it"),
    (harmful.never_return, "it is not read within 1 seconds. Split it"),
    (harmful.compute_without_end, "it is not read within 1 seconds. Split it"),
    (harmful.fail, "The portal could not read this file, by a fault of its own."),
    (harmful.talk_nonsense, "the library that reads text files broke down at it"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _small_limits(settings: Settings) -> None:
    settings.UPLOAD_READ_MEGABYTES, settings.UPLOAD_READ_SECONDS = 200, 1


@pytest.fixture
def in_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is left to a worker."""
    monkeypatch.setattr("apps.uploads.receiving.READ_AT_ONCE", 0)


def harm(monkeypatch: pytest.MonkeyPatch, function: Callable[..., None]) -> None:
    monkeypatch.setattr("apps.uploads.steps.read.read_file", function)


@pytest.mark.usefixtures("in_background")
@pytest.mark.parametrize(("function", "reason"), HARM, ids=lambda each: getattr(each, "__name__", ""))
def test_a_worker_rejects_it_once_with_the_reason_and_reads_the_next(
    function: Callable[..., None], reason: str, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as replaced:
        harm(replaced, function)
        upload = upload_file(ROWS)
    assert (upload.state, upload.attempts) == (State.REJECTED, 1)
    assert reason in upload.message
    assert not upload.chunks.exists()
    assert upload_file(ROWS).state == State.CHECKED


@pytest.mark.parametrize(("function", "reason"), HARM[:3], ids=lambda each: getattr(each, "__name__", ""))
def test_a_request_says_so_at_once_and_keeps_nothing(
    function: Callable[..., None],
    reason: str,
    as_owner: Client,
    source: DataSource,
    upload_file: UploadFile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as replaced:
        harm(replaced, function)
        address = reverse("ephemeris-upload", args=[source.identifier])
        answer = as_owner.post(address, {"file": SimpleUploadedFile("day.csv", ROWS)})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not Upload.objects.exists()
    assert upload_file(ROWS).state == State.CHECKED


def test_a_workbook_is_to_be_saved_as_csv(
    as_owner: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    harm(monkeypatch, harmful.abort)
    address = reverse("ephemeris-upload", args=[source.identifier])
    page = as_owner.post(address, {"file": SimpleUploadedFile("day.xls", OLD_WORKBOOK)}).content.decode()
    assert "the library that reads old Excel workbooks (.xls) broke down at it" in page
    assert "Save its records as CSV and upload that." in page


def test_what_is_in_the_file_does_not_come_into_logs(
    upload_file: UploadFile,
    in_background: None,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for function in (harmful.fail, harmful.print_the_file):
        with monkeypatch.context() as replaced:
            harm(replaced, function)
            assert upload_file(csv_of("secret")).state == State.REJECTED
    printed = capfd.readouterr()
    assert "LookupError" in caplog.text
    assert "SIGABRT" in caplog.text
    assert "secret" not in caplog.text + printed.out + printed.err


def test_a_file_that_takes_longer_than_a_request_may_is_left_to_a_worker(
    upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.uploads.steps.read.SECONDS_IN_REQUEST", 0.0)
    upload = upload_file(ROWS)
    assert (upload.state, upload.valid, upload.attempts) == (State.CHECKED, 3, 0)
    assert upload.chunks.count() == 1


def test_so_is_one_of_which_more_comes_out(upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.uploads.steps.read.CELLS_IN_REQUEST", 11)
    woken: list[Upload] = []
    monkeypatch.setattr("apps.uploads.tasks.wake", woken.append)
    upload = upload_file(ROWS)  # 3 rows of 4 cells
    assert [each.pk for each in woken] == [upload.pk]
    assert (upload.state, upload.rows, upload.attempts) == (State.READING, 0, 0)
    assert not upload.chunks.exists()


def test_a_request_takes_two_seconds_at_most_for_a_small_file_of_three_million_rows(
    upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("apps.uploads.tasks.wake", lambda upload: None)
    path = tmp_path / "many.parquet"
    rows = pl.DataFrame({"epoch": ["2020-01-01T00:00:00"]}).select(
        pl.col("epoch").repeat_by(3_000_000).explode()
    )
    rows.write_parquet(path, compression="zstd")
    assert path.stat().st_size < 100_000
    upload_file(ROWS)  # the server is there now
    began = time.monotonic()
    upload = upload_file(path.read_bytes(), name="many.parquet")
    assert upload.state == State.READING
    assert time.monotonic() - began < 2.5 + os.getloadavg()[0] / 4


def test_a_file_of_a_thousand_columns_is_refused_with_what_to_do(
    as_owner: Client, source: DataSource
) -> None:
    address = reverse("ephemeris-upload", args=[source.identifier])
    for count, prefix, message in (
        (201, "x", "201 columns that the portal does not know, and it asks about 200 at most."),
        (1_000, "metadata.x", "has 1,001 columns, and at most 1,000 are read."),
    ):
        header = ",".join(f"{prefix}{n}" for n in range(count))
        content = csv_of("2020-01-01T00:00:00" + ",1" * count, header=f"epoch,{header}")
        answer = as_owner.post(address, {"file": SimpleUploadedFile("wide.csv", content)})
        assert message in answer.content.decode()
    assert not Upload.objects.exists()
