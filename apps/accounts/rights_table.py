"""The access matrix laid out for people: one row per action, one column per role."""

from typing import NamedTuple

from apps.permissions import Role
from apps.permissions.matrix import LABELS, MATRIX, Relation


class Right(NamedTuple):
    """What one role may do: nothing, everything, or something on certain data sources."""

    role: Role
    allowed: bool
    where: str


class Row(NamedTuple):
    """One action, and every role's right to it."""

    label: str
    rights: list[Right]


def rights_table() -> list[Row]:
    """The whole matrix, in the order in which it is written down."""
    return [
        Row(LABELS[action], [_right(role, granted.get(role)) for role in Role])
        for action, granted in MATRIX.items()
    ]


def _right(role: Role, relation: Relation | None) -> Right:
    everywhere = relation is None or relation == Relation.ANY
    return Right(role, relation is not None, "" if everywhere else str(relation))
