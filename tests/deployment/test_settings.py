"""A setting that cannot be used stops any command with a sentence that says how to mend it."""

import os
import socket
import subprocess
import sys

import pytest

from tests.support.compose import ROOT

WRONG = [
    ("DEBUG", "maybe", "DEBUG is 'maybe', which cannot be used. Write true or false."),
    ("HTTPS", "ture", "HTTPS is 'ture', which cannot be used. Write true or false."),
    ("PORTAL_PORT", "eighty", "Write a whole number from 1 to 65535, such as 8000."),
    ("PORTAL_PORT", "70000", "Write a whole number from 1 to 65535, such as 8000."),
    ("UPLOAD_CHUNK_RECORDS", "0", "Write a whole number from 1 to 10000, such as 500."),
    ("UPLOAD_PACE", "fast", "x connections (1 to 32), such as 500x1."),
    ("UPLOAD_PACE", "500x0", "x connections (1 to 32), such as 500x1."),
    ("UPLOAD_PACE_MOST", "auto", "x connections (1 to 32), such as 500x1."),
    ("AURORAX_API_URL", "api.aurorax.space", "Write an address such as http://127.0.0.1:8080."),
    ("AURORAX_ENVIRONMENT", "test", "Write one of: auto, sandbox, staging, production."),
    (
        "DATABASE_URL",
        "mysql://root:secret@localhost/portal",
        "Write sqlite:///var/portal.sqlite3, or postgresql://",
    ),
    ("REDIS_URL", "http://127.0.0.1:6379", "Write an address such as redis://127.0.0.1:6379/0."),
    ("TASK_QUEUE", "celery", "Write one of: database, rq, immediate."),
    ("CACHE", "memcached", "Write one of: memory, redis."),
    ("FILE_STORAGE", "s3", "Name the bucket, or set FILE_STORAGE=local."),
    ("CREDENTIAL_KEYS", "not-a-key", "Make a key with: python -c"),
    ("LOG_LEVEL", "loud", "Write one of: debug, info, warning, error."),
]


@pytest.mark.parametrize(
    ("name", "value", "hint"), WRONG, ids=[f"{name}={value}" for name, value, _ in WRONG]
)
def test_the_portal_stops_with_a_sentence(name: str, value: str, hint: str) -> None:
    stopped = run("-c", "import portal.settings", **{name: value})
    assert stopped.returncode == 1
    assert hint in stopped.stderr
    assert len(stopped.stderr.splitlines()) == 1, "a sentence, not a traceback"


@pytest.mark.parametrize("name", ["DATABASE_URL", "CREDENTIAL_KEYS"])
def test_a_wrong_secret_is_not_repeated(name: str) -> None:
    value = {"DATABASE_URL": "mysql://root:secret@localhost/portal", "CREDENTIAL_KEYS": "secret"}[name]
    assert "secret" not in run("-c", "import portal.settings", **{name: value}).stderr


@pytest.mark.parametrize("command", ["check", "migrate", "worker"])
def test_every_command_stops_the_same_way(command: str) -> None:
    stopped = run("manage.py", command, DEBUG="maybe")
    assert (stopped.returncode, stopped.stderr.strip()) == (
        1,
        "DEBUG is 'maybe', which cannot be used. Write true or false.",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("SANDBOX_PORT", "none"), ("SANDBOX_SEED", "huge"), ("SANDBOX_DATABASE_URL", "oracle://db")],
)
def test_the_sandbox_stops_with_a_sentence(name: str, value: str) -> None:
    stopped = run("manage.py", "sandbox", **{name: value})
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"{name} is ")
    assert len(stopped.stderr.splitlines()) == 1


def test_a_taken_port_is_named_with_another_to_take() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        stopped = run("-m", "portal.preflight", PORTAL_PORT=str(port))
    assert stopped.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in stopped.stderr
    assert f"PORTAL_PORT={port + 1} make run" in stopped.stderr


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python with one setting changed, as somebody would type it."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )
