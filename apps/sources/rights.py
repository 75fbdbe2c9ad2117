"""Who may do what on one data source, for people to read."""

from typing import NamedTuple

from apps.accounts.models import User
from apps.aurorax import DataSource
from apps.permissions import Action, Decision, decide
from apps.permissions.matrix import LABELS

ON_A_SOURCE = (
    Action.SOURCE_UPDATE,
    Action.SOURCE_DELETE,
    Action.SOURCE_CHANGE_OWNER,
    Action.MAINTAINERS_ASSIGN,
    Action.EPHEMERIS_CREATE,
    Action.EPHEMERIS_DELETE,
    Action.PRODUCTS_CREATE,
    Action.PRODUCTS_DELETE,
)


class Right(NamedTuple):
    """One action, and whether this person may do it here."""

    label: str
    decision: Decision


def in_a_sentence(found: list[Right]) -> str:
    """How much of it this person may do here."""
    allowed = sum(bool(right.decision) for right in found)
    if not allowed:
        return "You may look at everything here, and change nothing."
    if allowed == len(found):
        return "You may do everything here."
    return f"You may do {allowed} of {len(found)} things here, and look at everything."


def rights(person: User, source: DataSource) -> list[Right]:
    """What `person` may do on `source`, and why not where not."""
    return [Right(LABELS[action], decide(person, action, source)) for action in ON_A_SOURCE]
