"""`python -m tests.bench`: measure everything, print the table, write `var/bench.json`.

`python -m tests.bench reading year.sparse` measures the figures of one module and one function of another.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command
from django.utils.module_loading import import_string

from tests.bench.figures import Figure, machine, save, table

RESULT = Path("var/bench.json")
# By name, because models can only be imported once Django is set up. Each answers a list of figures.
MEASURED = (
    "reading",
    "calendars",
    "pages",
    "grown",
    "sending",
    "waiting",
    "year",
    "maps",
    "traces",
    "sandbox",
)


def main() -> None:
    """Measure in a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        _set_up(Path(folder))
        found: list[Figure] = []
        for name in sys.argv[1:] or MEASURED:
            found += _measure(name)(Path(folder))
    print(f"{machine()}\n\n{table(found)}")
    save(found, RESULT)
    print(f"\nAlso in {RESULT}.")


def _measure(name: str) -> Callable[[Path], list[Figure]]:
    """`reading` or `year.sparse`."""
    module, _, function = name.removeprefix("tests.bench.").partition(".")
    found: Callable[[Path], list[Figure]] = import_string(f"tests.bench.{module}.{function or 'figures'}")
    return found


def _set_up(folder: Path) -> None:
    """Django as the portal uses it, with an empty SQLite database and its files on the disk."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "MEDIA_ROOT": f"{folder}/files",
        "FILE_STORAGE": "local",
        "TASK_QUEUE": "database",
        "CACHE": "memory",
    }
    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
