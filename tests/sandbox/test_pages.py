"""What the sandbox shows to people: its first page and the operator's page; and how it starts and stops."""

import re
from pathlib import Path

import requests

from tests.support.sandbox import SandboxProcess


def test_the_first_page_lists_accounts_passwords_and_keys(sandbox: SandboxProcess) -> None:
    page = requests.get(f"{sandbox.url}/", timeout=30)
    assert page.status_code == 200
    for name in ("admin", "owner", "owner2", "maintainer", "user"):
        for text in (f"{name}@example.org", f"sandbox-{name}", f"sandbox-key-{name}"):
            assert f"<code>{text}</code>" in page.text
    assert f"{sandbox.url}/api/v1" in page.text


def test_the_operator_page_shows_every_switch_with_its_meaning(sandbox: SandboxProcess) -> None:
    page = requests.get(f"{sandbox.url}/sandbox/faults", timeout=30).text
    switches = requests.get(
        f"{sandbox.url}/sandbox/faults", headers={"Accept": "application/json"}, timeout=30
    ).json()
    assert set(re.findall(r'name="(\w+)"', page)) >= set(switches)


def test_the_operator_page_sets_switches(sandbox: SandboxProcess) -> None:
    form = {"maintenance": "True", "latency": "0.01", "errors": ""}
    page = requests.post(f"{sandbox.url}/sandbox/faults", data=form, timeout=30)
    assert page.status_code == 200
    assert "<option selected>True</option>" in page.text
    assert 'value="0.01"' in page.text


def test_the_operator_page_keeps_what_was_typed_and_says_what_is_wrong(sandbox: SandboxProcess) -> None:
    page = requests.post(f"{sandbox.url}/sandbox/faults", data={"latency": "very", "times": "3"}, timeout=30)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert 'value="very"' in page.text
    assert 'value="3"' in page.text


def test_it_prints_its_address_and_accounts_and_stops_cleanly(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path) as sandbox:
        log = sandbox.log
    assert sandbox.url in log
    assert re.search(r"admin@example\.org +sandbox-admin +sandbox-key-admin +Administrator", log)
    assert "Traceback" not in sandbox.log


def test_it_keeps_what_it_holds_when_it_is_started_again(tmp_path: Path) -> None:
    headers = {"x-aurorax-api-key": "sandbox-key-owner"}
    with SandboxProcess(tmp_path) as sandbox:
        requests.patch(
            f"{sandbox.url}/api/v1/data_sources/103",
            json={"display_name": "Kept"},
            headers=headers,
            timeout=30,
        )
    with SandboxProcess(tmp_path) as sandbox:
        kept = requests.get(f"{sandbox.url}/api/v1/data_sources/103", timeout=30).json()
    assert kept["display_name"] == "Kept"


def test_unknown_addresses_and_methods_are_told_as_documents(sandbox: SandboxProcess) -> None:
    missing = requests.get(f"{sandbox.url}/api/v1/data_sources/99999999999", timeout=30)
    assert (missing.status_code, missing.json()["error_code"]) == (404, "NotFound")
    wrong = requests.delete(f"{sandbox.url}/api/v1/data_sources", timeout=30)
    assert wrong.status_code == 405
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "POST"}
