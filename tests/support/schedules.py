"""Two people at work in the same second, in an order that dice decide: they take turns whenever one asks AuroraX.

Everything else runs in one thread, so that a seed always gives the same order.
"""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from typing import Any, Self

import greenlet
import msgspec

from apps.aurorax import DataSource
from apps.aurorax.records.rows import DataProductRow, EphemerisRow
from apps.aurorax.times import write

Row = EphemerisRow | DataProductRow
Act = Callable[[], object]


class Turns:
    """Lets actors go on one at a time, up to the next question to AuroraX."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._main = greenlet.getcurrent()
        self.now = ""  # whose turn it is

    def take(self) -> None:
        """Let somebody else go on; called by whoever asks AuroraX."""
        if greenlet.getcurrent() is not self._main:
            self._main.switch()

    def run(self, **actors: Act) -> dict[str, object]:
        """Run all of them to their ends; answers what each returned."""
        at_work = {name: greenlet.greenlet(act) for name, act in actors.items()}
        results: dict[str, object] = {}
        try:
            while at_work:
                self.now = self._dice.choice(sorted(at_work))
                result = at_work[self.now].switch()
                if at_work[self.now].dead:
                    results[self.now] = result
                    del at_work[self.now]
        finally:
            self.now = ""
            for actor in at_work.values():
                _end(actor)
        return results


def _end(actor: greenlet.greenlet) -> None:
    """End an actor whose partner has failed; it may ask a few times more before it gives up."""
    while not actor.dead:
        with suppress(Exception):
            actor.throw(greenlet.GreenletExit)


class Held:
    """What AuroraX holds of one data source, and who has written each record last."""

    def __init__(self, source: DataSource, turns: Turns) -> None:
        self._source, self._turns = source, turns
        self.rows: dict[str, Row] = {}
        self.last_writer: dict[str, str] = {}

    def put(self, body: bytes, row_class: type[Row], key: Callable[[Any], str]) -> None:
        """Take records in."""
        self._turns.take()
        for record in msgspec.json.decode(body):
            assert {name: record[name] for name in self._source.key} == self._source.key
            row = msgspec.convert(record, row_class)
            self.rows[key(row)] = row
            self.last_writer[key(row)] = self._turns.now

    def drop(self, keys: Sequence[str]) -> None:
        """Delete records."""
        for key in keys:
            if self.rows.pop(key, None) is not None:
                self.last_writer[key] = self._turns.now

    def between(self, first: str, last: str, end: Callable[[Any], str]) -> list[Any]:
        """The records that lie wholly within, as copies."""
        rows = [row for row in self.rows.values() if first <= _start(row) and end(row) <= last]
        return sorted((msgspec.convert(msgspec.to_builtins(row), type(row)) for row in rows), key=_start)

    def take_turn(self) -> None:
        """A question has reached AuroraX."""
        self._turns.take()


def _start(row: Any) -> str:
    return str(row.epoch if isinstance(row, EphemerisRow) else row.start)


class FakeSources:
    """`client.sources`."""

    def __init__(self, source: DataSource) -> None:
        self._source = source

    def get(self, identifier: int, **options: object) -> DataSource:
        """The one there is."""
        return self._source


class FakeEphemeris:
    """`client.ephemeris`."""

    def __init__(self, held: Held) -> None:
        self._held = held

    def upload(self, identifier: int, body: bytes) -> None:
        """Taken in at once."""
        self._held.put(body, EphemerisRow, lambda row: str(row.epoch))

    def window(self, source: DataSource, start: datetime, end: datetime) -> Callable[[], list[EphemerisRow]]:
        """What is there now."""
        self._held.take_turn()
        found = self._held.between(write(start), write(end), lambda row: str(row.epoch))
        return lambda: found

    def delete(self, source: DataSource, start: datetime, end: datetime) -> None:
        """A range, carried out at once."""
        self._held.take_turn()
        self._held.drop([key for key in self._held.rows if write(start) <= key <= write(end)])


class FakeProducts:
    """`client.products`."""

    def __init__(self, held: Held) -> None:
        self._held = held

    def upload(self, identifier: int, body: bytes) -> None:
        """Taken in at once."""
        self._held.put(body, DataProductRow, lambda row: str(row.url))

    def window(
        self, source: DataSource, start: datetime, end: datetime
    ) -> Callable[[], list[DataProductRow]]:
        """What is there now."""
        self._held.take_turn()
        found = self._held.between(write(start), write(end), lambda row: str(row.end))
        return lambda: found

    def touching(self, source: DataSource, start: datetime, end: datetime) -> list[DataProductRow]:
        """Those that touch the span."""
        self._held.take_turn()
        rows = [row for row in self._held.rows.values() if isinstance(row, DataProductRow)]
        touching = [row for row in rows if row.start <= write(end) and write(start) <= row.end]
        touching.sort(key=lambda row: (row.start, row.url))
        return touching

    def delete(self, source: DataSource, urls: Sequence[str]) -> None:
        """Carried out at once."""
        self._held.take_turn()
        self._held.drop(urls)


class FakeAuroraX:
    """The client's edge, for one data source in memory."""

    def __init__(self, source: DataSource, turns: Turns) -> None:
        self.held = Held(source, turns)
        self.sources = FakeSources(source)
        self.ephemeris, self.products = FakeEphemeris(self.held), FakeProducts(self.held)

    def stopped_by(self, stop: object) -> Self:
        """Nothing is under way that could be stopped."""
        return self

    def paced(self) -> Self:
        """The same."""
        return self


class AtOnce:
    """A `ThreadPoolExecutor` without threads: what is submitted is done before it is answered."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Takes what a pool takes."""

    def __enter__(self) -> Self:
        """Nothing to begin."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing to end."""

    def shutdown(self, **kwargs: object) -> None:
        """Nothing to end."""

    def submit(self, act: Callable[..., Any], *args: Any) -> "Future[Any]":
        """Done."""
        future: Future[Any] = Future()
        try:
            future.set_result(act(*args))
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to who asks for the result
            future.set_exception(error)
        return future
