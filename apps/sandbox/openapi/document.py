"""The whole document."""

from typing import Any

from apps.sandbox.openapi.operations import PATHS
from apps.sandbox.openapi.schemas import ANSWERS, bodies

ABOUT = """A stand-in for the AuroraX REST API, to try things out on. It answers as the real API is known to answer; what
is known, and what pins it, is in `docs/aurorax-api.md`.

Reading needs no credential. Writing needs an API key in the header `x-aurorax-api-key`, or the `Authorization` value
that `POST /api/v1/authenticate` answered. A credential that is wrong or expired is refused everywhere.

Whoever runs the sandbox may switch on faults at `/sandbox/faults`; then any call may also answer the statuses named
there, or not at all."""


def document(address: str) -> dict[str, Any]:
    """The OpenAPI document of a sandbox at `address`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "AuroraX sandbox", "version": "1", "description": ABOUT},
        "servers": [{"url": address}],
        "paths": PATHS,
        "components": {
            "schemas": ANSWERS | bodies(),
            "securitySchemes": {
                "ApiKey": {"type": "apiKey", "in": "header", "name": "x-aurorax-api-key"},
                "AccessToken": {"type": "http", "scheme": "bearer"},
            },
        },
    }
