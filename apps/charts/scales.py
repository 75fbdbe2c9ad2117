"""From counts to the five strengths of colour of a picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median_low

STEPS = 5


@dataclass(frozen=True)
class Scale:
    """Five steps up to `full`: four quarters of what is less, and one for `full` and more.

    `meaning` says in a sentence what the colours stand for, `best` what the strongest does; without it by number.
    """

    full: int
    meaning: str = ""
    best: str = ""

    def step(self, count: int) -> int:
        """0 for nothing, 1 to 5 for something."""
        if count <= 0:
            return 0
        return STEPS if count >= self.full else 1 + count * (STEPS - 1) // self.full

    def ranges(self) -> Iterator[tuple[int, str]]:
        """The steps that a count can have, and which counts have them: `(1, "1 to 359")`."""
        for step in range(1, STEPS):
            low = max(1, -((1 - step) * self.full // (STEPS - 1)))
            high = -(-step * self.full // (STEPS - 1)) - 1
            if low <= high:
                yield step, f"{low:,}" if low == high else f"{low:,} to {high:,}"
        yield STEPS, self.best or f"{self.full:,} or more"


def usual(counts: Iterable[int]) -> int:
    """What a usual day has: the median of the days that have any, which a few odd days do not move."""
    return median_low([count for count in counts if count > 0] or [1])
