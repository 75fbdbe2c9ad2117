"""Looking at AuroraX again and again, until what is awaited is there: it accepts writes first and shows them later."""

import time
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_delay, wait_exponential

Found = TypeVar("Found")


def until(
    look: Callable[[], Found],
    good: Callable[[Found], object],
    *,
    seconds: float,
    pauses: tuple[float, float] = (0.1, 2.0),
    after: float = 0,
    sleep: Callable[[float], None] | None = None,
) -> Found:
    """What `look` finds, as soon as it is `good`; after so many seconds whatever the last look has found.

    The first look comes `after` so many seconds, the last when the time is up. `pauses` between them are the first one and
    the longest, in seconds: each is twice as long as the one before. Whatever `look` or `sleep` raises ends it.
    """
    sleep = sleep or _sleep
    after = min(after, max(seconds, 0))
    if after:
        sleep(after)
    seconds -= after
    look_again = Retrying(
        retry=retry_if_result(lambda found: not good(found)),
        wait=_growing(*pauses, seconds),
        stop=stop_after_delay(seconds),
        sleep=sleep,
        retry_error_callback=_last_found,
    )
    return look_again(look)


def _growing(first: float, longest: float, seconds: float) -> Callable[[RetryCallState], float]:
    """Pauses from the first to the longest, and none that ends after so many seconds in all."""
    growing = wait_exponential(multiplier=first, max=longest)
    return lambda state: max(min(growing(state), seconds - (state.seconds_since_start or 0)), 0)


def _last_found(state: RetryCallState) -> object:
    return state.outcome.result() if state.outcome else None


def _sleep(seconds: float) -> None:
    time.sleep(seconds)
