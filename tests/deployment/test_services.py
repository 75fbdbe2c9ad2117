"""The servers that the tests bring along."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.support import ports, services

SAY_WHERE = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); raise SystemExit(7)"


@pytest.mark.services
def test_they_run_for_one_command_and_pass_on_how_it_ended() -> None:
    command = [sys.executable, "-m", "tests.support.services", "--", sys.executable, "-c", SAY_WHERE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    addresses = [urlsplit(address).port for address in done.stdout.split()]
    assert [ports.listens(port) for port in addresses if port] == [False, False]


def test_a_missing_server_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(services.NotInstalled, match="apt-get install redis-server"):
        services.redis_program()
