"""The caches: what counts and locks, failed sign-ins, and what AuroraX has answered, which the portal can do without."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Value = TypeVar("Value")
# Nobody waits longer for a Redis that does not answer; a worker that listens for tasks raises the second by itself.
REDIS_TIMEOUTS = {"socket_connect_timeout": 3, "socket_timeout": 10}  # seconds


def configuration(redis_url: str | None) -> dict[str, dict[str, Any]]:
    """`settings.CACHES`, in Redis or, without one, in the memory of each process.

    "default" counts and locks, and must answer; what "answers" forgets is asked of AuroraX again; failed sign-ins are
    counted where nothing else can push them out.
    """
    if redis_url is None:
        memory: dict[str, Any] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        sign_in = {"LOCATION": "sign-in", "OPTIONS": {"MAX_ENTRIES": 100_000}}
        return {"default": memory, "answers": memory, "sign-in": memory | sign_in}
    redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "OPTIONS": REDIS_TIMEOUTS,
    }
    return {
        "default": redis,
        "answers": redis | {"BACKEND": "portal.caching.ForgivingRedisCache"},
        "sign-in": redis | {"KEY_PREFIX": "sign-in"},
    }


class ForgivingRedisCache(RedisCache):
    """As if empty while Redis is away, so that AuroraX is asked instead."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is kept, or `default`."""
        return _or(default, lambda: super(ForgivingRedisCache, self).get(key, default, version))

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        """What is kept of these."""
        return _or({}, lambda: super(ForgivingRedisCache, self).get_many(keys, version))

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        """Keep it, if that can be."""
        _or(None, lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        """Keep it where nothing is kept yet, if that can be."""
        return _or(False, lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on, if that can be. Raises ValueError where nothing is kept."""
        return _or(0, lambda: super(ForgivingRedisCache, self).incr(key, delta, version))

    def touch(self, key: Any, timeout: Any = 300, version: int | None = None) -> bool:
        """Keep it for longer, if that can be."""
        return _or(False, lambda: super(ForgivingRedisCache, self).touch(key, timeout, version))


def _or(default: Value, ask: Callable[[], Value]) -> Value:
    try:
        return ask()
    except RedisError as error:
        logger.warning("Redis does not answer: %s", error)
        return default
