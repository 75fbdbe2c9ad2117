"""Each fault x each operation: what the person is told, what AuroraX holds afterwards, and that the two agree.

The sandbox acts out the fault; afterwards it is looked at without. An operation ends in one of these ways:

    done        success was reported, and AuroraX holds it (for reading: what came back is right)
    accepted    an upload was accepted, and reading back shows that AuroraX does not hold all of it (yet)
    <error>     that exception was raised, and AuroraX is as it was before
    <error>?    that exception was raised, and its sentence says that AuroraX may have done it all the same
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location, errors, sign_in
from tests.support.sandbox import SandboxProcess

START = datetime(2021, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
RECORDS = [
    EphemerisRecord(START + timedelta(minutes=minute), Location(51.0, float(minute))) for minute in range(10)
]
KEY = {"program": "fault-matrix", "platform": "platform", "instrument_type": "instrument"}
FIELDS = {**KEY, "source_type": "ground", "display_name": "Before"}
NEW = FIELDS | {"platform": "another platform"}


@dataclass
class Scene:
    """A sandbox with one source that holds records, one that is empty, and an owner who works on them."""

    sandbox: SandboxProcess
    settings: Settings
    owner: AuroraX
    full: DataSource
    empty: DataSource


@dataclass(frozen=True)
class Operation:
    """Something a person does, and whether AuroraX holds what it was to bring about."""

    do: Callable[[Scene], None]
    holds: Callable[[Scene], bool]


def sources(scene: Scene) -> list[DataSource]:
    return scene.owner.sources.list(program=KEY["program"])


def list_sources(scene: Scene) -> None:
    assert sources(scene) == [scene.full, scene.empty]


def search(scene: Scene) -> None:
    assert list(scene.owner.ephemeris.search(scene.full, START, START + HOUR)) == RECORDS


def stored(scene: Scene) -> list[EphemerisRecord]:
    return list(scene.owner.ephemeris.search(scene.empty, START, START + HOUR))


def create(scene: Scene) -> None:
    assert scene.owner.sources.create(NEW).platform == NEW["platform"]


def patch(scene: Scene) -> None:
    assert (
        scene.owner.sources.update(scene.empty.identifier, {"display_name": "After"}).display_name == "After"
    )


OPERATIONS = {
    "list": Operation(list_sources, lambda scene: True),
    "create": Operation(
        create, lambda scene: any(each.platform == NEW["platform"] for each in sources(scene))
    ),
    "patch": Operation(patch, lambda scene: any(each.display_name == "After" for each in sources(scene))),
    "delete": Operation(
        lambda scene: scene.owner.sources.delete(scene.empty.identifier),
        lambda scene: scene.empty.identifier not in [each.identifier for each in sources(scene)],
    ),
    "upload": Operation(
        lambda scene: scene.owner.ephemeris.upload(scene.empty.identifier, RECORDS, source=scene.empty),
        lambda scene: stored(scene) == RECORDS,
    ),
    "search": Operation(search, lambda scene: True),
}

Fault = Callable[[Scene], AbstractContextManager[None]]


def switched(**switches: object) -> Fault:
    return lambda scene: scene.sandbox.switched(**switches)


@contextmanager
def too_slow(scene: Scene) -> Iterator[None]:
    """Every answer comes after the client has given up, but the work is done."""
    scene.settings.AURORAX_READ_TIMEOUT = 0.15
    with scene.sandbox.switched(latency=0.4):
        yield
    scene.settings.AURORAX_READ_TIMEOUT = 10
    time.sleep(0.6)


@contextmanager
def down(scene: Scene) -> Iterator[None]:
    """Nobody listens where AuroraX should be."""
    there = scene.owner
    scene.owner = AuroraX(there._transport.credential, "http://127.0.0.1:9")
    yield
    scene.owner = there


@contextmanager
def session_over(scene: Scene) -> Iterator[None]:
    """Thirty idle minutes have passed."""
    scene.sandbox.expire_sessions()
    yield
    scene.owner = signed_in(scene.sandbox)


FAULTS: dict[str, Fault] = {
    "none": lambda scene: nullcontext(),
    "slow": switched(latency=0.1),
    "too slow": too_slow,
    "down": down,
    "500 once": switched(errors="500=1", times=1),
    "500": switched(errors="500=1"),
    "502 once": switched(errors="502=1", times=1),
    "502": switched(errors="502=1"),
    "503": switched(errors="503=1"),
    "504": switched(errors="504=1"),
    "429 once": switched(errors="429=1", times=1),
    "429": switched(errors="429=1"),
    "429 for long": switched(errors="429=1", retry_after=600),
    "403": switched(errors="403=1"),
    "maintenance": switched(maintenance=True),
    "session over": session_over,
    "dropped before, once": switched(drop_before=1, times=1),
    "dropped before": switched(drop_before=1),
    "dropped after, once": switched(drop_after=1, times=1),
    "dropped after": switched(drop_after=1),
    "taken in later": switched(ingest_delay=60),
    "records lost": switched(lose_every=3),
    "records rejected": switched(reject_every=2),
    "rejected as one object": switched(reject_every=2, reject_shape="object"),
}


def signed_in(sandbox: SandboxProcess) -> AuroraX:
    return AuroraX(sign_in("owner@example.org", "sandbox-owner", sandbox.url).credential, sandbox.url)


@pytest.fixture
def scene(sandbox: SandboxProcess, settings: Settings) -> Scene:
    owner = signed_in(sandbox)
    full, empty = owner.sources.create(FIELDS), owner.sources.create(FIELDS | {"platform": "empty"})
    owner.ephemeris.upload(full.identifier, RECORDS, source=full)
    return Scene(sandbox, settings, owner, full, empty)


TABLE = """
fault                         list             create           patch            delete           upload           search
none                          done             done             done             done             done             done
slow                          done             done             done             done             done             done
too slow                      Unreachable      Unreachable?     Unreachable?     Unreachable?     Unreachable?     Unreachable
down                          Unreachable      Unreachable      Unreachable      Unreachable      Unreachable      Unreachable
500 once                      done             ServerError?     done             done             done             done
500                           ServerError      ServerError?     ServerError?     ServerError?     ServerError?     ServerError
502 once                      done             ServerError?     done             done             done             done
502                           ServerError      ServerError?     ServerError?     ServerError?     ServerError?     ServerError
503                           ServerError      ServerError?     ServerError?     ServerError?     ServerError?     ServerError
504                           ServerError      ServerError?     ServerError?     ServerError?     ServerError?     ServerError
429 once                      done             done             done             done             done             done
429                           TooManyRequests  TooManyRequests  TooManyRequests  TooManyRequests  TooManyRequests  TooManyRequests
429 for long                  TooManyRequests  TooManyRequests  TooManyRequests  TooManyRequests  TooManyRequests  TooManyRequests
403                           NotPermitted     NotPermitted     NotPermitted     NotPermitted     NotPermitted     NotPermitted
maintenance                   done             Maintenance      Maintenance      Maintenance      Maintenance      done
session over                  NotSignedIn      NotSignedIn      NotSignedIn      NotSignedIn      NotSignedIn      NotSignedIn
dropped before, once          done             Unreachable?     done             done             done             done
dropped before                Unreachable      Unreachable?     Unreachable?     Unreachable?     Unreachable?     Unreachable
dropped after, once           done             done             done             done             done             done
dropped after                 Unreachable      Unreachable?     Unreachable?     Unreachable?     Unreachable?     Unreachable
taken in later                done             done             done             done             accepted         done
records lost                  done             done             done             done             accepted         done
records rejected              done             done             done             done             InvalidRequest   done
rejected as one object        done             done             done             done             InvalidRequest   done
"""


def cells() -> Iterator[tuple[str, str, str]]:
    head, *rows = [re.split(r"\s{2,}", line) for line in TABLE.strip().splitlines()]
    for fault, *endings in rows:
        for operation, ending in zip(head[1:], endings, strict=True):
            yield fault, operation, ending


def outcome(scene: Scene, operation: Operation, fault: Fault) -> tuple[str, str]:
    """How it ended, and the sentence the person is told."""
    with fault(scene):
        try:
            operation.do(scene)
        except errors.AuroraXError as error:
            return type(error).__name__ + "?" * error.outcome_unknown, error.message
    return "done", ""


@pytest.mark.parametrize(("fault", "operation", "ending"), list(cells()))
def test_what_is_told_agrees_with_what_aurorax_holds(
    scene: Scene, fault: str, operation: str, ending: str
) -> None:
    told, message = outcome(scene, OPERATIONS[operation], FAULTS[fault])
    assert told == ("done" if ending == "accepted" else ending)
    holds = OPERATIONS[operation].holds(scene)
    if ending in ("done", "accepted"):
        assert holds is (ending == "done")
    elif ending.endswith("?"):
        assert message.endswith("AuroraX may have carried it out all the same: look before you try again.")
    else:
        assert "all the same" not in message
        assert not holds or operation in ("list", "search")


def test_the_table_names_every_fault() -> None:
    assert {fault for fault, _, _ in cells()} == set(FAULTS)


def test_what_is_taken_in_later_is_there_in_the_end(scene: Scene) -> None:
    with scene.sandbox.switched(ingest_delay=60):
        OPERATIONS["upload"].do(scene)
        assert stored(scene) == []
        scene.sandbox.ingest()
        assert stored(scene) == RECORDS
