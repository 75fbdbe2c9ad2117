"""What every kind of answer becomes: one error, in words for a person."""

from typing import Any

import pytest
import responses

from apps.aurorax import AuroraX, errors
from tests.aurorax.conftest import API

LIST = f"{API}/api/v1/data_sources"
ONE = f"{LIST}/103"
NGINX = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>"
MAINTENANCE = "The API is in MAINTENANCE mode. This endpoint is currently offline."


def document(code: str, message: str) -> dict[str, str]:
    return {"error_code": code, "error_message": message}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, document("AssertionError", "start is not a date"), errors.InvalidRequest),
        (400, {"message": "start is not a date"}, errors.InvalidRequest),
        (400, "", errors.InvalidRequest),
        (400, NGINX, errors.InvalidRequest),
        (401, document("NotAuthenticated", "Unauthorized. Please authenticate."), errors.NotSignedIn),
        (401, NGINX, errors.NotSignedIn),
        (403, document("NotPermitted", "Only an Administrator may."), errors.NotPermitted),
        (403, "", errors.NotPermitted),
        (404, document("NotFound", "No Data Source record found"), errors.NotFound),
        (404, NGINX, errors.UnreadableAnswer),
        (404, {"detail": "some other application"}, errors.UnreadableAnswer),
        (405, "", errors.InvalidRequest),
        (408, "", errors.Unreachable),
        (409, document("Conflict", "existing data"), errors.Conflict),
        (413, NGINX, errors.InvalidRequest),
        (418, "", errors.InvalidRequest),
        (429, document("ToManyRequests", "slow down"), errors.TooManyRequests),
        (429, "", errors.TooManyRequests),
        (400, document("ToManyRequests", "slow down"), errors.TooManyRequests),
        (500, "Internal Server Error", errors.ServerError),
        (500, document("ApplicationError", "oh"), errors.ServerError),
        (502, NGINX, errors.ServerError),
        (503, document("Unavailable", MAINTENANCE), errors.Maintenance),
        (503, document("Unavailable", "Slow mode is currently not available."), errors.Maintenance),
        (503, document("Unavailable", "No database."), errors.ServerError),
        (503, NGINX, errors.ServerError),
        (504, NGINX, errors.ServerError),
        (599, "", errors.ServerError),
        (301, "", errors.UnreadableAnswer),
        (304, "", errors.UnreadableAnswer),
    ],
)
def test_every_bad_answer_is_one_error(
    api: responses.RequestsMock, caller: AuroraX, status: int, body: Any, kind: type[errors.AuroraXError]
) -> None:
    content = {"body": body} if isinstance(body, str) else {"json": body}
    api.get(ONE, status=status, **content)
    with pytest.raises(errors.AuroraXError) as caught:
        caller.sources.get(103)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert "<html>" not in caught.value.message


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", "application/json"),
        ('{"identifier": 103, "progr', "application/json"),
        (NGINX, "text/html"),
        ("OK", "text/plain"),
        (b"\xff\xfe\x00", "application/json"),
        ("[]", "application/json"),
        ("null", "application/json"),
        ('{"identifier": "many"}', "application/json"),
        ('{"program": "trex"}', "application/json"),
        ('{"identifier": 103, "maintainers": 7}', "application/json"),
        ('{"identifier": 103, "ephemeris_metadata_schema": ["state"]}', "application/json"),
    ],
)
def test_a_success_that_cannot_be_read_is_an_error_too(
    api: responses.RequestsMock, caller: AuroraX, body: str | bytes, content_type: str
) -> None:
    api.get(ONE, body=body, content_type=content_type)
    with pytest.raises(errors.UnreadableAnswer):
        caller.sources.get(103)


@pytest.mark.parametrize("body", ['{"result": 7}', "[1, 2]", "{}", '"text"'])
def test_a_list_that_is_none_is_an_error_too(api: responses.RequestsMock, caller: AuroraX, body: str) -> None:
    api.get(LIST, body=body, content_type="application/json")
    with pytest.raises(errors.UnreadableAnswer):
        caller.sources.list()


@pytest.mark.parametrize("charset", ["", ";charset=utf-8", "; charset=UTF-8"])
def test_the_content_type_may_name_a_charset(
    api: responses.RequestsMock, caller: AuroraX, charset: str
) -> None:
    api.get(LIST, body="[]", content_type="application/json" + charset)
    assert caller.sources.list() == []


@pytest.mark.parametrize("key", ["error_message", "message"])
def test_messages_are_read_from_a_list_one_for_each_row(
    api: responses.RequestsMock, caller: AuroraX, key: str
) -> None:
    api.post(f"{ONE}/ephemeris", status=400, json=[{key: "row 1: no epoch"}, {key: "row 7: no epoch"}])
    with pytest.raises(errors.InvalidRequest) as caught:
        caller.ephemeris.upload(103, b"[]")
    assert caught.value.rows == ("row 1: no epoch", "row 7: no epoch")
    assert "row 7" in caught.value.message


def test_aurorax_is_quoted(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.delete(ONE, status=409, json=document("Conflict", "There is existing data, remove it first"))
    with pytest.raises(errors.Conflict) as caught:
        caller.sources.delete(103)
    assert caught.value.message.endswith("AuroraX says: There is existing data, remove it first")
    assert caught.value.code == "Conflict"


def test_an_endless_message_is_cut(api: responses.RequestsMock, caller: AuroraX) -> None:
    api.get(ONE, status=400, json=document("Other", "x" * 100_000))
    with pytest.raises(errors.InvalidRequest) as caught:
        caller.sources.get(103)
    assert len(caught.value.message) < 1000
