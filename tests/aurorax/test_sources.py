"""Data sources, at the client's edge."""

from typing import Any

import pytest
import requests
import responses

from apps.aurorax import AuroraX, errors
from tests.aurorax.asked import query_of, sent
from tests.aurorax.conftest import API
from tests.aurorax.test_records import FULL_RECORD

LIST = f"{API}/api/v1/data_sources"
ONE = f"{LIST}/103"


def test_sources_come_by_identifier_without_the_hidden_ones(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.get(LIST, json=[{"identifier": 37}, {"identifier": -1}, {"identifier": 3}])
    assert [source.identifier for source in caller.sources.list()] == [3, 37]


def test_full_records_are_asked_for_and_nothing_else(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(LIST, json=[])
    caller.sources.list()
    assert query_of(api) == {"format": "full_record"}


def test_filters_are_sent_as_they_are_named(api: responses.RequestsMock, caller: AuroraX) -> None:
    filters: dict[str, Any] = {
        "program": "unis/kho",
        "platform": "fort smith",
        "instrument_type": "near-infrared ASI",
        "source_type": "ground",
        "owner": "owner@example.org",
    }
    api.get(LIST, json=[])
    caller.sources.list(**filters, record_format="basic_info", include_stats=True)
    assert query_of(api) == filters | {"format": "basic_info", "include_stats": "true"}


def test_one_source_is_read_as_a_full_record(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(ONE, json=FULL_RECORD | {"stats": {"ephemeris_count": 7}})
    source = caller.sources.get(103, include_stats=True)
    assert source.to_api() == FULL_RECORD
    assert source.stats is not None
    assert source.stats.ephemeris_count == 7
    assert query_of(api) == {"format": "full_record", "include_stats": "true"}


def test_a_created_source_is_answered_as_aurorax_keeps_it(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.post(LIST, json=FULL_RECORD)
    fields = {"program": "trex", "metadata": None}
    assert caller.sources.create(fields).owner == "owner@example.org"
    assert sent(api, 0) == fields


def test_only_changes_are_sent_and_the_record_is_read_again(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.patch(ONE, json={"identifier": 103})
    api.get(ONE, json=FULL_RECORD)
    assert caller.sources.update(103, {"maintainers": [], "metadata": {}}).to_api() == FULL_RECORD
    assert sent(api, 0) == {"maintainers": [], "metadata": {}}


@pytest.mark.parametrize("changes", [{"owner": None}, {"identifier": 9}, {"program": "p", "metadata": None}])
def test_a_change_that_aurorax_would_leave_alone_is_not_sent(
    caller: AuroraX, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        caller.sources.update(103, changes)


def test_no_changes_send_no_change(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(ONE, json=FULL_RECORD)
    assert caller.sources.update(103, {}).identifier == 103


def test_a_change_that_worked_is_no_error_when_reading_again_fails(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.patch(ONE, json=FULL_RECORD)
    api.get(ONE, body=requests.ConnectionError("gone"))
    assert caller.sources.update(103, {"program": "trex"}).to_api() == FULL_RECORD


def test_a_change_whose_answer_is_lost_is_sent_again(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.patch(ONE, body=requests.ReadTimeout("no answer"))
    api.patch(ONE, json=FULL_RECORD)
    api.get(ONE, json=FULL_RECORD)
    assert caller.sources.update(103, {"program": "trex"}).identifier == 103


def test_a_replacement_carries_the_identifier(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.put(ONE, json=FULL_RECORD)
    api.get(ONE, json=FULL_RECORD)
    caller.sources.replace(103, {"program": "trex", "owner": None})
    assert sent(api, 0) == {"identifier": 103, "program": "trex", "owner": None}


def test_a_delete_needs_no_body(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.delete(ONE, status=200, body="")
    caller.sources.delete(103)
    assert api.calls[0].request.body is None


def test_a_delete_that_may_be_done_says_so(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.delete(ONE, status=502, body="")
    with pytest.raises(errors.ServerError, match="look before you try again"):
        caller.sources.delete(103)


def test_a_create_that_may_be_done_and_cannot_be_looked_up_says_so(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.post(LIST, status=502, body="")
    api.get(LIST, status=502, body="")
    with pytest.raises(errors.ServerError, match="look before you try again"):
        caller.sources.create({"program": "p", "platform": "q", "instrument_type": "r"})


def test_a_create_without_a_key_that_may_be_done_is_not_looked_up(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    api.post(LIST, status=500, body="")
    with pytest.raises(errors.ServerError):
        caller.sources.create({"program": "p"})
