"""A sandbox as it may be in some years: thousands of data sources, each with twenty years of records.

`fill` does it to a sandbox that is not running, within seconds: of records there are only the counts, which is all that
lists, statistics and availability read.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

from tests.support.sandbox import PROJECT, SandboxProcess

SOURCES = 5_000
OWNED = 300  # by OWNER, who also maintains MAINTAINED others
MAINTAINED = 5
OWNER = "owner@example.org"
FIRST = 1_001  # identifier
YEARS = range(2007, 2027)
EPHEMERIS, PRODUCTS = 1_440, 12  # records a day; of products every second source has some
SCHEMA = [
    {
        "field_name": f"field_{n}",
        "description": f"What field {n} says",
        "data_type": "string",
        "allowed_values": [],
    }
    for n in range(5)
]


def fill(process: SandboxProcess, sources: int = SOURCES, last: date = date(2026, 12, 31)) -> None:
    """Migrate, seed, and add `sources` data sources with records until `last`."""
    environment = os.environ | process.environment | {"DJANGO_SETTINGS_MODULE": "apps.sandbox.settings"}
    command = [sys.executable, "-m", "tests.support.growth", str(sources), last.isoformat()]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)


def main() -> None:
    """In a process of its own, for the sandbox has settings of its own."""
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("apps.sandbox.seed.load").seed_once()
    models = import_module("apps.sandbox.models")
    count, last = int(sys.argv[1]), date.fromisoformat(sys.argv[2])
    models.DataSource.objects.bulk_create(models.DataSource(**_source(number)) for number in range(count))
    rows = [tuple(row.values()) for number in range(count) for row in _years(number, last)]
    import_module("apps.sandbox.bulk").upsert(models.YearCount, rows)


def _source(number: int) -> dict[str, Any]:
    person = f"person{number % 40:02}@example.org"
    maintainers = [f"helper{number % 60:02}@example.org"]
    return {
        "identifier": FIRST + number,
        "program": f"program-{number // 100:03}",
        "platform": f"platform {number:05}",
        "instrument_type": "magnetometer" if number % 2 else "all-sky camera",
        "source_type": "ground",
        "display_name": f"Grown {number:05}",
        "owner": OWNER if number < OWNED else person,
        "maintainers": [*maintainers, OWNER] if OWNED <= number < OWNED + MAINTAINED else maintainers,
        "ephemeris_metadata_schema": SCHEMA,
        "data_product_metadata_schema": SCHEMA,
        "metadata": None,
    }


def _years(number: int, last: date) -> Iterator[dict[str, Any]]:
    for kind, count in (("ephemeris", EPHEMERIS), ("keogram", PRODUCTS)):
        if kind == "ephemeris" or number % 2 == 0:
            yield from (_year(FIRST + number, kind, year, count, last) for year in YEARS if year <= last.year)


def _year(source: int, kind: str, year: int, count: int, last: date) -> dict[str, Any]:
    until = min(last, date(year, 12, 31))
    length = (until - date(year, 1, 1)).days + 1
    days = import_module("apps.sandbox.counters").DAYS
    return {
        "source_id": source,
        "kind": kind,
        "year": year,
        "count": length * count,
        "first": f"{year}-01-01T00:00:00",
        "last": f"{until}T23:59:00",
        "days": days.pack(*([count] * length + [0] * (366 - length))),
    }


if __name__ == "__main__":
    main()
