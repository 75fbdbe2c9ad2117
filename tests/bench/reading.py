"""From an uploaded file to chunks that are ready to send: read, every row checked, chunks and ledger written."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from pyaurorax.search import DataSource as PeersSource
from pyaurorax.search import EphemerisData, Location

from apps.accounts.models import User
from apps.aurorax import DataSource
from apps.permissions import Role
from apps.uploads import reading
from apps.uploads.kinds import kind_of
from apps.uploads.leases import holding
from apps.uploads.models import Upload
from apps.uploads.receiving import receive
from apps.uploads.states import State
from tests.bench.figures import Figure, in_turn
from tests.bench.records import METADATA, NAMES, PLACES, csv_file

OWNER = "owner@example.org"
ROWS = 100_000
ROUNDS = 3
CHUNK = 500  # records, as both the portal and PyAuroraX send unless told otherwise


def figures(folder: Path) -> list[Figure]:
    """Rows a second of a CSV file, beside two scripts that check less and keep nothing."""
    content = csv_file(ROWS)
    uploads = [_received(content) for _ in range(ROUNDS)]
    waiting = iter(uploads)
    ours, plain, objects = in_turn(
        ROUNDS, lambda: _read(next(waiting)), lambda: _plain(content), lambda: _pyaurorax(content)
    )
    name = f"upload: read, check and prepare a CSV of {ROWS:,} rows"
    return [
        Figure(name, ROWS / ours, "rows/s", "csv, float, fromisoformat, json", ROWS / plain),
        Figure(name, ROWS / ours, "rows/s", "csv, PyAuroraX objects, json", ROWS / objects),
    ]


def _received(content: bytes) -> Upload:
    owner, _ = User.objects.get_or_create(username=OWNER, defaults={"email": OWNER, "role": Role.OWNER})
    file = ContentFile(content, name="bench.csv")
    return receive(by=owner, credential=None, kind=kind_of("ephemeris"), source=_source(), file=file)


def _source() -> DataSource:
    """A source without a metadata schema, as most are."""
    row = {
        **NAMES,
        "identifier": 1,
        "source_type": "ground",
        "display_name": "Bench",
        "owner": OWNER,
    }
    return DataSource.from_api(row)


def _read(upload: Upload) -> None:
    with holding(upload) as lease:
        if lease is None:
            raise RuntimeError("Somebody else reads the upload.")
        reading.read(upload, _source(), lease)
    if upload.state != State.CHECKED or upload.valid != ROWS:
        raise RuntimeError(f"{upload.valid} of {ROWS} rows are valid; the upload is {upload.state}.")


def _plain(content: bytes) -> None:
    """A script that trusts its file: numbers and times must be some, and that is all."""

    def records() -> Iterator[dict[str, Any]]:
        for row in csv.DictReader(io.StringIO(content.decode())):
            epoch = datetime.fromisoformat(row["epoch"])
            places = {
                place: {"lat": float(row[f"{place}.lat"]), "lon": float(row[f"{place}.lon"])}
                for place in PLACES
            }
            yield {**NAMES, "epoch": f"{epoch:%Y-%m-%dT%H:%M:%S}", **places, "metadata": _metadata(row)}

    _encode(records())


def _pyaurorax(content: bytes) -> None:
    """A script as PyAuroraX's documentation has it, up to the bodies of its requests."""
    source = PeersSource(identifier=1, **NAMES)

    def records() -> Iterator[dict[str, Any]]:
        for row in csv.DictReader(io.StringIO(content.decode())):
            places = {
                place: Location(lat=float(row[f"{place}.lat"]), lon=float(row[f"{place}.lon"]))
                for place in PLACES
            }
            epoch = datetime.fromisoformat(row["epoch"]).replace(tzinfo=UTC)
            yield EphemerisData(source, epoch, **places, metadata=_metadata(row)).to_json_serializable()

    _encode(records())


def _metadata(row: dict[str, str]) -> dict[str, str]:
    return {field: row[f"metadata.{field}"] for field in METADATA}


def _encode(records: Iterable[dict[str, Any]]) -> None:
    """As request bodies, one after the other."""
    waiting = iter(records)
    while chunk := list(islice(waiting, CHUNK)):
        json.dumps(chunk).encode()
