"""Doing the next step of an iteration while this one is worked on."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
LISTEN = 0.1  # seconds between two looks whether anybody still wants more


def map_prefetched(make: Callable[[Item], Result], items: Iterable[Item], at_once: int) -> Iterator[Result]:
    """`map(make, items)`, with up to `at_once` results in the making. The first is made alone, before any other begins.

    A thread of its own takes the items, one after the other, so that whoever uses the results does nothing else. It takes
    no more than are worked on.
    """
    rest = iter(items)
    for first in rest:
        yield make(first)
        break
    with (
        ThreadPoolExecutor(1, thread_name_prefix="taking") as taking,
        ThreadPoolExecutor(at_once, thread_name_prefix="making") as making,
    ):

        def begin() -> Future[Result | _End]:
            return making.submit(_made, make, taking.submit(next, rest, _End()))

        begun = deque([begin() for _ in range(at_once)])
        while not isinstance(result := begun.popleft().result(), _End):
            yield result
            del result  # or it would stay until the next is there
            begun.append(begin())


def map_ahead(
    make: Callable[[Item], Result],
    items: Iterable[Item],
    at_once: int,
    *,
    waiting: Callable[[], object] | None = None,
    failed: Callable[[Exception, int], object] | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Result]:
    """`map(make, items)`, made by up to `at_once` threads, which are no more than so many results ahead of their use.

    While the next is not there yet `waiting` is called again and again, and may raise. What making one raises is raised
    here, in its place, unless `failed` takes it: called with the error and how often this item has failed before, it raises
    or has it made again. However it ends, `stop` is set and what is under way waited for.
    """
    rest = iter(items)
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="ahead")
    begun = deque((item, pool.submit(make, item)) for item in islice(rest, at_once))
    failures = 0  # of the item whose turn it is
    try:
        while begun:
            item, future = begun.popleft()
            error = _error_of(future, waiting)
            if error is not None:
                if failed is None or not isinstance(error, Exception):
                    raise error
                failed(error, failures)
                failures += 1
                begun.appendleft((item, pool.submit(make, item)))
                continue
            failures = 0
            begun.extend((following, pool.submit(make, following)) for following in islice(rest, 1))
            results = [future.result()]
            del future  # or it would keep the result while that is used up
            yield results.pop()
    finally:
        if stop is not None:
            stop.set()
        pool.shutdown(cancel_futures=True)


def _error_of(future: "Future[Result]", waiting: Callable[[], object] | None) -> BaseException | None:
    """What went wrong; None for nothing, as soon as the result is there."""
    while waiting is not None and not wait([future], LISTEN).done:
        waiting()
    return future.exception()


def _made(make: Callable[[Item], Result], item: "Future[Item | _End]") -> "Result | _End":
    found = item.result()
    return found if isinstance(found, _End) else make(found)


class _End:
    """After the last item."""


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The same items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
