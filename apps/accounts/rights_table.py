"""The access matrix laid out for people: one row per action, one column per role."""

from typing import NamedTuple

from apps.permissions import Role
from apps.permissions.matrix import LABELS, MATRIX, Relation


class RoleRight(NamedTuple):
    """What one role may do: nothing, everything, or something on certain data sources."""

    role: Role
    allowed: bool
    where: str


class RightsRow(NamedTuple):
    """One action, and every role's right to it."""

    label: str
    rights: list[RoleRight]


def rights_table() -> list[RightsRow]:
    """The whole matrix, in the order in which it is written down."""
    return [
        RightsRow(LABELS[action], [_right(role, granted.get(role)) for role in Role])
        for action, granted in MATRIX.items()
    ]


def _right(role: Role, relation: Relation | None) -> RoleRight:
    everywhere = relation is None or relation == Relation.ANY
    return RoleRight(role, relation is not None, "" if everywhere else str(relation))
