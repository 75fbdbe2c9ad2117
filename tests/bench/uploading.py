"""The portal's own cases: from a file to checked chunks, and on to an AuroraX that takes everything."""

import time
from pathlib import Path

from django.core.files import File

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource
from apps.jobs.leases import holding
from apps.permissions import Role
from apps.records.types import type_of
from apps.uploads.models import Upload
from apps.uploads.receiving import receive
from apps.uploads.states import State
from apps.uploads.steps import compare
from apps.uploads.steps import read as reading
from apps.uploads.steps import send as sending
from apps.uploads.steps.context import StepContext
from tests.bench.null_api import SOURCE


def read(path: str, slug: str = "ephemeris") -> tuple[int, float]:
    """Read, map, check every row, prepare chunks: from the stored file to the ledger. Of a file without a right row nothing is
    prepared.
    """
    upload = _receive(path, slug)
    began = time.perf_counter()
    _read(upload)
    return upload.rows, time.perf_counter() - began


def send(path: str) -> tuple[int, float]:
    """From the file to the last chunk accepted: receive, read, compare, send."""
    began = time.perf_counter()
    upload = _receive(path)
    _read(upload)
    with holding(upload) as lease:
        if lease is None:
            raise RuntimeError("Somebody else has the upload.")
        context = StepContext(upload, lease, type_of("ephemeris"), AuroraX(), _source())
        compare.run(context)
        upload.transition(State.SENDING)
        sending.run(context)
    if upload.state != State.VERIFYING or upload.sent != upload.valid:
        raise RuntimeError(f"{upload.sent} of {upload.valid} records were accepted.")
    return upload.sent, time.perf_counter() - began


def _receive(path: str, slug: str = "ephemeris") -> Upload:
    owner, _ = User.objects.get_or_create(
        username="owner", defaults={"email": "owner@example.org", "role": Role.OWNER}
    )
    with Path(path).open("rb") as file:
        return receive(
            by=owner, credential=None, kind=type_of(slug), source=_source(), file=File(file, "bench")
        )


def _read(upload: Upload) -> None:
    if upload.state == State.RECEIVED:
        with holding(upload) as lease:
            if lease is None:
                raise RuntimeError("Somebody else reads the upload.")
            reading.run(upload, _source(), lease)
    if upload.state not in (State.COMPARING, State.CHECKED):  # checked, where no row is right
        raise RuntimeError(f"The upload is {upload.state}: {upload.message}")


def _source() -> DataSource:
    return DataSource.from_api(SOURCE)
