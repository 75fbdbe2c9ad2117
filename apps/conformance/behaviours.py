"""What a behaviour is, how one is stated, and how all are run."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any, NamedTuple

from apps.aurorax import errors
from apps.aurorax.records import DataSource
from apps.conformance.scratch import scratch_source
from apps.conformance.server import Server

OPEN_QUESTION = "open question"
SHORT = 300  # characters of an answer that are reported


class Need(StrEnum):
    """What a behaviour needs beside the server."""

    NOTHING = "nothing"
    KEY = "a key (AURORAX_API_KEY)"
    ADMINISTRATOR = "an Administrator's key (AURORAX_API_KEY)"
    WRITING = "--write and the key of an Owner or Administrator (AURORAX_API_KEY)"


class Verdict(StrEnum):
    """What came of looking."""

    AGREES = "agrees"
    DIFFERS = "differs"
    SEEN = "seen"  # an open question: there is nothing to agree with
    NOT_TRIED = "not tried"


class Differs(Exception):
    """The server did something else; the text says what was expected and what was seen."""


class NotHere(Exception):
    """There is no occasion to look on this server; the text says what is missing."""


@dataclass(frozen=True)
class Behaviour:
    """One thing AuroraX does. `source` says where we know it from, and is "open question" where we do not."""

    message: str
    source: str
    need: Need
    look: Callable[..., str | None]

    @property
    def is_question(self) -> bool:
        """Whether nobody knows what to expect."""
        return self.source == OPEN_QUESTION


class BehaviourResult(NamedTuple):
    """A behaviour and what came of looking at it."""

    behaviour: Behaviour
    verdict: Verdict
    seen: str


Look = Callable[..., str | None]


def behaviour(message: str, source: str, need: Need = Need.NOTHING) -> Callable[[Look], Behaviour]:
    """State a behaviour over the function that looks. With `Need.WRITING` the function gets the scratch source, too.

    The function raises `Differs` (see `expect`) or `NotHere`; a text it returns is what it saw.
    """
    return lambda look: Behaviour(message, source, need, look)


def question(message: str, need: Need = Need.NOTHING) -> Callable[[Look], Behaviour]:
    """Put a question that no document answers; the function returns what it saw."""
    return behaviour(message, OPEN_QUESTION, need)


def stated_in(module: ModuleType) -> list[Behaviour]:
    """The behaviours of a module, in the order in which it states them."""
    return [thing for thing in vars(module).values() if isinstance(thing, Behaviour)]


def expect(seen: Any, expected: Any, what: str = "") -> None:
    """Raise `Differs` unless they are equal."""
    if seen != expected:
        raise Differs(f"{what + ': ' if what else ''}expected {_short(expected)}, saw {_short(seen)}")


def expect_that(condition: bool, expected: str, seen: Any) -> None:
    """Raise `Differs` unless the condition holds."""
    if not condition:
        raise Differs(f"expected {expected}, saw {_short(seen)}")


def verify(server: Server, behaviours: Iterable[Behaviour], *, write: bool) -> Iterator[BehaviourResult]:
    """Look at every behaviour that can be looked at; one finding for each.

    With `write`, data is written under the scratch source only, and removed in the end.
    """
    with ExitStack() as cleaning_up:
        source = cleaning_up.enter_context(scratch_source(server)) if write and server.credential else None
        is_administrator = _is_administrator(server)
        for each in behaviours:
            missing = _missing(each.need, server, is_administrator, source)
            yield (
                BehaviourResult(each, Verdict.NOT_TRIED, missing) if missing else _look(each, server, source)
            )


def _missing(need: Need, server: Server, is_administrator: bool, source: DataSource | None) -> str:
    """What the behaviour would need and does not have."""
    there = {
        Need.NOTHING: True,
        Need.KEY: server.credential is not None,
        Need.ADMINISTRATOR: is_administrator,
        Need.WRITING: source is not None,
    }
    return "" if there[need] else f"needs {need}"


def _look(each: Behaviour, server: Server, source: DataSource | None) -> BehaviourResult:
    arguments = (server, source) if each.need is Need.WRITING else (server,)
    try:
        seen = each.look(*arguments) or ""
    except NotHere as missing:
        return BehaviourResult(each, Verdict.NOT_TRIED, str(missing))
    except Differs as difference:
        return BehaviourResult(each, Verdict.DIFFERS, str(difference))
    except (errors.NotFound, errors.Unreachable, errors.Maintenance, errors.TooManyRequests) as error:
        return BehaviourResult(each, Verdict.NOT_TRIED, error.message)
    except (errors.AuroraXError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        verdict = Verdict.SEEN if each.is_question else Verdict.DIFFERS
        return BehaviourResult(each, verdict, f"an answer of another shape: {_short(repr(error))}")
    return BehaviourResult(each, Verdict.SEEN if each.is_question else Verdict.AGREES, _short(seen))


def _is_administrator(server: Server) -> bool:
    return server.credential is not None and server.get("/accounts").status == 200


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHORT else text[:SHORT] + "..."
