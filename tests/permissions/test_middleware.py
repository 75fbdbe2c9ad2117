"""Closed by default: a view that declares no access is refused, whoever asks."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from apps.permissions import Action, public, requires, signed_in
from tests.conftest import SignIn
from tests.support.sandbox import SandboxProcess


def undeclared(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot."""
    return HttpResponse("seen")


urlpatterns = [
    path("undeclared/", undeclared),
    path("open/", public("a test")(lambda request: HttpResponse("seen"))),
    path("inside/", signed_in(lambda request: HttpResponse("seen"))),
    path("administrators/", requires(Action.PEOPLE_SEE)(lambda request: HttpResponse("seen"))),
    path("", include("portal.urls")),
]
handler403 = "apps.ui.errors.permission_denied"
pytestmark = pytest.mark.urls(__name__)


def test_a_view_that_declares_nothing_is_refused_to_everybody(
    sign_in: SignIn, portal: SandboxProcess, client: Client
) -> None:
    everybody = [client, *(sign_in(name) for name in ("admin", "owner", "maintainer", "user"))]
    for browser in everybody:
        for answer in (browser.get("/undeclared/"), browser.post("/undeclared/")):
            assert answer.status_code == 403
            assert "declares no access rule" in answer.content.decode()


def test_a_public_view_is_open(portal: SandboxProcess, client: Client) -> None:
    assert client.get("/open/").content == b"seen"


def test_a_signed_in_view_asks_readers_to_sign_in_and_refuses_writers(
    portal: SandboxProcess, client: Client
) -> None:
    assert client.get("/inside/?page=2").headers["Location"] == "/sign-in/?next=/inside/%3Fpage%3D2"
    assert client.post("/inside/").status_code == 401


def test_a_signed_in_view_is_open_to_every_role(as_user: Client) -> None:
    assert as_user.get("/inside/").content == b"seen"


def test_a_view_with_an_action_is_open_to_its_roles_only(as_user: Client, as_admin: Client) -> None:
    refused = as_user.get("/administrators/")
    assert refused.status_code == 403
    assert "not possible as a User" in refused.content.decode()
    assert as_admin.get("/administrators/").content == b"seen"


def test_public_wants_a_reason() -> None:
    with pytest.raises(TypeError):
        public()  # type: ignore[call-arg]
