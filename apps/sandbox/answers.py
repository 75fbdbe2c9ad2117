"""How answers are written: JSON with a bare content type, because PyAuroraX compares it with exactly `application/json`."""

from typing import Any

import msgspec
from django.http import HttpResponse

JSON = "application/json"


def json_response(content: Any, *, status: int = 200) -> HttpResponse:
    """`content` as JSON."""
    return HttpResponse(msgspec.json.encode(content), status=status, content_type=JSON)


def empty(status: int = 200) -> HttpResponse:
    """No body at all, as uploads and deletions answer."""
    response = HttpResponse(status=status)
    del response["Content-Type"]
    return response
