"""Lists remembered for a moment, and forgotten as soon as the portal writes."""

import hashlib
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches

from apps.aurorax.transport import Transport

Answer = TypeVar("Answer")
SECONDS = 30


class AnswerCache:
    """What AuroraX answered to one credential lately. A write through the portal, by anybody, empties it."""

    def __init__(self, transport: Transport) -> None:
        credential = transport.credential
        secret = credential.secret if credential else ""
        self._who = _digest(f"{transport.base_url} {secret}")
        self._age = f"aurorax-age:{transport.base_url}"

    def recall(self, question: str, ask: Callable[[], Answer]) -> Answer:
        """The answer of the last `SECONDS`, or that of `ask`.

        What is asked while somebody writes is kept under the age before the write, where nobody looks any more.
        """
        age = caches["answers"].get(self._age, "")
        key = f"aurorax-answer:{self._who}:{age}:{_digest(question)}"
        known: Answer | None = caches["answers"].get(key)
        if known is None:
            known = ask()
            caches["answers"].set(key, known, SECONDS)
        return known

    def forget(self) -> None:
        """Empty it: everything is asked for again."""
        caches["answers"].set(self._age, uuid.uuid4().hex, 2 * SECONDS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
