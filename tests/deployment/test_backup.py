"""The commands of docs/operations.md that back up and restore, on a real PostgreSQL."""

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.models import Event
from tests.support.compose import ROOT
from tests.support.services import postgres_programs


def commands(name: str) -> str:
    """The block of the document that is called so."""
    found = re.search(rf"```sh {name}\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)
    assert found
    return found[1]


def run(name: str, **variables: str) -> None:
    """Run the block as somebody would type it, with these variables."""
    programs = f"{Path(sys.executable).parent}:{postgres_programs()}:{os.environ['PATH']}"
    environment = {**os.environ, **variables, "PATH": programs}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(
        ["bash", "-euc", commands(name)], cwd=ROOT, env=environment, check=True, capture_output=True
    )


@pytest.fixture
def server() -> str:
    """The address of the server that the tests use, up to its databases."""
    return os.environ["DATABASE_URL"].rpartition("/")[0]


@pytest.fixture
def empty_database(server: str, worker_id: str) -> Iterator[str]:
    """An empty database to restore into."""
    name = sql.Identifier(f"restored_{worker_id}")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield f"{server}/restored_{worker_id}"
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.mark.services
@pytest.mark.usefixtures("transactional_db")
def test_what_was_backed_up_is_there_after_a_restore_elsewhere(
    tmp_path: Path, server: str, empty_database: str, settings: Settings
) -> None:
    files, elsewhere = tmp_path / "files", tmp_path / "elsewhere"
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": files}}
    settings.STORAGES = settings.STORAGES | {"default": local}
    person = User.objects.create(email="owner@example.org")
    Event.objects.create(actor=person.email, actor_role="owner", action="x", outcome="done", summary="Did it")
    record = {"epoch": "2031-01-01T00:00:00"}
    snapshots.take(by=person, kind="ephemeris", source_identifier=103, records=[record])
    run(
        "backup",
        BACKUP=str(tmp_path),
        DATABASE_URL=f"{server}/{connection.settings_dict['NAME']}",
        MEDIA_ROOT=str(files),
    )
    run("restore", BACKUP=str(tmp_path), DATABASE_URL=empty_database, MEDIA_ROOT=str(elsewhere))
    with psycopg.connect(empty_database) as restored:
        query = "SELECT summary, file FROM activity_event, activity_snapshot, accounts_user"
        summary, file = restored.execute(query).fetchall()[0]
    assert summary == "Did it"
    assert gzip.decompress((elsewhere / file).read_bytes()).decode() == '{"epoch":"2031-01-01T00:00:00"}\n'
