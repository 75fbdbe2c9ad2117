"""How long AuroraX has taken for something lately: whoever knows looks once for its end, not five times."""

from hashlib import blake2b

from django.core.cache import caches

LATEST = 8  # that are remembered
REMEMBERED = 24 * 60 * 60  # seconds
LONGEST = 10.0  # seconds before the first look, however long it took


class RecentDurations:
    """What the latest of one kind took, in seconds; `kind` says at which AuroraX, and of what.

    In the cache, so that threads and, with Redis, workers learn from each other. Two that write at once lose one of what
    they saw, which does no harm.
    """

    def __init__(self, *kind: object) -> None:
        name = blake2b(repr(kind).encode(), digest_size=20).hexdigest()
        self._key = f"aurorax-durations:{name}"

    @property
    def shortest(self) -> float:
        """The least that one has taken lately; 0 while nothing is known."""
        return min(self._latest, default=0.0)

    def add(self, seconds: float) -> None:
        """One has taken so long."""
        latest = [*self._latest, min(max(seconds, 0.0), LONGEST)][-LATEST:]
        caches["answers"].set(self._key, latest, REMEMBERED)

    @property
    def _latest(self) -> list[float]:
        return caches["answers"].get(self._key) or []
