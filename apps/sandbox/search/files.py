"""The result files of searches, one per request, in the folder `SANDBOX_RESULTS_DIR`."""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from apps.sandbox.search.results import DataProductResult, EphemerisResult, Result

_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "ephemeris": msgspec.json.Decoder(list[EphemerisResult]),
    "data_product": msgspec.json.Decoder(list[DataProductResult]),
}


def write(request_id: UUID, content: bytes) -> None:
    """Keep the result of a search."""
    path = _path(request_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def read(request_id: UUID, kind: str) -> list[Result] | None:
    """The kept records, or None where the file is gone."""
    try:
        content = _path(request_id).read_bytes()
    except FileNotFoundError:
        return None
    results: list[Result] = _DECODERS[kind].decode(content)
    return results


def exists(request_id: UUID) -> bool:
    """Whether there is a result to read."""
    return _path(request_id).exists()


def remove(request_id: UUID) -> None:
    """Forget the result of a search; nothing happens where it is gone already."""
    _path(request_id).unlink(missing_ok=True)


def remove_all() -> None:
    """Forget every result."""
    for path in _folder().glob("*.json"):
        path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.SANDBOX_RESULTS_DIR)


def _path(request_id: UUID) -> Path:
    return _folder() / f"{request_id}.json"
