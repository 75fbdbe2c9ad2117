"""Picks the tests that the kind of database can make a difference to: `pytest -p tests.support.database`.

pytest-django lets a test reach the portal's database only through its fixtures or its mark, so those tell. The sandbox's
own database is tried by the sandbox's own tests; a module whose subject is the reading of a file or the drawing of a page
is marked `any_database`.
"""

from pathlib import Path

import pytest

PORTAL = {"db", "transactional_db", "django_db_setup"}
SANDBOX = {"sandbox", "sandbox_process"}
ELSEWHERE = {"browser", "test_pyaurorax.py"}  # all of it is left out by its mark, and takes seconds to load


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Do not load what brings a browser or PyAuroraX along."""
    return collection_path.name in ELSEWHERE or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has nothing to ask a database that another kind would answer differently."""
    kept = [item for item in items if depends_on_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def depends_on_the_database(item: pytest.Item) -> bool:
    """Whether a test is about what a database keeps: the portal's, or in the sandbox's own tests the sandbox's."""
    if item.get_closest_marker("any_database"):
        return False
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("services")
    fixtures = PORTAL | SANDBOX if item.nodeid.startswith("tests/sandbox/") else PORTAL
    return bool(marked) or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))
