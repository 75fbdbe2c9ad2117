"""Sending records. Both kinds go the same way."""

from collections.abc import Sequence

import requests

from apps.aurorax.records import DataProductRecord, DataSource, EphemerisRecord
from apps.aurorax.transport import Effect, Transport


def upload(
    transport: Transport,
    path: str,
    body: bytes | Sequence[EphemerisRecord] | Sequence[DataProductRecord],
    source: DataSource | None,
) -> requests.Response:
    """POST records of `source`, or a ready JSON array. Harmless to repeat: a record is replaced by its key."""
    if isinstance(body, bytes):
        return transport.send("POST", path, Effect.IDEMPOTENT, body=body)
    if source is None:
        raise ValueError("Uploading records needs their data source: each repeats its key.")
    rows = [source.key | record.to_api() for record in body]
    return transport.send("POST", path, Effect.IDEMPOTENT, json=rows)
