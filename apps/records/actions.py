"""What people need a right for, to write records of a type."""

from typing import NamedTuple

from apps.permissions import Action


class Actions(NamedTuple):
    """One right for each kind of write."""

    create: Action
    update: Action
    delete: Action
