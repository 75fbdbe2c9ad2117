"""The sandbox over HTTP, on SQLite and on PostgreSQL. The client shares the machine with it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql
import pyaurorax
import requests

from apps.aurorax import AuroraX
from tests.bench.figures import Figure, in_turn
from tests.bench.records import NAMES, bodies
from tests.support.sandbox import SandboxProcess
from tests.support.services import services

CHUNK = 2_000  # records in one request
CONNECTIONS = 4
ROUNDS = 5
OURS, PEERS = 200_000, 10_000  # records in each round, the peer's being slow
REPEATED = 100_000
MONTH = 44_640  # minutes
FROM, TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 31, 23, 59, tzinfo=UTC)
SEEDED = {"program": "swarm", "platform": "swarma", "instrument_type": "footprint"}
BULK_CREATE = "the same sandbox with bulk_create"
UPLOAD_TARGETS = {"SQLite": 40_000, "PostgreSQL": 25_000}  # records a second


class BulkCreateSandbox(SandboxProcess):
    """The peer: writes with `bulk_create`, and is the sandbox otherwise."""

    PROGRAM = ("-m", "tests.bench.by_bulk_create")


def figures(folder: Path) -> list[Figure]:
    """Uploading, searching and listing on either database."""
    found = []
    with services() as variables:
        for name, server in (("SQLite", None), ("PostgreSQL", variables["SANDBOX_DATABASE_URL"])):
            with _two_sandboxes(folder / name, server) as (ours, peer):
                found += [*_uploads(name, ours, peer), *_reads(name, ours.url, folder)]
    return found


@contextmanager
def _two_sandboxes(folder: Path, server: str | None) -> Iterator[tuple[SandboxProcess, SandboxProcess]]:
    """Ours and the peer, each with the full seed in a database of its own."""
    with ExitStack() as running:
        processes = []
        for kind in (SandboxProcess, BulkCreateSandbox):
            own = folder / kind.__name__
            own.mkdir(parents=True)
            address = (
                _new_database(server, kind.__name__.lower()) if server else f"sqlite:///{own}/db.sqlite3"
            )
            processes.append(running.enter_context(kind(own, seed="full", database_url=address)))
        yield processes[0], processes[1]


def _new_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return f"{server.rpartition('/')[0]}/{name}"


def _uploads(name: str, ours: SandboxProcess, peer: SandboxProcess) -> list[Figure]:
    """A million new records, then some of them again."""
    uploader, peers = Uploader(ours.url), Uploader(peer.url)
    took = peer_took = 0.0
    for number in range(ROUNDS):
        took += uploader.upload(number * OURS, (number + 1) * OURS)
        peer_took += peers.upload(number * PEERS, (number + 1) * PEERS)
    count, peer_count = ROUNDS * OURS, ROUNDS * PEERS
    new, peer_new = count / took, peer_count / peer_took
    again = REPEATED / uploader.upload(0, REPEATED)
    peer_again = peer_count / peers.upload(0, peer_count)
    what, target = f"sandbox on {name}", UPLOAD_TARGETS[name]
    return [
        Figure(f"{what}: take in {count:,} records", new, "records/s", BULK_CREATE, peer_new, target),
        Figure(f"{what}: take {REPEATED:,} again", again, "records/s", BULK_CREATE, peer_again),
    ]


class Uploader:
    """Posts chunks on a few kept connections to a data source of its own."""

    def __init__(self, url: str) -> None:
        self._session = requests.Session()
        self._session.headers["x-aurorax-api-key"] = "sandbox-key-owner"
        body = {**NAMES, "source_type": "ground", "display_name": "Bench"}
        source = self._session.post(f"{url}/api/v1/data_sources", json=body, timeout=60).json()
        self._address = f"{url}/api/v1/data_sources/{source['identifier']}/ephemeris"

    def upload(self, first: int, last: int) -> float:
        """Seconds from the first request to the last answer. The bodies are made beforehand."""
        chunks = list(bodies(first, last, CHUNK))
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            began = time.perf_counter()
            answers = set(pool.map(self._post, chunks))
            took = time.perf_counter() - began
        if answers != {202}:
            raise RuntimeError(f"Uploads were answered {sorted(answers)}.")
        return took

    def _post(self, body: bytes) -> int:
        return self._session.post(self._address, data=body, timeout=60).status_code


def _reads(name: str, url: str, folder: Path) -> list[Figure]:
    """A month of one source and the list of all sources: as bytes, as the portal's client and as PyAuroraX have them."""
    peer = pyaurorax.PyAuroraX(
        download_output_root_path=str(folder),
        read_tar_temp_path=str(folder),
        api_base_url=url,
        api_key="sandbox-key-owner",
    )
    client = AuroraX(base_url=url)
    source = next(found for found in client.sources.list(program=SEEDED["program"]) if found.key == SEEDED)
    month, month_client, month_peer = in_turn(
        3,
        lambda: _search(url),
        lambda: _whole(sum(1 for _ in client.ephemeris.search(source, FROM, TO))),
        lambda: _whole(len(_search_with(peer))),
    )
    listing, listing_client, listing_peer = in_turn(
        15,
        lambda: requests.get(f"{url}/api/v1/data_sources?format=full_record", timeout=60).raise_for_status(),
        client.sources.list,
        lambda: peer.search.sources.list(format="full_record"),
    )
    what, reader = f"sandbox on {name}", f"portal's client, {name}"
    return [
        _milliseconds(f"{what}: search a source-month", month, month_peer, target=1_000),
        _milliseconds(f"{what}: list all sources", listing, listing_peer, target=50),
        Figure(
            f"{reader}: read a source-month",
            MONTH / month_client,
            "records/s",
            "PyAuroraX",
            MONTH / month_peer,
        ),
        _milliseconds(f"{reader}: list all sources", listing_client, listing_peer),
    ]


def _milliseconds(name: str, ours: float, peers: float, *, target: float | None = None) -> Figure:
    return Figure(name, ours * 1000, "ms", "PyAuroraX", peers * 1000, target)


def _search(url: str) -> None:
    """Ask, wait and fetch, as bytes."""
    sources = {f"{key}s": [value] for key, value in SEEDED.items()}
    query = {"data_sources": sources, "start": f"{FROM:%Y-%m-%dT%H:%M:%S}", "end": f"{TO:%Y-%m-%dT%H:%M:%S}"}
    location = requests.post(f"{url}/api/v1/ephemeris/search", json=query, timeout=60).headers["Location"]
    while requests.get(location, timeout=60).json()["search_result"]["data_uri"] is None:
        time.sleep(0.01)
    _whole(requests.get(f"{location}/data", timeout=60).content.count(b'"epoch"'))


def _search_with(peer: Any) -> list[Any]:
    """The same with PyAuroraX, which looks every 10 ms here instead of every second."""
    lists = {f"{key}s": [value] for key, value in SEEDED.items()}
    start, end = FROM.replace(tzinfo=None), TO.replace(tzinfo=None)
    found: list[Any] = peer.search.ephemeris.search(start, end, **lists, poll_interval=0.01).data
    return found


def _whole(count: int) -> None:
    if count != MONTH:
        raise RuntimeError(f"The search found {count} records of {MONTH}.")
