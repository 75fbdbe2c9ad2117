"""The next step is made while this one is worked on."""

import threading
import time
from collections.abc import Iterator

import pytest

from apps.jobs.prefetch import map_prefetched, prefetched


def test_items_come_in_their_order() -> None:
    assert list(prefetched(range(100))) == list(range(100))
    assert list(prefetched([])) == []


def test_the_next_item_is_made_before_it_is_asked_for() -> None:
    made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        made.set()
        yield 2

    found = prefetched(items())
    assert next(found) == 1
    assert made.wait(5)
    assert list(found) == [2]


def test_what_goes_wrong_is_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("two")

    found = prefetched(items())
    assert next(found) == 1
    with pytest.raises(KeyError, match="two"):
        next(found)


def test_who_stops_early_stops_the_maker_too() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    found = prefetched(endless())
    assert next(found) == 1
    found.close()  # type: ignore[attr-defined]
    assert [thread for thread in threading.enumerate() if thread.name == "ahead"] == []


def test_results_come_in_the_order_of_the_items() -> None:
    def slow_if_even(number: int) -> int:
        time.sleep(0.002 * (number % 2 == 0))
        return number * 10

    assert list(map_prefetched(slow_if_even, range(50), 3)) == [number * 10 for number in range(50)]
    assert list(map_prefetched(slow_if_even, [], 3)) == []


def test_the_first_result_is_made_alone_and_others_beside_each_other() -> None:
    under_way, most = set[int](), list[int]()
    together = threading.Barrier(2)

    def make(number: int) -> int:
        under_way.add(number)
        most.append(len(under_way))
        if number:
            together.wait(5)
        under_way.discard(number)
        return number

    assert list(map_prefetched(make, range(5), 2)) == [0, 1, 2, 3, 4]
    assert most[0] == 1


def test_what_goes_wrong_in_an_item_or_its_result_is_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield from (1, 2, 4)
        raise KeyError("the item")

    found = map_prefetched(lambda number: 8 // (number - 4), items(), 2)
    assert [next(found), next(found)] == [-3, -4]
    with pytest.raises(ZeroDivisionError):
        next(found)
    texts = map_prefetched(str, items(), 2)
    assert [next(texts), next(texts), next(texts)] == ["1", "2", "4"]
    with pytest.raises(KeyError, match="the item"):
        next(texts)


def test_no_more_items_are_taken_than_are_worked_on() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    found = map_prefetched(str, items(), 2)
    assert [next(found), next(found)] == ["0", "1"]
    found.close()  # type: ignore[attr-defined]
    assert len(taken) <= 3


def test_whoever_waits_can_do_something_meanwhile_and_give_up() -> None:
    let_go, calls = threading.Event(), list[int]()

    def items() -> Iterator[int]:
        let_go.wait(5)
        yield 1

    def waiting() -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            let_go.set()

    assert list(prefetched(items(), waiting=waiting)) == [1]
    assert calls[:2] == [0, 1]

    def never() -> Iterator[int]:
        time.sleep(0.5)
        yield 1

    def give_up() -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        list(prefetched(never(), waiting=give_up))
