"""What AuroraX was asked, read from the stub."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import responses


def sent(api: responses.RequestsMock, number: int = 0) -> Any:
    """The decoded body of the request with this number, None without one."""
    return json.loads(api.calls[number].request.body or "null")


def query_of(api: responses.RequestsMock, number: int = 0) -> dict[str, str]:
    """The query of the request with this number."""
    return dict(parse_qsl(urlsplit(api.calls[number].request.url or "").query, strict_parsing=False))
