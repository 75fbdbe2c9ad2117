"""What can be done with selected ephemeris records: AuroraX deletes by range only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.deletions.models import Deletion
from apps.ephemeris.runs import Run, runs_of
from tests.conftest import NewSource
from tests.ephemeris.conftest import DAY, Fill


@pytest.mark.parametrize(
    ("selected", "runs"),
    [
        ("", []),
        ("c", [Run("c", "c", 1)]),
        ("abcde", [Run("a", "e", 5)]),
        ("abd", [Run("a", "b", 2), Run("d", "d", 1)]),
        ("eca", [Run("a", "a", 1), Run("c", "c", 1), Run("e", "e", 1)]),
        ("xb", [Run("b", "b", 1)]),  # one that is no longer there
    ],
)
def test_runs_hold_nothing_that_is_not_selected(selected: str, runs: list[Run]) -> None:
    assert runs_of("abcde", selected) == runs


@pytest.fixture
def source(new_source: NewSource, fill: Fill) -> DataSource:
    """Records at 00:00 to 00:04 and, after a gap, at 06:00 to 06:04."""
    source = new_source(maintainers=["maintainer@example.org"])
    fill(source, 5)
    fill(source, 5, DAY + timedelta(hours=6))
    return source


def delete(client: Client, source: DataSource, *times: str) -> str:
    """Tick the records at these times of the day and press the button; answers the page that comes."""
    address = reverse("ephemeris-selection-delete", args=[source.identifier])
    keys = [f"2020-01-01T{time}:00" for time in times]
    answer = client.post(f"{address}?day=2020-01-01", {"shown": " ".join(keys), "ticked": keys}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_unbroken_run_is_handed_over_as_its_range(
    as_maintainer: Client, source: DataSource, aurorax: AuroraX
) -> None:
    page = delete(as_maintainer, source, "00:03", "00:04", "06:00")  # nothing lies in the gap
    deletion = Deletion.objects.get()
    assert (deletion.start, deletion.end, deletion.count) == (
        DAY + timedelta(minutes=3),
        DAY + timedelta(hours=6),
        3,
    )
    assert "Type 3 to say that you mean all of them." in page
    assert len(list(aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1)))) == 10


def test_several_runs_are_named_and_none_is_begun(as_maintainer: Client, source: DataSource) -> None:
    page = delete(as_maintainer, source, "00:01", "00:02", "06:04")
    assert not Deletion.objects.exists()
    assert "3 records in 2 ranges" in page
    address = reverse("ephemeris-delete", args=[source.identifier])
    for start, end in (("00:01", "00:02"), ("06:04", "06:04")):
        assert f"{address}?start=2020-01-01T{start}:00&amp;end=2020-01-01T{end}:00" in page
