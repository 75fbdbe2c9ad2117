"""What is let go after a while, by whichever worker comes by and by `manage.py prune`. Each app says what of its own."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.core.cache import cache
from django.utils import timezone

logger = logging.getLogger(__name__)
AT_ONCE, SECONDS_AT_ONCE = (
    50,
    2.0,
)  # of each kind, and altogether, for one look of a worker: it has others to recover
LOOKED_KEY, EVERY = "retention", 60 * 60  # seconds
SETTLED_AFTER = 24 * 60 * 60  # seconds; what is younger may belong to something that is just being written


@dataclass(frozen=True)
class Prunable:
    """Something that can go: how many rows or files, their size in bytes as far as it is known, and how."""

    remove: Callable[[], object]
    size: int = 0
    count: int = 1


@dataclass(frozen=True)
class Pruned:
    """What of one kind has gone, or would."""

    kind: str
    count: int
    size: int  # bytes


Find = Callable[[], Iterator[Prunable]]
_kinds: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Have what `find` answers let go; `kind` names it for people. For `AppConfig.ready`."""
    _kinds[kind] = find


def prune(
    *, dry_run: bool = False, most: int | None = None, seconds: float | None = None
) -> Iterator[Pruned]:
    """Let go of what has been kept long enough, or only count it: `most` of each kind, and nothing more is begun after so
    many seconds. What fails is logged and left.
    """
    started = time.monotonic()
    for kind, find in _kinds.items():
        count = size = 0
        for each in islice(find(), most):
            is_late = seconds is not None and time.monotonic() - started > seconds
            if is_late or (not dry_run and not _remove(kind, each)):
                break
            count, size = count + each.count, size + each.size
        yield Pruned(kind, count, size)


def prune_now_and_then() -> int:
    """A chore of every worker: looks once an hour, and again at once while there is more. Wakes nobody."""
    if not cache.add(LOOKED_KEY, timezone.now(), EVERY):
        return 0
    started = time.monotonic()
    found = [*prune(most=AT_ONCE, seconds=SECONDS_AT_ONCE)]
    for each in found:
        if each.count:
            logger.info("Let go of %s %s, %s bytes", each.count, each.kind, each.size)
    is_late = time.monotonic() - started > SECONDS_AT_ONCE
    if is_late or any(each.count >= AT_ONCE for each in found):
        cache.delete(LOOKED_KEY)
    return 0


def _remove(kind: str, thing: Prunable) -> bool:
    try:
        thing.remove()
    except Exception:
        logger.exception("Some of the %s could not be let go", kind)
        return False
    return True
