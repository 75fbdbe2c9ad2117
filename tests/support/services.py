"""A real PostgreSQL and Redis for as long as one command runs.

`python -m tests.support.services -- pytest ...` starts both on free loopback ports with their data in a temporary
folder, tells the command where they are through the portal's own variables, and stops them however the command ends.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg

from tests.support.ports import free_port, listens

START_SECONDS = 120
CLUSTER_OPTIONS = ("--username=portal", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
# Nothing here outlives the command, so nothing needs to reach the disk.
POSTGRES_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


class NotInstalled(SystemExit):
    """A server program that this machine does not have. As a `SystemExit` it ends the command with its sentence."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(f"{program} was not found. Install it, on Debian with: apt-get install {package}")


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Redis; yields the environment variables that point the portal and the sandbox at them."""
    with tempfile.TemporaryDirectory(
        prefix="portal-services-", dir="/tmp", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _postgres(folder / "postgres") as server, _redis(folder / "redis") as redis_url:
            yield {
                "DATABASE_URL": f"{server}/portal",
                "SANDBOX_DATABASE_URL": f"{server}/sandbox",
                "REDIS_URL": redis_url,
                "CACHE": "redis",
            }


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster with the role `portal` and the databases `portal` and `sandbox`; yields its address."""
    programs = postgres_programs()
    user = _own(folder)
    port = free_port()
    prepare = [str(programs / "initdb"), "-D", "data", *CLUSTER_OPTIONS]
    subprocess.run(prepare, user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    settings = POSTGRES_SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
    options = [f"--{name}={value}" for name, value in settings.items()]
    command = [str(programs / "postgres"), "-D", "data", *options]
    with _running(command, folder, user=user, stop=signal.SIGINT) as process:
        address = f"postgresql://portal:portal@127.0.0.1:{port}"
        _create_databases(address, process)
        yield address


def postgres_programs() -> Path:
    """The folder of `initdb` and its like. Debian keeps one per version, off the PATH; the newest is taken."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise NotInstalled("PostgreSQL", "postgresql")
    return newest.parent


def _own(folder: Path) -> str | None:
    """Make the cluster's folder; answers who owns it, for PostgreSQL refuses to run as root. None: whoever we are."""
    folder.mkdir(mode=0o700)
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, user="postgres")
    return "postgres"


def _create_databases(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until PostgreSQL lets somebody in, then make the two databases."""

    def admitted() -> bool:
        try:
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                for database in ("portal", "sandbox"):
                    connection.execute(f"CREATE DATABASE {database}")
        except psycopg.OperationalError:
            return False
        return True

    wait_until(admitted, process)


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; yields its address."""
    folder.mkdir()
    port = free_port()
    options = f"--port {port} --bind 127.0.0.1 --appendonly no --save".split()
    command = [redis_program(), *options, ""]
    with _running(command, folder) as process:
        wait_until(lambda: listens(port), process)
        yield f"redis://127.0.0.1:{port}/0"


def redis_program() -> str:
    """The path of `redis-server`."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstalled("Redis", "redis-server")
    return program


@contextlib.contextmanager
def _running(
    command: Sequence[str], folder: Path, *, user: str | None = None, stop: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """A server for as long as the block lasts, working in `folder`, where `log` has what it says."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, user=user, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            process.send_signal(stop)
            process.wait()


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], *, seconds: float = START_SECONDS
) -> None:
    """Return once `ready` says so; raises RuntimeError when `process` ends or `seconds` pass before that."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode} before it was ready.")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} was not ready within {seconds} seconds.")
        time.sleep(0.05)


def main(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run `command` beside the services and answer its exit code."""
    signal.signal(signal.SIGTERM, _stop)
    with services() as variables:
        return subprocess.run(command, env={**environment, **variables}, check=False).returncode


def _stop(signum: int, _frame: FrameType | None) -> NoReturn:
    """Leave as an exception, so that the services are stopped on the way out."""
    raise SystemExit(128 + signum)


if __name__ == "__main__":
    if sys.argv[1:2] != ["--"] or not sys.argv[2:]:
        raise SystemExit("Usage: python -m tests.support.services -- COMMAND [ARGUMENT ...]")
    raise SystemExit(main(sys.argv[2:], os.environ))
