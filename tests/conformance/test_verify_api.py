"""`manage.py verify_api`, run against the sandbox."""

import re
from io import StringIO
from typing import Any

import pytest
import requests
import responses
from django.core.management import CommandError, call_command

from apps.aurorax import AuroraX, AuroraXCredential, EphemerisRecord
from apps.aurorax.transport import Transport
from apps.conformance import BEHAVIOURS, BehaviourResult, Need, Server, Verdict
from apps.conformance import verify as verify_behaviours
from apps.conformance.reading_records import accepted
from apps.conformance.scratch import FIELDS, PROGRAM, START, NotCleanedUp, scratch_source
from apps.conformance.writing_numbers import changed
from tests.aurorax.conftest import API
from tests.support.sandbox import SandboxProcess

READING = ("/search", "/search_synchronous", "/data", "/utils/describe/query/ephemeris")


@pytest.fixture
def admin(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> AuroraX:
    """An Administrator, whose key verify_api finds in the environment."""
    monkeypatch.setenv("AURORAX_API_KEY", "sandbox-key-admin")
    return AuroraX(AuroraXCredential("api_key", "sandbox-key-admin"), sandbox.url)


def verify(sandbox: SandboxProcess, *options: str) -> str:
    """What the command prints. Raises CommandError when something differs."""
    out = StringIO()
    try:
        call_command(
            "verify_api", "--url", sandbox.url, "--patience", "5", *options, stdout=out, no_color=True
        )
    except CommandError as error:
        raise CommandError(f"{error}\n{out.getvalue()}") from None
    return out.getvalue()


def lines(printed: str, verdict: str) -> list[str]:
    return [
        line.removeprefix(verdict).strip() for line in printed.splitlines() if line.startswith(f"{verdict} ")
    ]


def test_the_sandbox_does_everything_the_portal_relies_on(sandbox: SandboxProcess, admin: AuroraX) -> None:
    printed = verify(sandbox, "--write")
    stated = [each.message for each in BEHAVIOURS if not each.is_question]
    assert lines(printed, "agrees") == stated
    assert lines(printed, "not tried") == ["What does a 403 say?"]


def test_everything_written_is_cleaned_up(sandbox: SandboxProcess, admin: AuroraX) -> None:
    before = admin.sources.list(include_stats=True)
    verify(sandbox, "--write")
    assert admin.sources.list(include_stats=True) == before


def test_what_is_taken_in_late_is_cleaned_up_too(sandbox: SandboxProcess, admin: AuroraX) -> None:
    before = admin.sources.list(include_stats=True)
    with (
        sandbox.switched(ingest_delay=0.5),
        scratch_source(Server(sandbox.url, admin._transport.credential)) as made,
    ):
        admin.ephemeris.upload(made.identifier, [EphemerisRecord(START)], source=made)
    assert admin.sources.list(include_stats=True) == before


def test_an_owners_key_is_enough(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURORAX_API_KEY", "sandbox-key-owner")
    printed = verify(sandbox, "--write")
    assert lines(printed, "not tried") == ["How long do result files live?"]
    assert "Only an Administrator may list search requests." in printed


def test_reading_only_sends_nothing_that_writes(
    sandbox: SandboxProcess, admin: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    ask = Transport.ask

    def listen(self: Transport, method: str, path: str, *rest: Any) -> requests.Response:
        asked.append((method, path))
        return ask(self, method, path, *rest)

    monkeypatch.setattr(Transport, "ask", listen)
    printed = verify(sandbox)
    assert len(asked) > 50
    assert {method for method, _ in asked} == {"GET", "POST"}
    assert all(path.endswith(READING) for method, path in asked if method == "POST")
    writing = [each.message for each in BEHAVIOURS if each.need is Need.WRITING]
    assert set(writing) <= set(lines(printed, "not tried"))


def test_without_a_key_what_anybody_may_read_is_looked_at(
    sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AURORAX_API_KEY", raising=False)
    printed = verify(sandbox)
    assert lines(printed, "agrees") == [
        each.message for each in BEHAVIOURS if each.need is Need.NOTHING and not each.is_question
    ]
    assert "needs a key (AURORAX_API_KEY)" in printed


def test_a_difference_is_named_with_where_we_know_better_from(
    sandbox: SandboxProcess, admin: AuroraX
) -> None:
    sandbox.switch(overlong_500=False)
    with pytest.raises(CommandError, match="differs from what the portal relies on") as caught:
        verify(sandbox, "--write")
    assert lines(str(caught.value), "differs") == ["A field that is too long is a bare 500"]
    assert "expected 500, saw 400" in str(caught.value)
    assert "we know it from: a comment in PyAuroraX" in str(caught.value)
    assert admin.sources.list(program=PROGRAM) == []


def test_what_a_run_that_was_cut_off_left_is_removed_first(sandbox: SandboxProcess, admin: AuroraX) -> None:
    left = admin.sources.create(FIELDS | {"display_name": "Left behind"})
    row = left.key | {"epoch": "1990-03-01T00:00:00"}
    requests.post(
        f"{sandbox.url}/api/v1/data_sources/{left.identifier}/ephemeris",
        json=[row],
        headers={"x-aurorax-api-key": "sandbox-key-admin"},
        timeout=10,
    ).raise_for_status()
    assert lines(verify(sandbox, "--write"), "differs") == []
    assert admin.sources.list(program=PROGRAM) == []


def test_a_server_that_ignores_filters_loses_nothing(
    sandbox: SandboxProcess, admin: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = admin.sources.create(FIELDS | {"platform": "somebody else's scratch"})
    server = Server(sandbox.url, admin._transport.credential, patience=0)
    everything = admin.sources.list()
    monkeypatch.setattr(server.client.sources, "list", lambda **filters: everything)
    with scratch_source(server):
        pass
    assert admin.sources.list() == everything
    assert mine in everything


def test_writing_without_a_key_is_refused(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AURORAX_API_KEY", raising=False)
    with pytest.raises(CommandError, match="set AURORAX_API_KEY"):
        verify(sandbox, "--write")


def test_a_key_that_may_not_create_is_told(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURORAX_API_KEY", "sandbox-key-user")
    with pytest.raises(CommandError, match="AuroraX does not allow this for your account"):
        verify(sandbox, "--write")


def test_maintenance_is_told(sandbox: SandboxProcess, admin: AuroraX) -> None:
    sandbox.switch(maintenance=True)
    with pytest.raises(CommandError, match="maintenance mode"):
        verify(sandbox, "--write")


def test_an_aurorax_that_does_not_answer_is_told(sandbox: SandboxProcess, admin: AuroraX) -> None:
    with pytest.raises(CommandError, match="AuroraX does not answer"):
        call_command("verify_api", "--url", "http://127.0.0.1:9", "--write", stdout=StringIO())


def test_what_cannot_be_removed_is_named(sandbox: SandboxProcess) -> None:
    server = Server(sandbox.url, AuroraXCredential("api_key", "sandbox-key-admin"), patience=0)
    with (
        pytest.raises(NotCleanedUp, match=r"Data source \d+ \(.+\) remains at http.+ maintenance mode"),
        scratch_source(server),
    ):
        sandbox.switch(maintenance=True)


def test_the_key_is_not_printed(sandbox: SandboxProcess, admin: AuroraX) -> None:
    assert "sandbox-key" not in verify(sandbox, "--write")


def findings_where_everything_answers(**answer: Any) -> list[BehaviourResult]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        for method in ("GET", "POST"):
            api.add(method, url=re.compile(f"{API}/.*"), **answer)
        return list(verify_behaviours(Server(API, patience=0), BEHAVIOURS, write=False))


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {}},
        {"json": []},
        {"json": [{}]},
        {"json": "hello"},
        {"json": [{"identifier": "x"}]},
        {"body": "<html></html>", "content_type": "text/html"},
        {"body": "", "status": 500},
    ],
)
def test_what_is_no_aurorax_at_all_is_found_out(answer: dict[str, Any]) -> None:
    findings = findings_where_everything_answers(**answer)
    assert [finding.behaviour for finding in findings] == BEHAVIOURS
    assert sum(finding.verdict is Verdict.DIFFERS for finding in findings) > 5
    assert not any(
        finding.behaviour.is_question for finding in findings if finding.verdict is Verdict.DIFFERS
    )


def test_an_aurorax_without_records_gives_no_occasion_to_look_at_them(api: responses.RequestsMock) -> None:
    api.get(f"{API}/api/v1/data_sources", json=[{"identifier": 1}])
    (finding,) = verify_behaviours(Server(API), [accepted], write=False)
    assert finding.verdict is Verdict.NOT_TRIED
    assert finding.seen == "No data source here holds ephemeris to look at."


def test_an_aurorax_that_stops_answering_is_not_taken_for_another() -> None:
    findings = findings_where_everything_answers(body=requests.ConnectionError("gone"))
    assert {finding.verdict for finding in findings} == {Verdict.NOT_TRIED}


def test_numbers_of_every_size_are_written_and_read_back(sandbox: SandboxProcess, admin: AuroraX) -> None:
    seen = [line for line in lines(verify(sandbox, "--write"), "seen") if "numbers of every size" in line]
    assert seen, "the question is not asked"


@pytest.mark.parametrize(
    ("sent", "kept", "summary"),
    [
        (2**53 + 1, 2**53, "n 9007199254740993 became 9007199254740992 (off by 1.1e-16 of it)"),
        (0.1, 0.1, ""),
        (1, 1.0, ""),
        (1, True, "n 1 became True"),
        (5e-324, None, "n 5e-324 became None"),
    ],
)
def test_a_number_that_comes_back_as_another_is_told(sent: float, kept: object, summary: str) -> None:
    assert "; ".join(changed("n", sent, kept)) == summary
