"""A year of minutes and what is done with it, in front of an AuroraX as it is met: 200 ms a request, searches of 1.5 s,
records there after 5 s.

BENCH_DAYS says how many days the year has here. Fewer than a whole one show how requests and pages are; what is asked of a
year in seconds is held against whole ones only.
"""

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from tests.bench.case import run
from tests.bench.figures import Figure
from tests.bench.provider import AUTO, FIXED, INGEST_SECONDS, Asked, MetStack, Provider, met
from tests.bench.records import START, csv_file, csv_of, csv_row

DAYS = int(os.environ.get("BENCH_DAYS", "7"))
IS_WHOLE = DAYS >= 365
RECORDS = DAYS * 1440
SPARSE_YEARS = 10 if IS_WHOLE else 1
SCRIPT, ASKED_FOR, TEN = "PyAuroraX script that reads back", "as asked for", 10
CHANGED = 100
FIRST, LAST = (f"{each:%Y-%m-%dT%H:%M:00}" for each in (START, START + timedelta(minutes=RECORDS - 1)))
WHAT = "a year" if IS_WHOLE else f"{DAYS} days of minutes"


def figures(folder: Path) -> list[Figure]:
    """All of them, one after the other."""
    return [figure for each in ALL for figure in each(folder)]


def first_load(folder: Path) -> list[Figure]:
    """From the click on "Upload" to "Verified", beside a script that uploads the same file and reads it back."""
    path = folder / "year.csv"
    path.write_bytes(csv_file(RECORDS))
    with met(folder, **FIXED) as stack:
        peer = Provider(stack)
        source = (peer.source.identifier, peer.source.platform, "sandbox-key-owner", INGEST_SECONDS + 1)
        theirs = run("tests.bench.peers.pyaurorax", path, stack.sandbox_url, *source).seconds
        fixed, _ = _load(stack, csv_file(RECORDS))
    with met(folder, **AUTO) as stack:
        auto, asked = _load(stack, csv_file(RECORDS))
    what = f"first load of {WHAT}, to Verified"
    return [
        _seconds(f"{what}, pace found", auto, SCRIPT, theirs, theirs / 8),
        _seconds(f"{what}, 500 x 1", fixed, SCRIPT, theirs, theirs / 1.3),
        _seconds(f"{what}, beside its posts", auto, "its posts alone", asked.posting, 1.3 * asked.posting),
    ]


def shuffled(folder: Path) -> list[Figure]:
    """Requests for the same rows in any order."""
    rows = list(map(csv_row, range(RECORDS)))
    with met(folder, **AUTO) as stack:
        _, in_order = _load(stack, csv_of(rows))
        random.Random(7).shuffle(rows)
        _, asked = _load(stack, csv_of(rows))
    peer, most = in_order.requests, 1.2 * in_order.requests
    return [Figure(f"first load of {WHAT}, shuffled", asked.requests, "requests", "sorted", peer, most)]


def again(folder: Path) -> list[Figure]:
    """The same with a hundred records changed."""
    changed = set(random.Random(7).sample(range(RECORDS), CHANGED))
    content = csv_of(csv_row(minute, "changed" if minute in changed else "") for minute in range(RECORDS))
    with met(folder, **AUTO) as stack:
        took, asked = _load(stack, content, held=RECORDS)
    what = f"{WHAT} again, {CHANGED} changed"
    posts = -(-RECORDS // 500)
    return [
        Figure(f"{what}: besides reading", asked.besides_reading, "requests", "all sent again", posts, 25),
        _seconds(what, took, "as long as asked for", INGEST_SECONDS, None),
    ]


def sparse(folder: Path) -> list[Figure]:
    """A record a day, to a source that holds nothing: where AuroraX makes searches longer than a month, as it was seen to, and
    where it refuses them, as its document says.
    """
    count = 365 * SPARSE_YEARS
    content = csv_of(csv_row(day * 1440) for day in range(count))
    with met(folder, **AUTO, SANDBOX_SEARCH_LIMITS="false") as stack:
        _load(stack, content)  # from here on it is known how long things take
        took, asked = _load(stack, content)
    with met(folder, **AUTO) as stack:
        took_by_months, asked_by_months = _load(stack, content)
    what = f"{count:,} records, one a day, empty source"
    by_months, searches = f"{what}, searches of a month", 12 * SPARSE_YEARS
    return [
        Figure(what, asked.requests, "requests", ASKED_FOR, 20, 20),
        _seconds(what, took, "as long as asked for", 948 / 30, 948 / 30 if IS_WHOLE else None),
        Figure(by_months, asked_by_months.requests, "requests", "months", searches, None),
        _seconds(by_months, took_by_months, "as long as asked for", 948 / 30, None),
    ]


def ten_rows(folder: Path) -> list[Figure]:
    """Ten rows of one day, alone and beside somebody else's year; and two people's years at once."""
    with met(folder, **AUTO) as stack:
        _load(stack, csv_file(TEN))  # from here on it is known how long things take
        few, _ = _load(stack, csv_file(TEN))
        alone, _ = _load(stack, csv_file(RECORDS))
        other = Provider(stack, "owner2")
        upload = other.upload(csv_file(RECORDS))
        other.wait(upload, "checked")
        other.press(upload, "send")
        person, began = Provider(stack), time.perf_counter()
        checked = person.wait(person.upload(csv_file(TEN)), "checked", "done") - began
        other.wait(upload, "done")
        both = _at_once(stack)
    most = INGEST_SECONDS + 2
    return [
        _seconds("ten rows of one day, to Verified", few, "taking in, and 2 s", most, most),
        _seconds(f"ten rows checked while somebody sends {WHAT}", checked, ASKED_FOR, 3, 3),
        _seconds(f"{WHAT} by two people at once, the later", both, "alone", alone, alone / 0.45),
    ]


def taken_back(folder: Path) -> list[Figure]:
    """Undo, and delete and restore."""
    with met(folder, **AUTO) as stack:
        person, content = Provider(stack), csv_file(RECORDS)
        began = time.perf_counter()
        upload = person.verify(content)
        loaded = time.perf_counter() - began
        began = time.perf_counter()
        person.press(upload, "undo")
        undone = person.wait(upload, "undone") - began
        person = Provider(stack)
        person.hold(RECORDS)
        began = time.perf_counter()
        deletion = person.delete(FIRST, LAST, RECORDS)
        deleted = time.perf_counter() - began
        began = time.perf_counter()
        person.restore(deletion)
        restored = time.perf_counter() - began
    return [
        _seconds(f"delete {WHAT}", deleted, "its first load", loaded, 60 if IS_WHOLE else None),
        _seconds(f"undo {WHAT}", undone, "its first load", loaded, 30 if IS_WHOLE else None),
        _seconds(f"restore {WHAT}", restored, "its first load", loaded, loaded),
    ]


def exports(folder: Path) -> list[Figure]:
    """CSV and Parquet: the first byte, and records a second."""
    found = []
    with met(folder, **AUTO) as stack:
        person = Provider(stack)
        person.hold(RECORDS)
        for wanted in ("csv", "parquet"):
            first, last, _ = person.export(FIRST, LAST, wanted)
            rate, target = RECORDS / last, 25_000.0
            what = f"export {WHAT} as {wanted}"
            found.append(_seconds(f"{what}: first byte", first, ASKED_FOR, 3, 3))
            found.append(Figure(what, rate, "records/s", ASKED_FOR, target, target if IS_WHOLE else None))
    return found


def a_day(folder: Path) -> list[Figure]:
    """The page of a day's records, and what it loads by itself."""
    with met(folder, **AUTO) as stack:
        person = Provider(stack)
        person.hold(1440)
        person.day(f"{START:%Y-%m-%d}")
        person.stack.asked()
        painted, complete = person.day(f"{START:%Y-%m-%d}")
        asked = person.stack.asked()
    return [
        _seconds("a day's page is there", painted, ASKED_FOR, 0.45, 0.45),
        _seconds("a day's page is complete", complete, ASKED_FOR, 0.9, 0.9),
        Figure("a day's page", asked.requests, "requests", ASKED_FOR, 4, 4),
    ]


ALL: tuple[Callable[[Path], list[Figure]], ...] = (
    first_load,
    shuffled,
    again,
    sparse,
    ten_rows,
    taken_back,
    exports,
    a_day,
)


def _load(stack: MetStack, content: bytes, *, held: int = 0) -> tuple[float, Asked]:
    """Seconds from the click to "Verified", and what AuroraX was asked for it."""
    person = Provider(stack)
    if held:
        person.hold(held)
    stack.asked()
    began = time.perf_counter()
    person.verify(content)
    return time.perf_counter() - began, stack.asked()


def _at_once(stack: MetStack) -> float:
    """Seconds until the later of two people is done."""
    people, content = (Provider(stack), Provider(stack, "owner2")), csv_file(RECORDS)
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda person: person.verify(content), people))
    return time.perf_counter() - began


def _seconds(name: str, value: float, peer: str, theirs: float, target: float | None) -> Figure:
    most = None if target is None else 1000 * target
    return Figure(name, 1000 * value, "ms", peer, 1000 * theirs, most)
