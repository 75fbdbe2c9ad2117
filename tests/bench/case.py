"""One case in a process of its own: `python -m tests.bench.case NAME ARGUMENTS` prints rows, seconds and peak memory.

A process each, because the peak memory of one case must not be that of another.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Outcome:
    """What a case answers: how many rows or records, in how many seconds, and peak memory: of its process and, added to
    that, of the largest that it had read files for it.
    """

    count: int
    seconds: float
    megabytes: float

    @property
    def rate(self) -> float:
        """A second."""
        return self.count / self.seconds


def run(name: str, *arguments: object, **environment: str) -> Outcome:
    """Run a case, given by its dotted name, and wait for it. It answers (count, seconds)."""
    command = [sys.executable, "-m", "tests.bench.case", name, *map(str, arguments)]
    done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, check=True)
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main(name: str, *arguments: str) -> None:
    """The case itself, with Django set up on an empty database in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="portal-case-") as folder:
        _set_up(Path(folder))
        count, seconds = import_string(name)(*arguments)
    print(json.dumps({"count": count, "seconds": seconds, "megabytes": _peak()}))


def _peak() -> float:
    """Children are counted once they have ended. What they share with the process that forked them is counted for each."""
    from apps.jobs import isolation  # noqa: PLC0415 - preloads what it is told once Django is set up

    isolation.stop_server()
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(each).ru_maxrss for each in whose) / 1024


def _set_up(folder: Path) -> None:
    os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3", "MEDIA_ROOT": f"{folder}/files"}
    import django  # noqa: PLC0415 - the settings are read from what has just been set
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
