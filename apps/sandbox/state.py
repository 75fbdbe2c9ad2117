"""What the running process knows besides its database: the switches, the dice, and counters that make faults repeatable."""

import random
import threading
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from apps.sandbox.switches import Switches, changed


class State:
    """One per process; the sandbox runs in one process. Safe to use from several threads."""

    def __init__(self, switches: Switches) -> None:
        self._lock = threading.Lock()
        self._initial = switches
        self.touched: set[int] | None = None  # sources whose records changed; None while that is not known
        self._set(switches)

    def change(self, changes: Mapping[str, Any]) -> Switches:
        """Set some switches and start dice and counters anew. Raises `ValueError` with a sentence."""
        switches = changed(self.switches, changes)
        with self._lock:
            self._set(switches)
        return switches

    def reset(self) -> None:
        """Every switch as the environment has it."""
        with self._lock:
            self._set(self._initial)

    def roll(self) -> float:
        """The next throw of the dice, from 0 to below 1."""
        with self._lock:
            return self._dice.random()

    def spend(self) -> bool:
        """Count one fault; False when the switch `times` says that there were enough."""
        with self._lock:
            self._faults += 1
            return not 0 < self.switches.times < self._faults

    def loses(self) -> bool:
        """Count one ingested record; True for each that is to be lost (switch `lose_every`)."""
        with self._lock:
            self._ingested += 1
            return self._ingested % self.switches.lose_every == 0

    def touch(self, source: int) -> None:
        """Note that the records of a source are no longer those of the seed."""
        if self.touched is not None:
            self.touched.add(source)

    def _set(self, switches: Switches) -> None:
        self.switches = switches
        self._dice = random.Random(switches.dice)  # noqa: S311 - dice that must fall the same again
        self._faults = self._ingested = 0


state = State(settings.SANDBOX_SWITCHES)
