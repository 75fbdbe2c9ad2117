"""`make load`: people who browse while others upload, a worker killed in between, and a database that has grown.

LOAD_SCALE=1 is the whole of it: 50 people, 10 files of 100,000 rows, 200,000 events, 50,000 copies, 2,000 uploads. Says what
it has measured; docs/scale.md has figures.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.load import growth
from tests.load.visitor import Visitor
from tests.support.stack import ROOT, Stack

SCALE = float(os.environ.get("LOAD_SCALE", "1"))
GROWTH = float(os.environ.get("GROWTH_SCALE", SCALE))
PAGES = ("/", "/sources/", "/activity/", "/uploads/", "/sources/103/ephemeris/", "/account/", "/permissions/")
ENDS = ("done", "rejected", "cancelled")
UPLOAD_PAGE = "/sources/103/ephemeris/upload/"
MOST_SECONDS = 900


def main() -> None:
    """Grow, then load."""
    with tempfile.TemporaryDirectory(prefix="portal-load-") as name:
        services = {key: os.environ[key] for key in ("DATABASE_URL", "REDIS_URL")}
        stack = Stack(Path(name), **services, CACHE="redis", SIGN_IN_ATTEMPTS_PER_ADDRESS="1000")
        stack.env.pop("PROMETHEUS_MULTIPROC_DIR", None)
        with stack.running():
            grown(stack)
            loaded(stack)


def grown(stack: Stack) -> None:
    """Lists before and after."""
    os.environ.update(stack.env, DJANGO_SETTINGS_MODULE="portal.settings")
    import django  # noqa: PLC0415 - now that it knows where the database is

    django.setup()
    visitor = Visitor(stack.url, "admin")
    Visitor(stack.url, "owner")
    before = growth.measured(visitor)
    sizes = {"events": int(200_000 * GROWTH), "copies": int(50_000 * GROWTH), "uploads": int(2_000 * GROWTH)}
    growth.grow(**sizes)
    after = growth.measured(visitor)
    print(f"Grown by {sizes}:")
    for path, seconds in after.items():
        print(
            f"  {path:28} {before[path] * 1000:6.0f} ms -> {seconds * 1000:6.0f} ms, {seconds / before[path]:.1f} times"
        )


def loaded(stack: Stack) -> None:
    """People and files at once."""
    people, files, rows = max(int(50 * SCALE), 2), max(int(10 * SCALE), 1), max(int(100_000 * SCALE), 1_000)
    visitors = [Visitor(stack.url, ("owner", "maintainer", "user")[n % 3]) for n in range(people)]
    quiet = statistics.median(visitors[0].get(path) for path in PAGES for _ in range(3))
    over = threading.Event()
    with ThreadPoolExecutor(people + 1) as pool:
        for visitor in visitors:
            visitor.seconds.clear()
            pool.submit(browse, visitor, over)
        pool.submit(kill_workers, stack, over)
        try:
            uploading(stack, files, rows)
        finally:
            over.set()
    busy = [each for visitor in visitors for each in visitor.seconds]
    errors = [each for visitor in visitors for each in visitor.errors]
    print(
        f"{people} people: median page {quiet * 1000:.0f} ms quiet, {statistics.median(busy) * 1000:.0f} ms under load"
    )
    print(f"  {len(busy):,} pages, slowest {max(busy):.1f} s, errors: {errors or 'none'}")


def uploading(stack: Stack, files: int, rows: int) -> None:
    """The large files of one person, and then the small one of another."""
    owner, maintainer = Visitor(stack.url, "owner"), Visitor(stack.url, "maintainer")
    started = time.monotonic()
    large = [owner.post(UPLOAD_PAGE, {}, file=(f"{n}.csv", csv(rows, 2031 + n))) for n in range(files)]
    began = time.monotonic()
    small = maintainer.post(UPLOAD_PAGE, {}, file=("small.csv", csv(10, 2060)))
    finish(maintainer, [small])
    print(f"10 rows of another person: verified after {time.monotonic() - began:.1f} s")
    finish(owner, large)
    print(f"{files} files of {rows:,} rows: all done after {time.monotonic() - started:.0f} s")
    print(f"  errors: {owner.errors + maintainer.errors or 'none'}")


def finish(visitor: Visitor, uploads: list[str]) -> None:
    """Send each as soon as it is checked, and wait for all."""
    left, sent, until = set(uploads), set[str](), time.monotonic() + MOST_SECONDS
    while left and time.monotonic() < until:
        for upload in [*left]:
            state = visitor.state(upload)
            if state == "checked" and upload not in sent:
                visitor.post(f"{upload}send/", {})
                sent.add(upload)
            elif state in ENDS:
                left.discard(upload)
        time.sleep(0.5)
    if left:
        print(f"  not over after {MOST_SECONDS} s: {[(each, visitor.state(each)) for each in left]}")


def browse(visitor: Visitor, over: threading.Event) -> None:
    """From page to page, as somebody who reads them."""
    dice = random.Random(id(visitor))
    while not over.wait(dice.uniform(1, 4)):
        visitor.get(dice.choice(PAGES))


def kill_workers(stack: Stack, over: threading.Event) -> None:
    """A second worker, killed every so often and started again."""
    kills = 0
    while not over.is_set():
        command = [sys.executable, "manage.py", "worker"]
        with (stack.folder / "second-worker.log").open("a") as log:
            worker = subprocess.Popen(command, cwd=ROOT, env=stack.env, stdout=log, stderr=log)
        over.wait(20)
        worker.kill()
        worker.wait()
        kills += 1
    print(f"  a worker killed {kills} times")


def csv(rows: int, year: int) -> bytes:
    """A minute a row, from this year on."""
    lines = [
        f"{year}-01-{1 + n // 1440 % 28:02}T{n // 60 % 24:02}:{n % 60:02},51.{n % 97:02},-114.07"
        for n in range(min(rows, 40_320))
    ]
    more = [
        f"{year}-{2 + m // 28:02}-{1 + m % 28:02}T{k // 60:02}:{k % 60:02},52,-113"
        for m in range(300)
        for k in range(1440)
    ]
    return "\n".join(["epoch,lat,lon", *lines, *more[: max(rows - len(lines), 0)]]).encode()


if __name__ == "__main__":
    main()
