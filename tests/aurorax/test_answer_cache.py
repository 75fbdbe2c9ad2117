"""Lists that are remembered for a moment."""

import pytest
import responses

from apps.aurorax import AuroraX, AuroraXCredential, answer_cache, errors
from tests.aurorax.conftest import API

LIST = f"{API}/api/v1/data_sources"


def names(client: AuroraX, **filters: str) -> list[str]:
    return [source.display_name for source in client.sources.list(remembered=True, **filters)]  # type: ignore[arg-type]


def answer(api: responses.RequestsMock, name: str) -> None:
    """From now on the list holds one data source of this name."""
    api.upsert(responses.GET, LIST, json=[{"identifier": 1, "display_name": name}])


def test_the_same_question_is_asked_once(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    assert names(caller) == ["before"]
    answer(api, "after")
    assert names(caller) == ["before"]
    assert [source.display_name for source in caller.sources.list()] == ["after"]


def test_other_filters_are_another_question(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    assert names(caller, program="trex") == ["after"]


def test_what_one_person_saw_is_never_shown_to_another(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    assert names(AuroraX(AuroraXCredential("api_key", "another-key"), API)) == ["after"]
    assert names(AuroraX(None, API)) == ["after"]


def test_a_write_is_seen_at_once_by_everybody(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    api.delete(f"{LIST}/1", json={})
    AuroraX(AuroraXCredential("api_key", "another-key"), API).sources.delete(1)
    assert names(caller) == ["after"]


def test_a_write_without_an_answer_counts_as_one(api: responses.RequestsMock, caller: AuroraX) -> None:
    answer(api, "before")
    names(caller)
    answer(api, "after")
    api.delete(f"{LIST}/1", status=500)
    with pytest.raises(errors.AuroraXError):
        caller.sources.delete(1)
    assert names(caller) == ["after"]


def test_nothing_is_remembered_for_long(
    api: responses.RequestsMock, caller: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_cache, "SECONDS", 0)
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
