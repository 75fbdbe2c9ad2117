"""What becomes of uploads that are there when the database is migrated."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = "0014_counts_what_is_compared", "0015_reports"
SHOWN: dict[str, Any] = {
    "days": {"2020-01-01": 2},
    "first_records": [{"epoch": "2020-01-01T00:00:00", "metadata": {"state": "“é”"}}],
    "differences": {"fields": {"metadata.state": 1}, "emptying": {}},
    "others": {"sending": {"count": 1, "listed": ["2020-01-01T00:01:00"]}},
    "read_back": [{"epoch": "2020-01-01T00:00:00", "metadata": None}],
}


def migrate(name: str) -> Apps:
    """Take `uploads` to this migration; answers the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate([("uploads", name)])
    return MigrationExecutor(connection).loader.project_state([("uploads", name)]).apps


@pytest.fixture
def _the_latest_afterwards() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_the_latest_afterwards")
def test_what_the_page_shows_moves_to_the_report_and_back() -> None:
    owner = User.objects.create(email="owner@example.org")
    old = migrate(BEFORE).get_model("uploads", "Upload")
    common = {"kind": "ephemeris", "source_identifier": 1, "name": "day.csv", "size": 1, "owner_id": owner.pk}
    full, empty = (old.objects.create(pk=uuid.uuid4(), **common, **shown).pk for shown in (SHOWN, {}))

    reports = migrate(AFTER).get_model("uploads", "UploadReport").objects
    report = reports.get(upload=full)
    assert {name: getattr(report, name) for name in SHOWN} == SHOWN
    assert reports.get(upload=empty).days == {}
    assert reports.count() == 2

    back = migrate(BEFORE).get_model("uploads", "Upload").objects.get(pk=full)
    assert {name: getattr(back, name) for name in SHOWN} == SHOWN
