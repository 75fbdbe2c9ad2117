"""Bringing a file to the portal, piece after piece, from where an earlier attempt has left it."""

import hashlib
from pathlib import Path
from typing import Any

from aurorax_portal.client import Client, Refusal
from aurorax_portal.exits import FINDINGS, USAGE, Ended
from aurorax_portal.progress import Progress

BLOCK = 1024 * 1024  # bytes
PIECE_TYPE = "application/offset+octet-stream"
CHANGED = (
    "{path} was changed while it was sent. Run the same command again when nothing writes to it any more."
)


def bring(
    client: Client,
    path: Path,
    progress: Progress,
    *,
    source: int,
    kind: str,
    piece: int,
    only_if_all_valid: bool,
    answers: dict[str, str],
) -> tuple[dict[str, Any], bool]:
    """The upload of this file, and whether it was there already. Raises `Refusal`, `Ended`."""
    told = {"name": path.name, "size": _size(path), "sha256": _digest(path, progress)}
    told |= {"kind": kind, "only_if_all_valid": only_if_all_valid, "answers": answers}
    begun = client.post(f"sources/{source}/files", told)
    if begun["upload"]:
        progress.step("The portal has this file already, and goes on with it")
        return begun["upload"], True
    try:
        _send(client, path, progress, begun["file"], piece)
        made = client.post(f"files/{begun['file']['id']}/upload")
    except Refusal as refusal:
        raise _ended(path, refusal) from refusal
    upload: dict[str, Any] = made["upload"]
    return upload, False


def _send(client: Client, path: Path, progress: Progress, file: dict[str, Any], piece: int) -> None:
    offset, size, address = int(file["offset"]), int(file["size"]), f"files/{file['id']}"
    progress.step(f"Sending {path.name} to the portal" + (f", from byte {offset:,} on" if offset else ""))
    with path.open("rb") as content:
        while offset < size:
            content.seek(offset)
            block = content.read(piece)
            if not block:
                raise Ended(USAGE, CHANGED.format(path=path))
            offset = _piece(client, address, offset, block)
            progress.at(offset, size, "bytes")


def _piece(client: Client, address: str, offset: int, block: bytes) -> int:
    """Send it; answers where to go on. It may have arrived although its answer was lost: then that is said."""
    headers = {"Content-Type": PIECE_TYPE, "Upload-Offset": str(offset), "Tus-Resumable": "1.0.0"}
    try:
        return int(client.ask("PATCH", address, data=block, headers=headers).headers["Upload-Offset"])
    except Refusal as refusal:
        if refusal.slug != "offset":
            raise
        return int(refusal.body["offset"])


def _ended(path: Path, refusal: Refusal) -> Exception:
    if refusal.slug == "unreadable-file":
        return Ended(FINDINGS, refusal.detail, problem=refusal.body)
    if refusal.slug == "digest":
        return Ended(USAGE, CHANGED.format(path=path))
    return refusal


def _size(path: Path) -> int:
    try:
        if not path.is_file():
            raise Ended(USAGE, f"There is no file {path}.")
        return path.stat().st_size
    except OSError as error:
        raise Ended(USAGE, f"{path} cannot be read: {error.strerror}.") from None


def _digest(path: Path, progress: Progress) -> str:
    progress.step(f"Reading {path.name}")
    digest = hashlib.sha256()
    try:
        with path.open("rb") as content:
            while block := content.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise Ended(USAGE, f"{path} cannot be read: {error.strerror}.") from None
    return digest.hexdigest()
