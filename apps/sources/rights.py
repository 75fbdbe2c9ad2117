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


def rights(person: User, source: DataSource) -> list[Right]:
    """What `person` may do on `source`, and why not where not."""
    return [Right(LABELS[action], decide(person, action, source)) for action in ON_A_SOURCE]
