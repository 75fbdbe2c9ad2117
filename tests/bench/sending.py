"""From a file to the last chunk accepted, beside a plain PyAuroraX script, against an AuroraX that takes everything."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import files
from tests.bench.case import run
from tests.bench.figures import Figure
from tests.support.ports import free_port, listens

ROUNDS = 3
FEW, MILLION = 100_000, 1_000_000
SETTINGS = {"UPLOAD_CHUNK_RECORDS": "2000", "UPLOAD_CONNECTIONS": "8"}
TIMES_AS_FAST = {(FEW, 0): 6, (FEW, 50): 12, (MILLION, 0): 10, (MILLION, 50): 25}


def figures(folder: Path) -> list[Figure]:
    """At once, and after 50 ms a request; a file that takes a moment, and one that takes a while."""
    for count in (FEW, MILLION):
        files.write_csv(folder, count, wrong=False)
    found = []
    for milliseconds in (0, 50):
        with null_api(milliseconds) as url:
            found += _figures(folder, milliseconds, url)
    return found


def _figures(folder: Path, milliseconds: int, url: str) -> list[Figure]:
    """PyAuroraX always gets the smaller file: it takes as long for each record of a larger one, and two gigabytes."""
    rates: dict[int | str, list[float]] = {FEW: [], MILLION: [], "peer": []}
    for _ in range(ROUNDS):
        rates["peer"].append(run("tests.bench.peers.pyaurorax", folder / f"{FEW}-right.csv", url).rate)
        for count in (FEW, MILLION):
            path = folder / f"{count}-right.csv"
            rates[count].append(run("tests.bench.uploading.send", path, AURORAX_API_URL=url, **SETTINGS).rate)
    peer = statistics.median(rates["peer"])
    return [
        Figure(
            f"from a file to {count:,} records accepted, {milliseconds} ms a request",
            statistics.median(rates[count]), "records/s", "PyAuroraX", peer, TIMES_AS_FAST[count, milliseconds] * peer,
        )
        for count in (FEW, MILLION)
    ]  # fmt: skip


@contextmanager
def null_api(milliseconds: int) -> Iterator[str]:
    """Run it on a free port; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.null_api", str(port), str(milliseconds / 1000)]
    process = subprocess.Popen(command)
    try:
        while not listens(port):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)
