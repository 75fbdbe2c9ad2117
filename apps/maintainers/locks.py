"""One at a time: people who change the maintainers of the same data source through the portal take turns."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from apps.aurorax import errors

LONGEST_TURN = 60  # seconds after which a turn counts as over, should its process have died
LONGEST_WAIT = 20  # seconds
POLL_SECONDS = 0.05  # seconds


@contextmanager
def source_lock(identifier: int) -> Iterator[None]:
    """Wait for a turn on this data source, and hand it on afterwards.

    Kept in the cache: among the threads of one process by default, among all machines with CACHE=redis. Raises
    `errors.TryAgain` when the turn does not come.
    """
    key = f"maintainers:turn:{identifier}"
    patience = time.monotonic() + LONGEST_WAIT
    while not cache.add(key, "taken", LONGEST_TURN):
        if time.monotonic() > patience:
            raise errors.TryAgain(
                "Somebody else is changing the maintainers of this data source. Try again in a minute."
            )
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        cache.delete(key)
