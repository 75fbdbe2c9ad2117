"""The one function that decides, and the refusal it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import PermissionDenied

from apps.permissions.actions import Action
from apps.permissions.addresses import is_same
from apps.permissions.matrix import LABELS, MATRIX, Relation
from apps.permissions.roles import Role

STANDINGS = {
    Relation.ASSIGNED: "one of its maintainers",
    Relation.OWN: "its owner",
    Relation.OWN_OR_ASSIGNED: "its owner or one of its maintainers",
}


class Person(Protocol):
    """Whoever asks: a signed-in account, or Django's anonymous user (who has neither e-mail address nor role)."""

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""
        ...


class Source(Protocol):
    """The part of a data source that rights hang on."""

    @property
    def owner(self) -> str | None:
        """The owner's e-mail address, if there is one."""
        ...

    @property
    def maintainers(self) -> Sequence[str]:
        """The maintainers' e-mail addresses."""
        ...


@dataclass(frozen=True)
class Decision:
    """Allowed or not, with a message for the person when not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class NotAllowed(PermissionDenied):
    """Refused by the portal itself, before anything is sent to AuroraX. Django answers it as 403."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decide(person: Person, action: Action, source: Source | None = None) -> Decision:
    """May `person` do `action`, on `source` when one is given?

    Without a source the question is whether the role may ever do it: enough for a menu, not for a write.
    """
    if not person.is_authenticated:
        return Decision(False, "Sign in to do this.")
    role = Role(getattr(person, "role", Role.USER))
    granted = MATRIX[action]
    if role not in granted:
        return Decision(False, _role_refusal(role, action))
    if source is None or _stands_so(person, granted[role], source):
        return Decision(True)
    return Decision(False, _relation_refusal(action, granted[role], source))


def check(person: Person, action: Action, source: Source | None = None) -> None:
    """Raise `NotAllowed`, with the message of the decision, unless `decide` allows it."""
    decision = decide(person, action, source)
    if not decision:
        raise NotAllowed(decision.reason)


def _stands_so(person: Person, relation: Relation, source: Source) -> bool:
    """Whether the person stands to the source as the matrix asks, by the rule of `addresses`."""
    email = str(getattr(person, "email", ""))
    owns = is_same(source.owner, email)
    maintains = any(is_same(entry, email) for entry in source.maintainers)
    return {
        Relation.ANY: True,
        Relation.ASSIGNED: maintains,
        Relation.OWN: owns,
        Relation.OWN_OR_ASSIGNED: owns or maintains,
    }[relation]


def _role_refusal(role: Role, action: Action) -> str:
    able = ", ".join(MATRIX[action])
    article = "an" if role[0] in "AO" else "a"
    return f"{LABELS[action]}: not possible as {article} {role}. It takes one of these roles: {able}."


def _relation_refusal(action: Action, relation: Relation, source: Source) -> str:
    whom = f"Ask its owner, {source.owner}." if source.owner else "Ask an Administrator: it has no owner."
    return f"{LABELS[action]}: not possible here, as you are not {STANDINGS[relation]}. {whom}"
