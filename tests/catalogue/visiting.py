"""Opening the catalogue's pages within this process, with Django's test client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
import requests
from django.test import Client

from tests.catalogue.pages import Page
from tests.catalogue.world import World
from tests.support.sandbox import Sandbox

TOKEN = "c" * 32  # against forged requests: cookie and form have to agree, and here they do


class Visit(NamedTuple):
    """A page as it was answered, and what AuroraX was asked for it."""

    page: Page
    answer: Any  # of the test client, with what it adds
    templates: frozenset[str]
    asked: list[str]

    @property
    def html(self) -> str:
        """The page."""
        text: str = self.answer.content.decode()
        return text


def browser_of(world: World, who: str) -> Client:
    """A browser in which this person is signed in, as strict about forms as real ones meet the portal."""
    client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    client.cookies["csrftoken"] = TOKEN
    if who:
        client.cookies["sessionid"] = world.sessions[who]
    return client


def visit(page: Page, world: World, sandbox: Sandbox, **headers: str) -> Visit:
    """Open one page."""
    client, address = browser_of(world, page.who), world.address(page.address)
    fields = world.fields(page.posted)
    with sandbox.switched(**page.switches) if page.switches else _as_it_is(), _listening() as asked:
        if fields is None:
            answer = client.get(address, headers=headers)
        else:
            answer = client.post(address, {"csrfmiddlewaretoken": TOKEN} | fields, headers=headers)
    templates = frozenset(str(template.name) for template in answer.templates)
    return Visit(page, answer, templates, asked)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What leaves for AuroraX within the block: method, address and body of each request."""
    asked: list[str] = []
    really_send = requests.Session.request

    def noted(session: requests.Session, method: str, url: str, **kwargs: Any) -> requests.Response:
        asked.append(f"{method} {url} {kwargs.get('params') or ''} {kwargs.get('data') or ''}".strip())
        return really_send(session, method, url, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "request", noted)
        yield asked
