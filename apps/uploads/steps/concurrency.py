"""How many requests are under way at once: as many as the settings allow, fewer while AuroraX is slow or asks for less."""

SLOW = 5.0  # seconds for an answer
QUICK_ANSWERS = 20  # in a row, before one more is tried again


class AdaptiveConcurrency:
    """Starts at the most, halves when AuroraX refuses to keep up, goes down by one for a slow answer, and up again slowly."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._quick = 0
        self.connections = most

    @property
    def is_full(self) -> bool:
        """Whether several requests may be under way, and none has to be held back."""
        return self.connections == self._most > 1

    def record_latency(self, seconds: float) -> None:
        """An answer came after so many seconds."""
        if seconds > SLOW:
            self._set(self.connections - 1)
        else:
            self._quick += 1
            if self._quick >= QUICK_ANSWERS:
                self._set(self.connections + 1)

    def back_off(self) -> None:
        """AuroraX answered that it cannot keep up (429, 503), or not at all."""
        self._set(self.connections // 2)

    def _set(self, connections: int) -> None:
        self._quick = 0
        self.connections = min(max(connections, 1), self._most)
