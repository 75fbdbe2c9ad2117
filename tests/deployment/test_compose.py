"""docker-compose.yml keeps its word: its own commands and variables, on a real PostgreSQL and Redis, without Docker."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
import yaml
from cryptography.fernet import Fernet
from psycopg import sql

from tests.support import compose
from tests.support.bucket import Objects, bucket
from tests.support.ports import free_port, listens
from tests.support.services import wait_until

PROCESSES = ("sandbox", "web", "worker")
# Tests that run side by side in several processes must not empty each other's databases, nor take each other's tasks.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
DATABASES = (f"compose_portal_{WORKER}", f"compose_sandbox_{WORKER}")
REDIS_DATABASE = int(WORKER) + 1  # 0 is what everything else would take
SECRETS = {
    "SECRET_KEY": "as long and as random as a test needs it, but never used again",
    "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
    "POSTGRES_PASSWORD": "portal",
    "AWS_SECRET_ACCESS_KEY": "a secret of the store",
}
CONFINED = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
ENDS_BY_ITSELF = {"migrate", "bucket", "store-volume"}


@dataclass(frozen=True)
class Composed:
    """The portal as Docker Compose would have it running: where it is, in which folder, and its processes."""

    url: str
    folder: Path
    services: dict[str, compose.Service]
    objects: Objects  # in the S3-compatible store


class Databases(NamedTuple):
    """The databases that the postgres service has, apart from those of the other tests."""

    portal: str
    sandbox: str

    def create(self) -> None:
        """Have them empty, as at the first start."""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            for name in map(sql.Identifier, self):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Composed]:
    """What `docker compose up` starts, on loopback: migrate first, then sandbox, web and worker side by side."""
    folder = tmp_path_factory.mktemp("image")
    compose.build(folder)
    web, sandbox, store, metrics = free_port(), free_port(), free_port(), free_port()
    databases = Databases(f"compose_portal_{worker_id}", f"compose_sandbox_{worker_id}")
    databases.create()
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    moves = addresses(web, sandbox, databases, redis_number=number)
    moves |= {"store:9000": f"127.0.0.1:{store}", "9100": str(metrics)}
    services = compose.read(SECRETS | {"SANDBOX_SEED": "small"}, moves)
    services["migrate"].run(folder)
    with ExitStack() as stack:
        objects = stack.enter_context(bucket(store))
        started = {name: stack.enter_context(services[name].running(folder)) for name in PROCESSES}
        wait_until(lambda: listens(sandbox), started["sandbox"])
        wait_until(lambda: listens(web), started["web"])
        wait_until(lambda: listens(metrics), started["worker"])
        yield Composed(f"http://127.0.0.1:{web}", folder, services, objects)


def addresses(web: int, sandbox: int, databases: Databases, *, redis_number: int) -> dict[str, str]:
    """Where the compose network's hosts and ports are here. Nothing is shared with another worker of pytest-xdist."""
    database = urlsplit(os.environ["DATABASE_URL"])
    redis = urlsplit(os.environ["REDIS_URL"])
    return {
        "postgres:5432/portal": f"127.0.0.1:{database.port}/{databases.portal}",
        "postgres:5432/sandbox": f"127.0.0.1:{database.port}/{databases.sandbox}",
        "redis:6379/0": f"127.0.0.1:{redis.port}/{redis_number}",
        "sandbox:8080": f"127.0.0.1:{sandbox}",
        "0.0.0.0": "127.0.0.1",
        "8000": str(web),
        "8080": str(sandbox),
    }


class Browser:
    """Somebody who has signed in, over HTTP and with the form's own token."""

    def __init__(self, url: str, person: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.get(f"{url}/sign-in/", timeout=60)
        self.post("/sign-in/", {"email": f"{person}@example.org", "password": f"sandbox-{person}"})

    def get(self, path: str) -> requests.Response:
        """A page; an answer of 400 or more is an error."""
        answer = self.session.get(self.url + path, timeout=60)
        answer.raise_for_status()
        return answer

    def post(self, path: str, data: dict[str, str], **files: tuple[str, str]) -> str:
        """Send a form; answers the path it leads on to."""
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"]}
        answer = self.session.post(
            self.url + path, data, headers=headers, files=files, timeout=60, allow_redirects=False
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@pytest.mark.services
@pytest.mark.parametrize("name", ["web", "sandbox", "worker"])
def test_a_process_is_well_by_its_own_health_check(composed: Composed, name: str) -> None:
    assert composed.services[name].is_well(composed.folder)


@pytest.mark.services
def test_web_is_ready_with_postgresql_and_redis(composed: Composed) -> None:
    answer = requests.get(f"{composed.url}/readyz", timeout=60)
    told = answer.json()
    assert told["ready"] is True
    assert [name for name in ("database", "cache", "queue", "storage", "aurorax") if not told[name]] == []


@pytest.mark.services
def test_an_owner_signs_in_and_sees_data_sources_of_the_sandbox(composed: Composed) -> None:
    assert "themis-asi" in Browser(composed.url, "owner").get("/sources/").text


@pytest.mark.services
def test_a_worker_does_what_the_web_process_puts_into_redis(composed: Composed) -> None:
    rows = "".join(f"2031-05-0{day}T00:0{minute},51.05,-114.07\n" for day in (1, 2) for minute in range(10))
    browser = Browser(composed.url, "maintainer")
    upload = browser.post(
        "/sources/103/ephemeris/upload/", {}, file=("two-days.csv", "epoch,lat,lon\n" + rows)
    )
    assert outcome(browser, upload, "checked")["rows"] == {"read": 20, "valid": 20, "with_problems": 0}
    browser.post(f"{upload}send/", {})
    assert outcome(browser, upload, "done")["records"]["verified"] == 20
    assert "Successfully completed" in (composed.folder / "worker.log").read_text()
    number = upload.split("/")[-2]
    assert f"/portal/uploads/{number}/file" in composed.objects
    assert written_in(composed.folder) == set()


def written_in(folder: Path) -> set[str]:
    """What is there beside what the image has, and what the tests log: a read-only image would have refused it."""
    built_at = (folder / "var/static/staticfiles.json").stat().st_mtime  # the last file that was collected
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".log", ".pyc") and path.stat().st_mtime > built_at
    }


def outcome(browser: Browser, upload: str, state: str) -> dict[str, Any]:
    """The receipt of an upload once it is in this state."""
    deadline = time.monotonic() + 120
    while (receipt := browser.get(f"{upload}receipt.json").json())["state"] != state:
        assert time.monotonic() < deadline, receipt
        time.sleep(0.1)
    found: dict[str, Any] = receipt
    return found


@pytest.mark.parametrize("name", SECRETS)
def test_compose_says_which_secret_is_missing(name: str) -> None:
    with pytest.raises(LookupError, match=name):
        compose.read(SECRETS | {name: ""}, {})


def test_compose_and_make_run_start_the_same_commands() -> None:
    lines = (compose.ROOT / "Procfile").read_text().splitlines()
    procfile = {name: command.split() for name, command in (line.split(": ", 1) for line in lines)}
    composed = compose.read(SECRETS, {})
    assert {name: composed[name].command for name in procfile} == procfile


def test_every_variable_of_compose_is_explained_in_the_example() -> None:
    explained = (compose.ROOT / ".env.example").read_text()
    used = {name for service in compose.read(SECRETS, {}).values() for name in service.environment}
    assert [name for name in sorted(used) if name not in explained] == []


def test_nothing_that_stays_is_root_or_writes_to_its_image_or_is_without_limit() -> None:
    services = yaml.safe_load((compose.ROOT / "docker-compose.yml").read_text())["services"]
    for name, service in services.items():
        assert {key: service.get(key) for key in CONFINED} == CONFINED, name
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}, name
        assert ("healthcheck" in service) != (name in ENDS_BY_ITSELF), name
        # Our image and the proxy's name a user themselves.
        assert service.get("user", "") != "root" or name in ENDS_BY_ITSELF, name
        assert "user" in service or "build" in service or "unprivileged" in service["image"], name
