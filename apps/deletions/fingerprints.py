"""What stands for exactly the records that a person was shown, with exactly their values."""

import hashlib
import json
from typing import Protocol

import msgspec

from apps.validation.row import Record

DIGEST_BYTES = 24  # other than in release 0.2, so that the two are told apart
_encode = msgspec.json.Encoder(order="deterministic").encode


class Hash(Protocol):
    """As `hashlib` has them."""

    def update(self, data: bytes, /) -> None:
        """Take in more."""

    def hexdigest(self) -> str:
        """What stands for all of it."""


class Fingerprint:
    """Records in their order, each whatever the order of its members."""

    def __init__(self) -> None:
        self._hash: Hash = hashlib.blake2b(digest_size=DIGEST_BYTES)

    def add(self, record: Record) -> None:
        """Take in one more."""
        self._hash.update(_encode(record))

    def __str__(self) -> str:
        return self._hash.hexdigest()


class EarlierFingerprint(Fingerprint):
    """The same as release 0.2 took it, which takes ten times as long: for deletions that were looked at before the upgrade."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, record: Record) -> None:
        """By the digest of its text."""
        text = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        self._hash.update(hashlib.sha256(text.encode()).digest())


def fingerprint_like(known: str) -> Fingerprint:
    """Taken in the same way as a known one, so that the two can be compared."""
    return Fingerprint() if len(known) in (0, 2 * DIGEST_BYTES) else EarlierFingerprint()
