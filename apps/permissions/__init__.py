"""Who may do what: roles, actions, one matrix, one decision function, and the decorators that declare access."""

from apps.permissions.actions import Action
from apps.permissions.decisions import Decision, NotAllowed, Person, Source, check, decide
from apps.permissions.decorators import public, requires, signed_in
from apps.permissions.roles import Role

__all__ = [
    "Action",
    "Decision",
    "NotAllowed",
    "Person",
    "Role",
    "Source",
    "check",
    "decide",
    "public",
    "requires",
    "signed_in",
]
