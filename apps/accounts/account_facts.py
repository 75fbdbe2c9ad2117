"""What other apps have to say on *Your account*."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from apps.accounts.models import User


class AccountFact(NamedTuple):
    """A line: what it is, and what there is to know."""

    label: str
    text: str


Tell = Callable[[User], Sequence[AccountFact]]
_tellers: list[Tell] = []


def register(tell: Tell) -> None:
    """Have it asked whenever somebody looks at their account; for `AppConfig.ready`."""
    if tell not in _tellers:
        _tellers.append(tell)


def facts_about(person: User) -> list[AccountFact]:
    """All lines, in the order of the apps."""
    return [fact for tell in _tellers for fact in tell(person)]
