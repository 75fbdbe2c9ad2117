"""What goes on when somebody signs in: apps say what of theirs has waited for it."""

from collections.abc import Callable
from typing import Any

from apps.accounts.models import User

_waiting: list[Callable[[User], None]] = []


def register(go_on: Callable[[User], None]) -> None:
    """Have this called with everybody who signs in; called by an app when Django starts."""
    _waiting.append(go_on)


def credential_saved(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    """A credential is saved as a whole when it is made, and when a kept one is opened again."""
    if update_fields is None and instance.ended_at is None:
        for go_on in _waiting:
            go_on(instance.user)
