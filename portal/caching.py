"""The cache of what AuroraX has answered, which the portal can do without."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Value = TypeVar("Value")


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


def _or(default: Value, ask: Callable[[], Value]) -> Value:
    try:
        return ask()
    except RedisError as error:
        logger.warning("Redis does not answer: %s", error)
        return default
