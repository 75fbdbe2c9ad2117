"""Picks the tests that the kind of database can make a difference to: `pytest -p tests.support.database`.

pytest-django lets a test reach the database only through its fixtures or its mark, so those tell.
"""

import pytest

FIXTURES = {"db", "transactional_db", "django_db_setup", "sandbox", "sandbox_process"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what never touches the portal's database or the sandbox's."""
    kept = [item for item in items if touches_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def touches_a_database(item: pytest.Item) -> bool:
    """Whether a test uses a database, directly or through the sandbox, or the real servers."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("services")
    return bool(marked) or not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
