"""What only Administrators ask, at the client's edge."""

from datetime import UTC, datetime

import pytest
import responses

from apps.aurorax import AuroraX
from tests.aurorax.asked import query_of
from tests.aurorax.conftest import API

SEARCHES = f"{API}/api/v1/utils/admin/search_requests"


def test_accounts_are_listed_by_role(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(f"{API}/api/v1/accounts", json=[{"email_address": "owner@example.org", "role": "Owner"}])
    assert [account.email_address for account in caller.accounts.list(role="Owner")] == ["owner@example.org"]
    caller.accounts.list()
    assert [query_of(api, 0), query_of(api, 1)] == [{"role": "Owner"}, {}]


def test_every_filter_reaches_aurorax_under_its_own_name(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.get(SEARCHES, json=[{"request_id": "a", "search_type": "ephemeris"}])
    (found,) = caller.searches.list(
        active=False,
        search_type="ephemeris",
        start=datetime(2024, 11, 1, tzinfo=UTC),
        end=datetime(2024, 11, 2, tzinfo=UTC),
        file_size=10,
        result_count=0,
        query_duration=200,
        error_condition=True,
    )
    assert found.request_id == "a"
    assert query_of(api) == {
        "active": "false",
        "search_type": "ephemeris",
        "start": "2024-11-01T00:00:00",
        "end": "2024-11-02T00:00:00",
        "file_size": "10",
        "result_count": "0",
        "query_duration": "200",
        "error_condition": "true",
    }


def test_a_search_request_is_deleted(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.delete(f"{SEARCHES}/8f2a-6f0e", body="")
    caller.searches.delete("8f2a-6f0e")
    assert len(api.calls) == 1


@pytest.mark.parametrize("request_id", ["", "../accounts", "a/b", "a?b", "a b"])
def test_what_is_no_request_id_is_not_put_into_an_address(caller: AuroraX, request_id: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        caller.searches.delete(request_id)
