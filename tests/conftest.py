"""The people, the sandbox and the data sources that tests speak of."""

import os
import re
from collections.abc import Callable
from itertools import count
from typing import Any

import hypothesis
import pytest
import requests
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from tests.support.sandbox import SandboxProcess

pytest_plugins = [
    "tests.support.prepared",
    "tests.support.sandbox",
    "tests.support.isolation",
    "tests.support.shares",
]

# Machines that run tests are busy: how long one example takes says nothing. The suite tries the same examples each time;
# `make properties` tries random ones.
hypothesis.settings.register_profile(
    "portal", deadline=None, derandomize="PROPERTY_EXAMPLES" not in os.environ
)
hypothesis.settings.load_profile("portal")

SignIn = Callable[[str], Client]
NewSource = Callable[..., DataSource]
numbers = count(1)


class Sent(list[str]):
    """What was sent to AuroraX, as `METHOD address`."""

    @property
    def writes(self) -> list[str]:
        """Without what only reads, among it the searches that are POSTed."""
        return [line for line in self if not re.match(r"GET |POST \S+/search", line)]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Caches, sign-in attempts among them, start empty."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client tries again at once; how long it would wait is looked at in `tests/aurorax`."""
    monkeypatch.setattr("apps.aurorax.transport._sleep", lambda seconds: None)


@pytest.fixture
def portal(sandbox: SandboxProcess, settings: Settings, db: None) -> SandboxProcess:
    """The portal pointed at the sandbox, which is back at its seed."""
    settings.AURORAX_API_URL = sandbox.url
    return sandbox


@pytest.fixture
def sign_in(portal: SandboxProcess) -> SignIn:
    """Signs somebody in by name, as the sandbox accounts are called: `sign_in("owner2")`."""

    def signed_in(name: str) -> Client:
        client = Client()
        answer = client.post(
            reverse("sign-in"), {"email": f"{name}@example.org", "password": f"sandbox-{name}"}
        )
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signed_in


@pytest.fixture
def as_admin(sign_in: SignIn) -> Client:
    """A browser in which the Administrator is signed in."""
    return sign_in("admin")


@pytest.fixture
def as_owner(sign_in: SignIn) -> Client:
    """A browser in which owner@example.org is signed in."""
    return sign_in("owner")


@pytest.fixture
def as_owner2(sign_in: SignIn) -> Client:
    """A browser in which the other owner is signed in."""
    return sign_in("owner2")


@pytest.fixture
def as_maintainer(sign_in: SignIn) -> Client:
    """A browser in which maintainer@example.org is signed in."""
    return sign_in("maintainer")


@pytest.fixture
def as_user(sign_in: SignIn) -> Client:
    """A browser in which somebody without any rights is signed in."""
    return sign_in("user")


@pytest.fixture
def aurorax(portal: SandboxProcess) -> AuroraX:
    """AuroraX as the Administrator sees it: for preparing tests and for looking at what they did."""
    return AuroraX(AuroraXCredential("api_key", "sandbox-key-admin"))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Everything that leaves for AuroraX from here on."""
    lines = Sent()
    really_send = requests.Session.request

    def noted(session: requests.Session, method: str, url: str, **kwargs: Any) -> requests.Response:
        lines.append(f"{method} {url}")
        return really_send(session, method, url, **kwargs)

    monkeypatch.setattr(requests.Session, "request", noted)
    return lines


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question that leaves for AuroraX: method, path and parameters."""
    questions: list[str] = []
    really_send = requests.Session.request

    def noted(session: requests.Session, method: str, url: str, **kwargs: Any) -> requests.Response:
        path = url.partition("/api/v1")[2]
        questions.append(f"{method} {path} {sorted((kwargs.get('params') or {}).items())}")
        return really_send(session, method, url, **kwargs)

    monkeypatch.setattr(requests.Session, "request", noted)
    return questions


@pytest.fixture
def new_source(aurorax: AuroraX) -> NewSource:
    """Makes data sources that no other test has; `owner` and other fields can be given."""

    def make(**fields: Any) -> DataSource:
        number = next(numbers)
        defaults = {
            "program": "test-program",
            "platform": f"platform {number}",
            "instrument_type": "test imager",
            "source_type": "ground",
            "display_name": f"Test source {number}",
            "owner": "owner@example.org",
            "maintainers": [],
        }
        return aurorax.sources.create(defaults | fields)

    return make
