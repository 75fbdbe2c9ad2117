"""What AuroraX answered to one credential lately, and which data sources have been written since.

Nobody is shown what somebody else was answered. What is kept says how far the log of writes had come before AuroraX was asked:
whoever recalls it learns which data sources to ask for again, so one's own write is seen at once, and costs one source, not
the list of all.
"""

import hashlib
import time
from typing import Any

from django.core.cache import caches

from apps.aurorax.transport import Transport

SECONDS = 30
LOG_SECONDS = 60 * 60  # longer than anything is kept
EVERYTHING = -1  # in the log: it is not known which data source was written
MOST = 10  # data sources to ask for again; more are asked for with all the others


class WriteLog:
    """The data sources that the portal, by whomever, has written in one AuroraX."""

    def __init__(self, base_url: str) -> None:
        self._counter = f"aurorax-writes:{base_url}"

    def position(self) -> int:
        """How far it has come."""
        found: int | None = caches["answers"].get(self._counter)
        if found is None:
            # A log that was lost begins where no log has been: what was kept beside the old one is not taken for new.
            caches["answers"].add(self._counter, time.time_ns(), LOG_SECONDS)
            found = caches["answers"].get(self._counter)
        return found or 0

    def note(self, identifier: int = EVERYTHING) -> None:
        """A data source was written, or may have been."""
        self.position()
        try:
            number = caches["answers"].incr(self._counter)
        except ValueError:  # it was pushed out just now: with a new log nothing is recalled any more
            return
        caches["answers"].touch(self._counter, LOG_SECONDS)
        caches["answers"].set(f"{self._counter}:{number}", identifier, LOG_SECONDS)

    def since(self, position: int) -> set[int] | None:
        """What was written since then; None for more than is worth asking one by one, or where that is not known."""
        now = self.position()
        if not 0 <= now - position <= MOST:
            return None
        keys = [f"{self._counter}:{number}" for number in range(position + 1, now + 1)]
        noted = caches["answers"].get_many(keys) if keys else {}
        return None if len(noted) < len(keys) or EVERYTHING in noted.values() else set(noted.values())


class AnswerCache:
    """Answers by the question, each credential's own, as bytes that are cheap to read."""

    def __init__(self, transport: Transport) -> None:
        credential = transport.credential
        secret = credential.secret if credential else ""
        self._who = _digest(f"{transport.base_url} {secret}")
        self.log = WriteLog(transport.base_url)

    def recall(self, question: str) -> Any:
        """What was kept for it, or None."""
        return caches["answers"].get(self._key(question))

    def keep(self, question: str, answer: Any, seconds: float = SECONDS) -> None:
        """Remember it for so long."""
        if seconds > 0:
            caches["answers"].set(self._key(question), answer, seconds)

    def _key(self, question: str) -> str:
        return f"aurorax-answer:{self._who}:{_digest(question)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
