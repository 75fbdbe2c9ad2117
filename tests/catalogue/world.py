"""What the prepared world of the catalogue consists of, as it is handed from the process that makes it to others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class World:
    """What the places in addresses stand for, forms to post, and the session cookie of each person."""

    places: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def address(self, address: str) -> str:
        """The address with its places filled in."""
        return address.format(**self.places)

    def fields(self, posted: "Mapping[str, Any] | str | None") -> dict[str, Any] | None:
        """What a form posts, by its fields or its name; None for a page that is only opened."""
        if posted is None:
            return None
        return dict(self.forms[posted] if isinstance(posted, str) else posted)
