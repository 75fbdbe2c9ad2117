"""Looking again until what is awaited is there, with a clock that only sleeping moves."""

from collections.abc import Callable, Iterator

import pytest

from apps.aurorax import errors
from apps.aurorax.polling import until

Look = Callable[[], int]


class Clock:
    """Time that passes while somebody sleeps. `slept` are the pauses in seconds."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock instead of the real one, also for tenacity."""
    made = Clock()
    monkeypatch.setattr("time.monotonic", lambda: made.now)
    return made


def finding(*values: int) -> Look:
    """A look that finds one value after the other."""
    left: Iterator[int] = iter(values)
    return lambda: next(left)


def at_least_three(found: int) -> bool:
    return found >= 3


def test_what_is_there_already_is_not_waited_for(clock: Clock) -> None:
    assert until(finding(3), at_least_three, seconds=10, sleep=clock.sleep) == 3
    assert clock.slept == []


def test_the_first_look_can_wait(clock: Clock) -> None:
    assert until(finding(0, 3), at_least_three, seconds=10, after=1.5, sleep=clock.sleep) == 3
    assert clock.slept == [1.5, 0.1]


def test_the_first_look_comes_before_the_time_is_up_and_counts(clock: Clock) -> None:
    assert until(finding(2), at_least_three, seconds=1, after=7, sleep=clock.sleep) == 2
    look = finding(0, 0, 1)
    assert until(look, at_least_three, seconds=3, after=2, pauses=(0.6, 2.0), sleep=clock.sleep) == 1
    assert clock.slept == [1.0, 2.0, 0.6, 0.4]


def test_pauses_double_up_to_the_longest(clock: Clock) -> None:
    look = finding(0, 0, 0, 0, 0, 4)
    assert until(look, at_least_three, seconds=60, pauses=(0.5, 3.0), sleep=clock.sleep) == 4
    assert clock.slept == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_the_last_look_is_when_the_time_is_up(clock: Clock) -> None:
    look = finding(0, 1, 2, 3)
    assert until(look, at_least_three, seconds=2.0, pauses=(1.0, 8.0), sleep=clock.sleep) == 2
    assert clock.slept == [1.0, 1.0]


def test_time_spent_looking_counts(clock: Clock) -> None:
    def slow() -> int:
        clock.now += 4.0
        return 0

    assert until(slow, at_least_three, seconds=10, pauses=(5.0, 5.0), sleep=clock.sleep) == 0
    assert clock.slept == [5.0]


@pytest.mark.parametrize("seconds", [0, -5.0])
def test_without_any_time_there_is_one_look(clock: Clock, seconds: float) -> None:
    assert until(finding(1, 3), at_least_three, seconds=seconds, sleep=clock.sleep) == 1
    assert clock.slept == []


def test_what_a_look_raises_is_not_looked_over(clock: Clock) -> None:
    def unreachable() -> int:
        raise errors.Unreachable

    with pytest.raises(errors.Unreachable):
        until(unreachable, at_least_three, seconds=10, sleep=clock.sleep)
    assert clock.slept == []


def test_whoever_sleeps_can_call_it_off(clock: Clock) -> None:
    def called_off(seconds: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        until(finding(0, 3), at_least_three, seconds=10, sleep=called_off)


def test_it_sleeps_by_itself_where_nobody_else_does(clock: Clock, pauses: list[float]) -> None:
    assert until(finding(0, 0, 3), at_least_three, seconds=10) == 3
    assert pauses == [0.1, 0.2]
