"""What tests of data sources share."""

import json
from typing import Any

import pytest
import requests


@pytest.fixture
def patches(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The bodies of every PATCH and PUT that leaves for AuroraX."""
    bodies: list[dict[str, Any]] = []
    really_send = requests.Session.send

    def noted(
        session: requests.Session, prepared: requests.PreparedRequest, **kwargs: Any
    ) -> requests.Response:
        if prepared.method in ("PATCH", "PUT"):
            bodies.append(json.loads(prepared.body or ""))
        return really_send(session, prepared, **kwargs)

    monkeypatch.setattr(requests.Session, "send", noted)
    return bodies
