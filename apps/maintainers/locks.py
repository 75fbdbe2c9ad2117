"""One at a time: people who change the maintainers of the same data source through the portal take turns."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import LockError
from redis.lock import Lock as RedisLock

from apps.aurorax import errors

LONGEST_TURN = 60  # seconds after which a turn counts as over, should its machine have died
LONGEST_WAIT = 20.0  # seconds
POLL_SECONDS = 0.05  # seconds
_locks: dict[int, threading.Lock] = {}  # of this process


@contextmanager
def source_lock(identifier: int) -> Iterator[None]:
    """Wait for a turn on this data source, and hand it on afterwards.

    Among the threads of one process by default, among all machines with CACHE=redis. Raises `errors.TryAgain` when the
    turn does not come.
    """
    is_shared = settings.CACHE == "redis"
    with _among_machines(identifier) if is_shared else _among_threads(identifier) as is_ours:
        if not is_ours:
            raise errors.TryAgain(
                "Somebody else is changing the maintainers of this data source. Try again in a minute."
            )
        yield


@contextmanager
def _among_threads(identifier: int) -> Iterator[bool]:
    lock = _locks.setdefault(identifier, threading.Lock())
    is_ours = lock.acquire(timeout=LONGEST_WAIT)
    try:
        yield is_ours
    finally:
        if is_ours:
            lock.release()


@contextmanager
def _among_machines(identifier: int) -> Iterator[bool]:
    lock = _machine_lock(identifier)
    is_ours = bool(lock.acquire(blocking_timeout=LONGEST_WAIT))
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(LockError):  # it took too long, and counts as over: the turn is somebody else's
                lock.release()


def _machine_lock(identifier: int) -> RedisLock:
    name = f"maintainers:{identifier}"
    lock: RedisLock = _redis(settings.REDIS_URL).lock(name, timeout=LONGEST_TURN, sleep=POLL_SECONDS)
    return lock


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url)
