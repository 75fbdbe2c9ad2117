"""The sandbox's own OpenAPI document, in our own words."""

from typing import Any


def document(address: str) -> dict[str, Any]:
    """The document, for a sandbox at `address`."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "AuroraX sandbox", "version": "1"},
        "servers": [{"url": address}],
        "paths": {},
    }
