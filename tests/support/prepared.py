"""What many processes of one run of the tests need, made by the first that asks: a migrated database, static files.

pytest names the folder of a run in the environment, which its workers inherit; whoever runs a stack without pytest has it
made in a folder of its own.

Asserts nothing and is imported before pytest loads it as a plugin: PYTEST_DONT_REWRITE
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "TESTS_PREPARED"
TEMPLATE = "portal_template"


def pytest_configure(config: pytest.Config) -> None:
    """A folder for the run, made where it is not made yet: workers come later."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="portal-tests-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(FOLDER)))


def static_files(otherwise: Path) -> Path:
    """Collected, for reading only."""
    return _once(
        "static", otherwise, lambda path: _manage("collectstatic", "--noinput", STATIC_ROOT=str(path))
    )


def migrated_database(otherwise: Path) -> Path:
    """A SQLite database with every migration applied, to be copied."""
    return _once("migrated.sqlite3", otherwise, _migrate)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The database of the tests begins as a copy of a migrated one, so that `migrate` finds nothing to do."""
    from django.db import connection  # noqa: PLC0415 - a plugin is loaded before the settings are

    begin = _copy_in_memory if connection.vendor == "sqlite" else _template
    with begin(connection, tmp_path_factory.getbasetemp()):
        yield


@contextmanager
def _copy_in_memory(connection: "BaseDatabaseWrapper", folder: Path) -> Iterator[None]:
    """It is there for as long as somebody is connected to it."""
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with (
        closing(sqlite3.connect(migrated_database(folder))) as migrated,
        closing(sqlite3.connect(name, uri=True, check_same_thread=False)) as copy,
    ):
        migrated.backup(copy)
        yield


@contextmanager
def _template(connection: "BaseDatabaseWrapper", folder: Path) -> Iterator[None]:
    """PostgreSQL copies by itself."""
    _once("template", folder, _make_template)
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
    yield


def _make_template(done: Path) -> None:
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    _manage("migrate", DATABASE_URL=f"{server}/{TEMPLATE}")
    done.touch()


def _migrate(path: Path) -> None:
    _manage("migrate", DATABASE_URL=f"sqlite:///{path}")


def _manage(*command: str, **variables: str) -> None:
    """A command of the portal, with its own settings."""
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | variables
    subprocess.run([sys.executable, "manage.py", *command, "--verbosity=0"], cwd=ROOT, env=env, check=True)


def _once(name: str, otherwise: Path, make: Callable[[Path], None]) -> Path:
    """Whoever comes second waits until it is whole."""
    folder = Path(os.environ.get(FOLDER, otherwise))
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            make(folder / f"unfinished-{name}")
            (folder / f"unfinished-{name}").rename(folder / name)
    return folder / name
