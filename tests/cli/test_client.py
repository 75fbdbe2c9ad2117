"""Asking a portal that stumbles."""

import io
from pathlib import Path

import pytest
import requests
import responses

from aurorax_portal.client import Client, Refusal
from aurorax_portal.exits import REFUSED, UNAVAILABLE, Ended
from aurorax_portal.progress import Progress
from aurorax_portal.settings import Settings

pytestmark = pytest.mark.any_database

URL = "https://portal.example.org"
NETRC = "machine portal.example.org login somebody password secret\n"


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(pauses: list[float]) -> Client:
    return Client(Settings(URL, "axp_token"), patience=100, sleep=pauses.append)


def problem(slug: str, **more: object) -> dict[str, object]:
    return {"type": f"urn:aurorax-portal:problem:{slug}", "detail": "what to do", **more}


@responses.activate
def test_it_asks_again_where_there_is_no_answer(client: Client, pauses: list[float]) -> None:
    responses.get(f"{URL}/api/token", body=requests.ConnectionError("gone"))
    responses.get(f"{URL}/api/token", status=503, json=problem("unavailable"), headers={"Retry-After": "7"})
    responses.get(f"{URL}/api/token", status=502, body="<html>proxy</html>")
    responses.get(f"{URL}/api/token", json={"name": "weekly"})
    assert client.get("token") == {"name": "weekly"}
    assert pauses == [1.0, 7.0, 4.0]


@responses.activate
def test_patience_ends(pauses: list[float]) -> None:
    impatient = Client(Settings(URL, "axp_token"), patience=0, sleep=pauses.append)
    responses.get(f"{URL}/api/token", body=requests.ConnectionError("gone"))
    with pytest.raises(Ended, match="does not answer") as ended:
        impatient.get("token")
    assert (ended.value.code, pauses) == (UNAVAILABLE, [])


@responses.activate
def test_a_refusal_is_not_asked_again(client: Client, pauses: list[float]) -> None:
    responses.get(f"{URL}/api/token", status=401, json=problem("token"))
    with pytest.raises(Refusal) as refused:
        client.get("token")
    assert (refused.value.slug, refused.value.detail, pauses) == ("token", "what to do", [])


@responses.activate
def test_a_file_that_another_request_is_at_is_waited_for(client: Client, pauses: list[float]) -> None:
    responses.post(
        f"{URL}/api/files/1/upload", status=409, json=problem("busy"), headers={"Retry-After": "2"}
    )
    responses.post(f"{URL}/api/files/1/upload", json={"upload": None})
    assert client.post("files/1/upload") == {"upload": None}
    assert pauses == [2.0]


@responses.activate
def test_a_token_is_not_taken_along_to_another_address(client: Client) -> None:
    responses.get(f"{URL}/api/token", status=302, headers={"Location": "https://elsewhere.example.org/"})
    with pytest.raises(Ended, match="elsewhere") as ended:
        client.get("token")
    assert (ended.value.code, len(responses.calls)) == (REFUSED, 1)


@responses.activate
def test_what_netrc_has_does_not_take_the_place_of_the_token(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text(NETRC)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    responses.get(f"{URL}/api/token", json={})
    client.get("token")
    assert responses.calls[0].request.headers["Authorization"] == "Bearer axp_token"


@responses.activate
def test_something_else_than_the_portal_is_said(client: Client) -> None:
    responses.get(f"{URL}/api/token", body="<html>a hotel's network</html>")
    with pytest.raises(Ended, match="Something other"):
        client.get("token")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_and_plain_lines_elsewhere() -> None:
    terminal, mail = Terminal(), io.StringIO()
    for stream in (terminal, mail):
        progress = Progress(stream=stream)
        progress.step("Sending")
        progress.at(5, 10, "records")
        progress.step("Verified")
        progress.step("Verified")
    assert "50% of 10 records" in terminal.getvalue()
    assert mail.getvalue() == "Sending\nVerified\n"
