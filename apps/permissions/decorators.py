"""Decorators by which a view declares its access. They only mark; `middleware.ClosedByDefault` enforces the mark.

`apps.accounts.decorators.on_source` adds the form for views about one data source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from apps.permissions.actions import Action

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """What a view declares: open to the world with a reason, or for signed-in people, perhaps with an action.

    With `for_programs` it is for programs that show a token, and for no browser; the token has to have `scope`, where one is
    given (`apps.tokens`).
    """

    public_because: str = ""
    action: Action | None = None
    on_source: bool = False
    for_programs: bool = False
    scope: str = ""


def public(because: str) -> Callable[[View], View]:
    """Open to everybody, signed in or not; say why."""
    return _mark(Access(public_because=because))


def requires(action: Action) -> Callable[[View], View]:
    """For people whose role may do `action`. On one data source use `on_source`, which asks with the source as well."""
    return _mark(Access(action=action))


def signed_in(view: View) -> View:
    """For everybody who is signed in, whatever the role."""
    return _mark(Access())(view)


def declare(view: View, access: Access) -> View:
    """Leave the mark on a view; for decorators of other apps that wrap."""
    view.access = access  # type: ignore[attr-defined]
    return view


def _mark(access: Access) -> Callable[[View], View]:
    return lambda view: declare(view, access)
