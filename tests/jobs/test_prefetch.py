"""The next step is made while this one is worked on."""

import threading
import time
from collections.abc import Callable, Iterator
from weakref import WeakSet

import pytest

from apps.jobs.prefetch import map_ahead, map_prefetched


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

    def make(number: int) -> int:
        let_go.wait(5)
        return number

    def waiting() -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            let_go.set()

    assert list(map_ahead(make, [1], 1, waiting=waiting)) == [1]
    assert calls[:2] == [0, 1]

    def never(number: int) -> int:
        time.sleep(0.5)
        return number

    def give_up() -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        list(map_ahead(never, [1], 1, waiting=give_up))


class Kitchen:
    """Makes numbers, each when it is allowed to; knows how many were in the making together."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.gates: dict[int, threading.Event] = {number: threading.Event() for number in range(20)}

    def make(self, number: int) -> int:
        """Ten times as much."""
        self.begun.append(number)
        assert self.gates[number].wait(5)
        return number * 10

    def open(self, *numbers: int) -> None:
        for number in numbers:
            self.gates[number].set()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_several_are_made_at_once_and_come_in_their_order() -> None:
    kitchen = Kitchen()
    kitchen.open(1, 2, 3, 4, 5)
    found = map_ahead(kitchen.make, range(6), 3, waiting=lambda: kitchen.open(0))
    assert next(found) == 0
    assert list(found) == [10, 20, 30, 40, 50]
    assert sorted(kitchen.begun[:3]) == [0, 1, 2]
    assert list(map_ahead(kitchen.make, [], 3)) == []


def test_no_more_is_made_than_may_wait() -> None:
    kitchen = Kitchen()
    kitchen.open(*range(20))
    found = map_ahead(kitchen.make, range(20), 3)
    assert next(found) == 0
    wait_for(lambda: len(kitchen.begun) == 4)
    time.sleep(0.02)
    assert sorted(kitchen.begun) == [0, 1, 2, 3]
    found.close()  # type: ignore[attr-defined]


def test_nothing_holds_a_result_that_is_used_up() -> None:
    class Result:
        pass

    held = WeakSet[Result]()

    def make(number: int) -> Result:
        held.add(result := Result())
        return result

    found = map_ahead(make, range(9), 2)
    for _ in range(3):
        next(found)
    wait_for(lambda: len(held) == 2)
    found.close()  # type: ignore[attr-defined]


def test_what_goes_wrong_is_raised_in_its_place_of_several() -> None:
    found = map_ahead(lambda number: 8 // (number - 2), range(5), 4)
    assert [next(found), next(found)] == [-4, -8]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_what_went_wrong_can_be_made_again() -> None:
    failures, left = list[tuple[str, int]](), {3: 2, 4: 1}

    def make(number: int) -> int:
        if left.get(number):
            left[number] -= 1
            raise ValueError(f"not {number} yet")
        return number

    def failed(error: Exception, before: int) -> None:
        failures.append((str(error), before))

    assert list(map_ahead(make, range(6), 2, failed=failed)) == [0, 1, 2, 3, 4, 5]
    assert failures == [("not 3 yet", 0), ("not 3 yet", 1), ("not 4 yet", 0)]

    def give_up(error: Exception, before: int) -> None:
        if before:
            raise error

    left |= {1: 5}
    with pytest.raises(ValueError, match="not 1 yet"):
        list(map_ahead(make, range(6), 2, failed=give_up))


@pytest.mark.parametrize("how", ["closed", "given up"])
def test_whoever_stops_stops_all_that_is_under_way(how: str) -> None:
    stop, given_up = threading.Event(), list[int]()

    def make(number: int) -> int:
        if number and stop.wait(5):
            given_up.append(number)
        return number

    def enough() -> None:
        raise KeyError("enough")

    found = map_ahead(make, range(9), 2, waiting=enough if how == "given up" else None, stop=stop)
    assert next(found) == 0
    if how == "closed":
        wait_for(lambda: len([thread for thread in threading.enumerate() if "ahead" in thread.name]) == 2)
        found.close()  # type: ignore[attr-defined]
    else:
        with pytest.raises(KeyError, match="enough"):
            next(found)
    assert 0 < len(given_up) <= 2
    assert [thread for thread in threading.enumerate() if "ahead" in thread.name] == []
