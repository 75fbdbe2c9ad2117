"""What somebody may try with a token that is not theirs, not any more, not yet, or not for this: each answered rightly."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Credential, User
from apps.aurorax import DataSource
from apps.permissions import Role
from apps.tokens import services, texts
from apps.tokens.models import ApiToken
from apps.uploads.models import Upload
from portal.logs import redacted
from tests.conftest import NewSource, Sent, SignIn
from tests.support.sandbox import SandboxProcess
from tests.support.tokens import MakeToken, Program, announced
from tests.support.uploads import csv_of, minutes
from tests.test_secrets import _tables

WEEK = csv_of(*minutes(2))
SPAN = {"start": "2020-01-01T00:00:00", "end": "2020-01-02T00:00:00"}


class Scene(NamedTuple):
    """A token of owner@example.org, a checked upload of theirs, and a data source of somebody else."""

    make: MakeToken
    source: DataSource
    foreign: DataSource
    upload: str
    portal: SandboxProcess


@pytest.fixture
def scene(make_token: MakeToken, source: DataSource, new_source: NewSource, portal: SandboxProcess) -> Scene:
    program = Program(make_token()[1])
    upload = program.bring(source.identifier, WEEK)["id"]
    return Scene(make_token, source, new_source(owner="owner2@example.org"), upload, portal)


def ask(text: str, path: str = "token") -> Any:
    return Program(text).get(path)


def shown(header: str) -> Any:
    return Client(headers={"authorization": header}).get("/api/token")


def _without(scene: Scene) -> Any:
    return Client().get("/api/token")


def _in_the_address(scene: Scene) -> Any:
    return Client().get("/api/token", {"token": scene.make()[1], "access_token": scene.make()[1]})


def _in_a_cookie(scene: Scene) -> Any:
    client = Client()
    client.cookies["Authorization"] = f"Bearer {scene.make()[1]}"
    return client.get("/api/token")


def _as_password(scene: Scene) -> Any:
    return shown(f"Basic {scene.make()[1]}")


def _prefix_alone(scene: Scene) -> Any:
    return ask(scene.make()[0].prefix)


def _digest_instead(scene: Scene) -> Any:
    return ask(scene.make()[0].digest)


def _last_letter(scene: Scene) -> Any:
    text = scene.make()[1]
    return ask(text[:-1] + ("A" if text[-1] != "A" else "B"))


def _capitals(scene: Scene) -> Any:
    return ask(scene.make()[1].upper())


def _longer(scene: Scene) -> Any:
    return ask(scene.make()[1] + "x")


def _sql(scene: Scene) -> Any:
    return ask("' OR 1=1 --")


def _endless(scene: Scene) -> Any:
    return ask("axp_" + "a" * 6000)


def _api_key_itself(scene: Scene) -> Any:
    return ask("sandbox-key-owner")


def _expired(scene: Scene) -> Any:
    token, text = scene.make()
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    return ask(text)


def _expired_while_in_use(scene: Scene) -> Any:
    token, text = scene.make()
    assert ask(text).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    return ask(text)


def _revoked(scene: Scene) -> Any:
    token, text = scene.make()
    assert ask(text).status_code == 200
    services.revoke(by=token.user, token=token)
    return ask(text)


def _disabled_person(scene: Scene) -> Any:
    token, text = scene.make()
    User.objects.filter(pk=token.user_id).update(is_active=False)
    return ask(text)


def _key_that_is_replaced(scene: Scene) -> Any:
    token, text = scene.make()
    assert token.credential is not None
    token.credential.keep("a key that AuroraX has never given")
    Credential.objects.update(proved_at=timezone.now() - timedelta(hours=1))
    return ask(text)


def _no_administrator_any_more(scene: Scene) -> Any:
    _, text = scene.make("admin")
    scene.portal.change_account("admin@example.org", role="Owner")
    Credential.objects.update(proved_at=timezone.now() - timedelta(hours=1))
    return ask(text)


def _pull_token_pushes(scene: Scene) -> Any:
    return Program(scene.make(scopes=["pull"])[1]).post(
        f"sources/{scene.source.identifier}/files", announced(WEEK)
    )


def _pull_token_looks(scene: Scene) -> Any:
    return Program(scene.make(scopes=["pull"])[1]).get(f"uploads/{scene.upload}")


def _pull_token_lists(scene: Scene) -> Any:
    return Program(scene.make(scopes=["pull"])[1]).get("uploads")


def _push_token_pulls(scene: Scene) -> Any:
    return Program(scene.make(scopes=["push"])[1]).get(f"sources/{scene.source.identifier}/records", **SPAN)


def _push_token_undoes(scene: Scene) -> Any:
    return Program(scene.make(scopes=["push"])[1]).post(f"uploads/{scene.upload}/undo")


def _undo_token_sends(scene: Scene) -> Any:
    return Program(scene.make(scopes=["undo"])[1]).post(f"uploads/{scene.upload}/send")


def _undo_token_cancels(scene: Scene) -> Any:
    return Program(scene.make(scopes=["undo"])[1]).post(f"uploads/{scene.upload}/cancel")


def _push_token_resumes_an_undoing(scene: Scene) -> Any:
    Upload.objects.filter(pk=scene.upload).update(state="paused", resumes_at="undoing", pause_reason="you")
    return Program(scene.make(scopes=["push"])[1]).post(f"uploads/{scene.upload}/resume")


def _source_out_of_reach(scene: Scene) -> Any:
    narrow = Program(scene.make(sources=[scene.foreign.identifier])[1])
    return narrow.post(f"sources/{scene.source.identifier}/files", announced(WEEK))


def _records_out_of_reach(scene: Scene) -> Any:
    narrow = Program(scene.make(sources=[scene.foreign.identifier])[1])
    return narrow.get(f"sources/{scene.source.identifier}/records", **SPAN)


def _upload_out_of_reach(scene: Scene) -> Any:
    return Program(scene.make(sources=[scene.foreign.identifier])[1]).post(f"uploads/{scene.upload}/send")


def _file_out_of_reach(scene: Scene) -> Any:
    begun = Program(scene.make()[1]).post(f"sources/{scene.source.identifier}/files", announced(b"other"))
    path = f"files/{begun.json()['file']['id']}"
    return Program(scene.make(sources=[scene.foreign.identifier])[1]).patch(path, 0, b"other")


def _source_of_somebody_else(scene: Scene) -> Any:
    return Program(scene.make()[1]).post(f"sources/{scene.foreign.identifier}/files", announced(WEEK))


def _user_without_rights(scene: Scene) -> Any:
    return Program(scene.make("user")[1]).post(f"sources/{scene.source.identifier}/files", announced(WEEK))


def _role_that_was_lost(scene: Scene) -> Any:
    token, text = scene.make()
    User.objects.filter(pk=token.user_id).update(role=Role.USER)
    return Program(text).post(f"sources/{scene.source.identifier}/files", announced(WEEK))


def _file_of_somebody_else(scene: Scene) -> Any:
    begun = Program(scene.make()[1]).post(f"sources/{scene.source.identifier}/files", announced(b"other"))
    path = f"files/{begun.json()['file']['id']}"
    return Program(scene.make("maintainer")[1]).patch(path, 0, b"evil!")


def _upload_of_somebody_else(scene: Scene) -> Any:
    return Program(scene.make("maintainer")[1]).post(f"uploads/{scene.upload}/cancel")


def _administrator_over_somebody_else(scene: Scene) -> Any:
    return Program(scene.make("admin")[1]).post(f"uploads/{scene.upload}/send")


ATTACKS: dict[Callable[[Scene], Any], tuple[int, str]] = {
    _without: (401, "token"),
    _in_the_address: (401, "token"),
    _in_a_cookie: (401, "token"),
    _as_password: (401, "token"),
    _prefix_alone: (401, "token"),
    _digest_instead: (401, "token"),
    _last_letter: (401, "token"),
    _capitals: (401, "token"),
    _longer: (401, "token"),
    _sql: (401, "token"),
    _endless: (401, "token"),
    _api_key_itself: (401, "token"),
    _expired: (401, "token"),
    _expired_while_in_use: (401, "token"),
    _revoked: (401, "token"),
    _disabled_person: (401, "token"),
    _key_that_is_replaced: (401, "key-needed"),
    _no_administrator_any_more: (401, "key-needed"),
    _pull_token_pushes: (403, "scope"),
    _pull_token_looks: (403, "not-allowed"),
    _pull_token_lists: (403, "not-allowed"),
    _push_token_pulls: (403, "scope"),
    _push_token_undoes: (403, "scope"),
    _undo_token_sends: (403, "scope"),
    _undo_token_cancels: (403, "scope"),
    _push_token_resumes_an_undoing: (403, "not-allowed"),
    _source_out_of_reach: (403, "not-allowed"),
    _records_out_of_reach: (403, "not-allowed"),
    _upload_out_of_reach: (404, "not-found"),
    _file_out_of_reach: (404, "not-found"),
    _source_of_somebody_else: (403, "not-allowed"),
    _user_without_rights: (403, "not-allowed"),
    _role_that_was_lost: (403, "not-allowed"),
    _file_of_somebody_else: (404, "not-found"),
    _upload_of_somebody_else: (404, "not-found"),
    _administrator_over_somebody_else: (404, "not-found"),
}


def test_every_attack_is_refused_and_changes_nothing(scene: Scene, sent: Sent) -> None:
    surprises = []
    assert len(ATTACKS) >= 30
    for attack, expected in ATTACKS.items():
        as_it_was = transaction.savepoint()
        sent.clear()
        answer = attack(scene)
        found = (answer.status_code, answer.json()["type"].rpartition(":")[2], answer.headers["Content-Type"])
        writes = [line for line in sent.writes if "/api/" in line and "authenticate" not in line]
        if found != (*expected, "application/problem+json") or writes:
            surprises.append(f"{attack.__name__}: {found}, {answer.json()['detail']}, wrote {writes}")
        if Upload.objects.filter(sent=0, state__in=("checked", "paused")).count() != 1:
            surprises.append(f"{attack.__name__}: the upload has moved")
        transaction.savepoint_rollback(as_it_was)
        caches["sign-in"].clear()
        scene.portal.change_account("admin@example.org", role="Administrator")
    assert not surprises, "\n".join(surprises)


def test_guessing_ends_after_a_few_and_locks_nobody_out(scene: Scene, settings: Settings) -> None:
    known, late = scene.make()[1], scene.make()[1]
    assert ask(known).status_code == 200
    answers = [ask(texts.fresh().text).status_code for _ in range(settings.SIGN_IN_ATTEMPTS_PER_ADDRESS + 3)]
    assert answers == [401] * settings.SIGN_IN_ATTEMPTS_PER_ADDRESS + [429] * 3
    assert ask(late).status_code == 429  # not even a right one says that it is right
    assert ask(known).status_code == 200  # was used from this network before
    assert "Retry-After" in ask(texts.fresh().text).headers


def test_the_session_of_a_browser_opens_nothing_of_the_api(as_owner: Client, scene: Scene) -> None:
    address = f"/api/uploads/{scene.upload}/send"
    assert as_owner.post(address).status_code == 401
    assert as_owner.get(address).status_code == 401


def test_a_token_opens_no_page(scene: Scene) -> None:
    program = Program(scene.make()[1])
    for name in ("overview", "account", "token-list", "upload-list"):
        assert program.client.get(reverse(name)).status_code == 302
    assert program.client.post(reverse("upload-send", args=[scene.upload])).status_code == 401


def test_no_token_is_in_a_log_or_in_the_database(
    scene: Scene, as_owner: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("apps", "django", "requests", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    form = {"name": "weekly", "scopes": ["push"], "days": "30", "api_key": "sandbox-key-owner"}
    page = as_owner.post(reverse("token-list"), form).content.decode()
    text = page.partition('id="new-token">')[2].partition("<")[0]
    assert texts.is_token(text)
    Program(text).push(scene.source.identifier, csv_of(*minutes(3)))
    ask(text[:-1])
    told = "\n".join([caplog.text, *_tables()])
    assert ApiToken.objects.get(name="weekly").prefix in told
    for secret in (text, text[13:], "sandbox-key-owner"):
        assert secret not in told


def test_a_token_in_what_a_library_logs_is_hidden() -> None:
    made = texts.fresh()
    assert redacted(f"sent {made.text} to x") == f"sent {made.prefix}_[hidden] to x"


def test_whoever_signs_in_with_a_key_keeps_only_that_key(client: Client, portal: SandboxProcess) -> None:
    client.post(
        f"{reverse('sign-in')}?with=key", {"email": "owner@example.org", "api_key": "sandbox-key-owner"}
    )
    form = {"name": "weekly", "scopes": ["push"], "days": "30", "api_key": "sandbox-key-owner2"}
    answer = client.post(reverse("token-list"), form)
    assert (answer.status_code, ApiToken.objects.count()) == (422, 0)
    assert client.post(reverse("token-list"), form | {"api_key": ""}).status_code == 200


def test_keys_that_are_guessed_at_are_counted(as_owner: Client, settings: Settings) -> None:
    form = {"name": "weekly", "scopes": ["push"], "days": "30", "api_key": "wrong"}
    pages = [as_owner.post(reverse("token-list"), form) for _ in range(settings.SIGN_IN_ATTEMPTS + 1)]
    assert "does not know this API key" in pages[0].content.decode()
    assert "Too many keys" in pages[-1].content.decode()


def test_an_administrators_key_is_taken_from_administrators_only(sign_in: SignIn) -> None:
    form = {"name": "weekly", "scopes": ["push"], "days": "30"}
    owner = sign_in("owner").post(reverse("token-list"), form | {"api_key": "sandbox-key-admin"})
    admin = sign_in("admin").post(reverse("token-list"), form | {"api_key": "sandbox-key-owner"})
    assert (owner.status_code, admin.status_code, ApiToken.objects.count()) == (422, 422, 0)
