"""Bringing back work that lost its worker: each app says how, in its `AppConfig.ready`."""

from collections.abc import Callable

_recoveries: list[Callable[[], int]] = []


def register(recover: Callable[[], int]) -> None:
    """Have `recover` called every few seconds: it wakes a worker for each job that should have one and has none, and
    answers how many it woke. It must be harmless to repeat.
    """
    if recover not in _recoveries:
        _recoveries.append(recover)


def recover_all() -> int:
    """Recover jobs of every kind; answers how many were woken."""
    return sum(recover() for recover in _recoveries)
