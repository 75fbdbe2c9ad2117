"""How fast the sandbox is over HTTP: `python -m tests.sandbox.bench [--records 1000000]`, on SQLite.

On PostgreSQL: `python -m tests.support.services -- python -m tests.sandbox.bench`.
Prints records per second while uploading, and how long a search over a source-month and a listing of all sources take.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from tests.support.sandbox import SandboxProcess

KEY = {"x-aurorax-api-key": "sandbox-key-owner"}
NAMES = {"program": "bench", "platform": "bench", "instrument_type": "bench"}
START = datetime(2000, 1, 1, tzinfo=UTC)
CHUNK = 2000  # records in one request
MONTH = 44_640  # minutes
CONNECTIONS = 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast the sandbox is over HTTP.")
    parser.add_argument("--records", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, SandboxProcess(Path(folder), seed="full") as sandbox:
        identifier = _new_source(sandbox.url)
        _report_list(sandbox.url)
        _report_upload(sandbox.url, identifier, chosen.records, "upload, new records")
        _report_upload(sandbox.url, identifier, min(chosen.records, 200_000), "upload, the same again")
        _report_search(sandbox.url)


def _new_source(url: str) -> int:
    body = {**NAMES, "source_type": "ground", "display_name": "Bench"}
    answer = requests.post(f"{url}/api/v1/data_sources", json=body, headers=KEY, timeout=60)
    identifier: int = answer.json()["identifier"]
    return identifier


def _report_upload(url: str, identifier: int, count: int, what: str) -> None:
    """Records per second from the first request to the last answer; the bodies are made beforehand."""
    address = f"{url}/api/v1/data_sources/{identifier}/ephemeris"
    took = 0.0
    for first in range(0, count, 50 * CHUNK):
        bodies = list(_bodies(first, min(first + 50 * CHUNK, count)))
        with ThreadPoolExecutor(CONNECTIONS) as pool, requests.Session() as session:
            session.headers.update(KEY)
            began = time.perf_counter()
            answers = list(
                pool.map(lambda body: session.post(address, data=body, timeout=60).status_code, bodies)
            )
            took += time.perf_counter() - began
        if set(answers) != {202}:
            raise SystemExit(f"An upload was answered {sorted(set(answers))}.")
    print(f"{what}: {count:,} records at {count / took:,.0f} records/s")


def _bodies(first: int, last: int) -> Iterator[bytes]:
    for begin in range(first, last, CHUNK):
        yield json.dumps([_record(minute) for minute in range(begin, min(begin + CHUNK, last))]).encode()


def _record(minute: int) -> dict[str, object]:
    place = {"lat": round(minute * 0.001 % 180 - 90, 4), "lon": round(minute * 0.003 % 360 - 180, 4)}
    metadata = {
        "state": "definitive",
        "nbtrace_region": "north polar cap",
        "radial_distance": 6800 + minute % 50,
    }
    places = dict.fromkeys(("location_geo", "location_gsm", "nbtrace", "sbtrace"), place)
    epoch = f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:00.000Z}"
    return {**NAMES, "epoch": epoch, **places, "metadata": metadata}


def _report_search(url: str) -> None:
    query = {
        "data_sources": {"programs": ["swarm"]},
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-31T23:59:59",
    }

    def search() -> None:
        location = requests.post(f"{url}/api/v1/ephemeris/search", json=query, timeout=60).headers["Location"]
        while requests.get(location, timeout=60).json()["search_result"]["data_uri"] is None:
            time.sleep(0.01)
        content = requests.get(f"{location}/data", timeout=60).content
        if content.count(b'"epoch"') != MONTH:
            raise SystemExit("The search did not find the whole month.")

    _report("search of a source-month, data included", search)


def _report_list(url: str) -> None:
    address = f"{url}/api/v1/data_sources?format=full_record"
    _report("list of all sources", lambda: requests.get(address, timeout=60))
    _report("the same with statistics", lambda: requests.get(f"{address}&include_stats=true", timeout=60))


def _report(what: str, call: Callable[[], object]) -> None:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    print(f"{what}: {statistics.median(times) * 1000:,.0f} ms (median of 5)")


if __name__ == "__main__":
    main()
