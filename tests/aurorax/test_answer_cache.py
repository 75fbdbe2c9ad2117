"""The list of all data sources is remembered, and what the portal has written is read again."""

import pytest
import responses

from apps.aurorax import AuroraX, AuroraXCredential, answer_cache, directory, errors
from apps.aurorax.answer_cache import MOST
from tests.aurorax.conftest import API

LIST = f"{API}/api/v1/data_sources"
OTHER = AuroraXCredential("api_key", "another-key")


def names(client: AuroraX) -> list[str]:
    return [source.display_name for source in client.sources.directory()]


def answer(api: responses.RequestsMock, *given: str) -> None:
    """From now on the list holds data sources of these names, numbered from 1."""
    rows = [{"identifier": number, "display_name": name} for number, name in enumerate(given, start=1)]
    api.upsert(responses.GET, LIST, json=rows)


def test_the_list_is_asked_for_once(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    assert caller.sources.remembered_directory() is None
    assert names(caller) == ["before"]
    answer(api, "after")
    assert names(caller) == ["before"]
    assert caller.sources.remembered_directory() == caller.sources.directory()
    assert [source.display_name for source in caller.sources.list()] == ["after"]


def test_odd_answers_are_read_as_those_of_whole_records(api: responses.RequestsMock, caller: AuroraX) -> None:
    rows = [
        {"identifier": 2, "program": None, "maintainers": ["a@example.org", None], "metadata": {"a": 1}},
        {"identifier": 1, "maintainers": "b@example.org", "owner": None},
        {"identifier": -1, "display_name": "hidden"},
    ]
    api.get(LIST, json=rows)
    first, second = caller.sources.directory()
    assert (first.identifier, first.maintainers, str(first)) == (1, ("b@example.org",), "data source 1")
    assert (second.program, second.maintainers) == ("", ("a@example.org", ""))
    assert [source.as_data_source().maintainers for source in (first, second)] == [
        source.maintainers for source in caller.sources.list()
    ]


def test_what_one_person_saw_is_never_shown_to_another(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    assert names(AuroraX(OTHER, API)) == ["after"]
    assert names(AuroraX(None, API)) == ["after"]


def test_a_write_is_seen_at_once_by_everybody_and_costs_one_source(
    api: responses.RequestsMock, caller: AuroraX
) -> None:
    answer(api, "one", "two")
    names(caller)
    one = api.get(f"{LIST}/1", json={"identifier": 1, "display_name": "one, renamed"})
    api.patch(f"{LIST}/1", json={})
    AuroraX(OTHER, API).sources.update(1, {"display_name": "one, renamed"})
    asked = one.call_count
    assert names(caller) == names(caller) == ["one, renamed", "two"]
    assert one.call_count == asked + 1


def test_what_is_created_or_deleted_is_too(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "one", "two")
    names(caller)
    api.delete(f"{LIST}/1", json={})
    api.get(f"{LIST}/1", status=404, json={"error_code": "NotFound", "error_message": "gone"})
    api.post(LIST, json={"identifier": 3, "display_name": "three"})
    api.get(f"{LIST}/3", json={"identifier": 3, "display_name": "three"})
    caller.sources.delete(1)
    caller.sources.create({"display_name": "three"})
    assert names(caller) == ["two", "three"]


def test_many_writes_ask_for_the_list_again(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    api.delete(f"{LIST}/1", json={})
    for _ in range(MOST + 1):
        caller.sources.delete(1)
    assert names(caller) == ["after"]


def test_a_write_without_an_answer_counts_as_one(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    api.post(LIST, status=500)
    with pytest.raises(errors.AuroraXError):
        caller.sources.create({"display_name": "perhaps"})
    assert names(caller) == ["after"]


def test_nothing_is_remembered_for_long(
    api: responses.RequestsMock, caller: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "SECONDS", 0)
    answer(api, "before")
    names(caller)
    answer(api, "after")
    assert names(caller) == ["after"]


def test_what_went_wrong_is_not_remembered(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(LIST, status=403)
    with pytest.raises(errors.AuroraXError):
        names(caller)
    answer(api, "after")
    assert names(caller) == ["after"]


def test_a_part_of_a_page_takes_the_record_as_the_page_has_read_it(
    api: responses.RequestsMock, caller: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.patch(f"{LIST}/1", json={})
    one = api.get(f"{LIST}/1", json={"identifier": 1, "display_name": "one"})
    assert caller.sources.get(1) == caller.sources.just_read(1)
    assert one.call_count == 1
    caller.sources.just_read(1, include_stats=True)
    caller.sources.just_read(1)
    assert one.call_count == 2
    caller.sources.get(1)
    assert one.call_count == 3  # a page itself always asks
    caller.sources.update(1, {"display_name": "renamed"})
    after = one.call_count
    caller.sources.just_read(1)
    assert one.call_count == after  # an update reads it again itself
    answer_cache.WriteLog(API).note(1)
    caller.sources.just_read(1)
    assert one.call_count == after + 1
