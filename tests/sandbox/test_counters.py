"""Statistics and availability come from counts kept with every write; they are what counting the records gives."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.conftest import EXAMPLE, NAMES, Api, As
from tests.support.properties import property_settings
from tests.support.sandbox import PROJECT, SandboxProcess

BEGIN = datetime(2019, 12, 29)  # noqa: DTZ001 - as the API writes times
WHOLE = {"start": "2019-01-01", "end": "2021-12-31", "program": "example-program"}
TYPES = ("keogram", "movie")
URLS = tuple("abcdef")
STEPS = 24  # times records may have: every eight hours of eight days around New Year


def _time(step: int) -> str:
    return (BEGIN + timedelta(hours=8 * step)).isoformat()


steps = st.integers(0, STEPS - 1)
spans = st.tuples(steps, steps).map(sorted)
products = st.builds(
    lambda url, kind, span: {
        **NAMES,
        "url": url,
        "data_product_type": kind,
        "start": _time(span[0]),
        "end": _time(span[1]),
    },
    st.sampled_from(URLS),
    st.sampled_from(TYPES),
    spans,
)
writes = st.one_of(
    st.tuples(st.just("post"), st.just("ephemeris"), st.sets(steps, min_size=1).map(sorted)),
    st.tuples(st.just("delete"), st.just("ephemeris"), spans),
    st.tuples(st.just("post"), st.just("data_products"), st.lists(products, min_size=1, max_size=8)),
    st.tuples(st.just("delete"), st.just("data_products"), st.lists(st.sampled_from(URLS), max_size=3)),
)


def test_counts_are_those_of_the_records_whatever_was_written(owner: Api, source: int) -> None:
    @property_settings
    @given(st.lists(writes, min_size=1, max_size=6))
    def check(chosen: list[tuple[str, str, Any]]) -> None:
        _empty(owner, source)
        for verb, kind, what in chosen:
            _write(owner, source, verb, kind, what)
        _compare(owner, source)

    check()


def test_a_chunk_that_is_scattered_over_what_is_there_counts_what_is_new(owner: Api, source: int) -> None:
    _write(owner, source, "post", "ephemeris", range(0, 60, 2))
    _write(owner, source, "post", "ephemeris", [0, 1, 58])
    assert owner.get(f"/data_sources/{source}/stats").json()["ephemeris_count"] == 31


def test_a_product_that_moves_to_another_day_and_type_is_counted_there(owner: Api, source: int) -> None:
    product = {**NAMES, "url": "a", "data_product_type": "keogram", "start": _time(0), "end": _time(23)}
    _write(owner, source, "post", "data_products", [product])
    moved = {"data_product_type": "movie", "start": _time(9), "end": _time(9)}
    _write(owner, source, "post", "data_products", [product | moved])
    _compare(owner, source)
    stats = owner.get(f"/data_sources/{source}/stats").json()
    assert stats["earliest_data_product_loaded"] == stats["latest_data_product_loaded"] == _time(9)


def test_records_of_an_older_sandbox_are_counted_when_it_is_migrated(tmp_path: Path, with_key: As) -> None:
    with SandboxProcess(tmp_path) as process:
        owner = Api(process.url, {"x-aurorax-api-key": "sandbox-key-owner"})
        source = owner.post("/data_sources", EXAMPLE).json()["identifier"]
        _write(owner, source, "post", "ephemeris", [1, 2, 23])
        product = {**NAMES, "data_product_type": "keogram", "start": _time(0), "end": _time(9)}
        _write(owner, source, "post", "data_products", [product | {"url": url} for url in URLS])
        seeded = owner.get("/data_sources/103", include_stats=True).json()
    _migrate_back(process)
    with SandboxProcess(tmp_path, search_limits=False) as process:
        owner = Api(process.url, {"x-aurorax-api-key": "sandbox-key-owner"})
        _compare(owner, source)
        assert owner.get("/data_sources/103", include_stats=True).json() == seeded


@pytest.fixture(autouse=True)
def _no_limits(sandbox: SandboxProcess) -> Iterator[None]:
    with sandbox.switched(search_limits=False):
        yield


def _write(api: Api, source: int, verb: str, kind: str, what: Any) -> None:
    path = f"/data_sources/{source}/{kind}"
    if verb == "post":
        body = [{**NAMES, "epoch": _time(step)} for step in what] if kind == "ephemeris" else what
        answer = api.post(path, body)
    elif kind == "ephemeris":
        answer = api.delete(path, {**NAMES, "start": _time(what[0]), "end": _time(what[1])})
    else:
        answer = api.delete(path, {**NAMES, "urls": what})
    assert answer.status_code in (200, 202), answer.text


def _empty(api: Api, source: int) -> None:
    _write(api, source, "delete", "ephemeris", (0, STEPS))
    _write(api, source, "delete", "data_products", URLS)


def _compare(api: Api, source: int) -> None:
    """What the sandbox says of a source's records, beside what it answers when it is asked for all of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in ("ephemeris", "data_products"):
        query = {"data_sources": {"programs": [NAMES["program"]]}}
        found[kind] = api.search(kind, **query, start="2019-01-01T00:00:00", end="2021-12-31T23:59:59")
    epochs = [record["epoch"] for record in found["ephemeris"]]
    starts = [record["start"] for record in found["data_products"]]
    ends = [record["end"] for record in found["data_products"]]
    stats = api.get(f"/data_sources/{source}/stats", format="identifier_only").json()
    assert stats == {
        "data_source": {"identifier": source},
        "earliest_ephemeris_loaded": min(epochs, default=None),
        "latest_ephemeris_loaded": max(epochs, default=None),
        "ephemeris_count": len(epochs),
        "earliest_data_product_loaded": min(starts, default=None),
        "latest_data_product_loaded": max(ends, default=None),
        "data_product_count": len(starts),
    }
    assert _availability(api, "ephemeris") == _by_day(epochs)
    assert _availability(api, "data_products") == _by_day(starts)
    for kind in TYPES:
        own = [record["start"] for record in found["data_products"] if record["data_product_type"] == kind]
        assert _availability(api, "data_products", data_product_type=kind) == _by_day(own)
    middle = _by_day(day for day in epochs if "2019-12-30" <= day[:10] <= "2020-01-02")
    assert _availability(api, "ephemeris", start="2019-12-30", end="2020-01-02") == middle


def _availability(api: Api, kind: str, **params: str) -> dict[str, int]:
    rows = api.get(f"/availability/{kind}", **(WHOLE | params)).json()
    assert len(rows) <= 1
    days: dict[str, int] = rows[0][f"available_{kind}"] if rows else {}
    assert list(days) == sorted(days)
    return days


def _by_day(times: "Iterator[str] | list[str]") -> dict[str, int]:
    return dict(Counter(time[:10] for time in times))


def _migrate_back(process: SandboxProcess) -> None:
    """The database as it was before there were counts."""
    command = [sys.executable, "manage.py", "migrate", "sandbox", "0001", "--verbosity", "0"]
    environment = process.environment | {"DJANGO_SETTINGS_MODULE": "apps.sandbox.settings"}
    subprocess.run(command, cwd=PROJECT, env=os.environ | environment, check=True)
