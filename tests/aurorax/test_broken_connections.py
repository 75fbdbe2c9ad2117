"""Real sockets that break: before, during and after the answer."""

import socket

import pytest

from apps.aurorax import AuroraX, errors
from tests.aurorax.misbehaving import answer, misbehaving

EMPTY_LIST = answer(b"[]")
GONE = answer(b'{"error_code": "NotFound", "error_message": "No record"}', head="404 Not Found")
FIELDS = {
    "program": "p",
    "platform": "q",
    "instrument_type": "r",
    "source_type": "ground",
    "display_name": "s",
}
CREATED = b'[{"identifier": 9, "program": "p", "platform": "q", "instrument_type": "r", "source_type": "ground", "display_name": "s"}]'


def test_a_connection_closed_without_an_answer_is_tried_again() -> None:
    with misbehaving(b"", EMPTY_LIST) as server:
        assert AuroraX(base_url=server.url).sources.list() == []


def test_an_answer_cut_off_half_way_is_tried_again() -> None:
    with misbehaving(answer(b'[{"identifier"', length=500), EMPTY_LIST) as server:
        assert AuroraX(base_url=server.url).sources.list() == []


def test_a_status_line_that_is_none_is_tried_again() -> None:
    with misbehaving(b"SSH-2.0-OpenSSH_9.6\r\n", EMPTY_LIST) as server:
        assert AuroraX(base_url=server.url).sources.list() == []


def test_a_broken_chunked_answer_is_tried_again() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{"
    with misbehaving(chunked, EMPTY_LIST) as server:
        assert AuroraX(base_url=server.url).sources.list() == []


def test_an_answer_that_claims_to_be_compressed_is_an_error() -> None:
    lie = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
    with misbehaving(lie, lie, lie, lie) as server, pytest.raises(errors.Unreachable):
        AuroraX(base_url=server.url).sources.list()


def test_a_create_whose_answer_is_lost_is_never_sent_twice() -> None:
    with misbehaving(b"", EMPTY_LIST) as server, pytest.raises(errors.Unreachable) as caught:
        AuroraX(base_url=server.url).sources.create(FIELDS)
    assert [request.split()[0] for request in server.requests] == [b"POST", b"GET"]
    assert caught.value.outcome_unknown
    assert "look before you try again" in caught.value.message


def test_a_create_whose_answer_is_lost_is_recognised_when_it_is_there() -> None:
    with misbehaving(b"", answer(CREATED)) as server:
        assert AuroraX(base_url=server.url).sources.create(FIELDS).identifier == 9


def test_a_create_whose_answer_is_damaged_is_recognised_when_it_is_there() -> None:
    with misbehaving(answer(b'{"identi'), answer(CREATED)) as server:
        assert AuroraX(base_url=server.url).sources.create(FIELDS).identifier == 9


def test_somebody_elses_source_is_not_taken_for_the_lost_one() -> None:
    with misbehaving(b"", answer(CREATED)) as server, pytest.raises(errors.Unreachable):
        AuroraX(base_url=server.url).sources.create(FIELDS | {"display_name": "another"})


def test_a_delete_whose_answer_is_lost_is_done_when_the_source_is_gone() -> None:
    with misbehaving(b"", GONE) as server:
        AuroraX(base_url=server.url).sources.delete(9)
    assert [request.split()[0] for request in server.requests] == [b"DELETE", b"DELETE"]


def test_a_delete_of_what_was_never_there_is_told() -> None:
    with misbehaving(GONE) as server, pytest.raises(errors.NotFound):
        AuroraX(base_url=server.url).sources.delete(9)


def test_a_port_nobody_listens_on_is_certainly_not_done() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(errors.Unreachable) as caught:
            AuroraX(base_url=url).sources.create(FIELDS)
    assert not caught.value.outcome_unknown


def test_an_address_that_is_redirected_in_a_write_is_not_followed() -> None:
    moved = answer(b"", head="307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/")
    with misbehaving(moved, moved, moved, moved) as server, pytest.raises(errors.UnreadableAnswer) as caught:
        AuroraX(base_url=server.url).ephemeris.upload(9, b"[]")
    assert not caught.value.outcome_unknown
