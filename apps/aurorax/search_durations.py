"""How long asynchronous searches take at one AuroraX: whoever knows looks once for the end of one, not five times."""

from datetime import timedelta
from hashlib import blake2b

from django.core.cache import caches

LATEST = 8  # searches that are remembered, of each length
REMEMBERED = 24 * 60 * 60  # seconds
LONGEST = 10.0  # seconds before the first look, however long the others took


class SearchDurations:
    """What the latest searches of one kind took, in seconds: of those that ask for about as much time.

    In the cache, so that threads and, with Redis, workers learn from each other. Two that write at once lose one of what
    they saw, which does no harm.
    """

    def __init__(self, base_url: str, kind: str) -> None:
        self._of = f"{base_url} {kind}"

    def shortest(self, span: timedelta) -> float:
        """The least that one for so much time has taken lately; 0 while nothing is known."""
        return min(self._latest(span), default=0.0)

    def add(self, span: timedelta, seconds: float) -> None:
        """One has taken so long."""
        latest = [*self._latest(span), min(max(seconds, 0.0), LONGEST)][-LATEST:]
        caches["answers"].set(self._key(span), latest, REMEMBERED)

    def _latest(self, span: timedelta) -> list[float]:
        return caches["answers"].get(self._key(span)) or []

    def _key(self, span: timedelta) -> str:
        """One for each power of two of days."""
        asked = f"{self._of} {span.days.bit_length()}"
        return f"aurorax-search-durations:{blake2b(asked.encode(), digest_size=20).hexdigest()}"
