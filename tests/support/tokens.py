"""Programs that show a token, and what they send."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.tokens import services
from apps.tokens.models import ApiToken, Scope
from tests.conftest import SignIn

ALL = [*Scope.values]
MakeToken = Callable[..., tuple[ApiToken, str]]


class Program:
    """A program at the portal's API."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.client = Client(headers={"authorization": f"Bearer {text}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/{path}", query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/api/{path}", body if body is not None else {}, "application/json")

    def patch(self, path: str, offset: int, piece: bytes, **headers: str) -> Any:
        kind = headers.pop("content_type", "application/offset+octet-stream")
        return self.client.patch(
            f"/api/{path}", piece, kind, headers={"Upload-Offset": str(offset), **headers}
        )

    def bring(self, source: int, content: bytes, *, name: str = "week.csv", **more: Any) -> dict[str, Any]:
        """A whole file; answers its upload."""
        told = announced(content, name=name, **more)
        answer = self.post(f"sources/{source}/files", told)
        assert answer.status_code in (200, 201), answer.content.decode()
        found = answer.json()
        if found["upload"]:
            return dict(found["upload"])
        path = f"files/{found['file']['id']}"
        assert self.patch(path, 0, content).status_code == 204
        made = self.post(f"{path}/upload")
        assert made.status_code == 201, made.content.decode()
        return dict(made.json()["upload"])

    def push(self, source: int, content: bytes, **more: Any) -> dict[str, Any]:
        """Brought, sent and read back."""
        upload = self.bring(source, content, **more)
        if upload["outcome"] == "ready":
            answer = self.post(f"uploads/{upload['id']}/send")
            assert answer.status_code == 202, answer.content.decode()
        return dict(self.get(f"uploads/{upload['id']}").json())


def announced(content: bytes, *, name: str = "week.csv", **more: Any) -> dict[str, Any]:
    """What is said of a file before it is sent."""
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **more}


@pytest.fixture
def make_token(sign_in: SignIn) -> MakeToken:
    """Makes tokens, by name of the person: `make_token("owner", scopes=["pull"])`."""

    def make(
        who: str = "owner", *, scopes: list[str] = ALL, sources: list[int] | None = None, days: int = 30
    ) -> tuple[ApiToken, str]:
        sign_in(who)
        person = User.objects.get(username=f"{who}@example.org")
        key = f"sandbox-key-{who}"
        return services.make(
            by=person, name="a test", scopes=scopes, sources=sources or [], days=days, api_key=key
        )

    return make


@pytest.fixture
def program(make_token: MakeToken) -> Program:
    """A program of owner@example.org that may do everything."""
    return Program(make_token()[1])
