"""The search requests page."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource

DAY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def searched(aurorax: AuroraX, new_source: NewSource) -> DataSource:
    """Somebody has searched three days of a source, which AuroraX does by a search request."""
    source = new_source()
    list(aurorax.ephemeris.search(source, DAY, DAY.replace(day=4)))
    return source


def requests_of(aurorax: AuroraX) -> list[str]:
    return [request.request_id for request in aurorax.searches.list()]


def test_an_administrator_sees_what_was_searched_for(as_admin: Client, searched: DataSource) -> None:
    page = as_admin.get(reverse("search-list")).content.decode()
    assert ("ephemeris" in page, "finished" in page) == (True, True)


def test_the_filter_is_handed_on_to_aurorax(as_admin: Client, searched: DataSource) -> None:
    page = as_admin.get(reverse("search-list"), {"search_type": "data_product"}).content.decode()
    assert "No search matches" in page


def test_a_time_that_is_none_is_told(as_admin: Client) -> None:
    answer = as_admin.get(reverse("search-list"), {"start": "yesterday"})
    assert (answer.status_code, "Write a time as 2020" in answer.content.decode()) == (422, True)


def test_deleting_one_removes_it_and_leaves_an_event(
    as_admin: Client, searched: DataSource, aurorax: AuroraX
) -> None:
    [request_id] = requests_of(aurorax)
    answer = as_admin.post(reverse("search-delete", args=[request_id]), follow=True)
    assert f"The search request {request_id} is deleted." in answer.content.decode()
    assert requests_of(aurorax) == []
    assert Event.objects.get().summary == f"Deleted the search request {request_id}"


def test_one_that_is_gone_already_is_told_and_nothing_breaks(as_admin: Client, searched: DataSource) -> None:
    answer = as_admin.post(reverse("search-delete", args=["00000000-0000-4000-8000-000000000000"]))
    assert answer.status_code < 500


def test_owners_neither_see_nor_delete_searches(
    as_owner: Client, searched: DataSource, aurorax: AuroraX
) -> None:
    [request_id] = requests_of(aurorax)
    assert as_owner.get(reverse("search-list")).status_code == 403
    assert as_owner.post(reverse("search-delete", args=[request_id])).status_code == 403
    assert requests_of(aurorax) == [request_id]
