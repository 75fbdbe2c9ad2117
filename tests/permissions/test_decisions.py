"""Who may do what, against a table written by hand from AuroraX's documentation page "Uploading data"."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.permissions import Action, NotAllowed, Role, check, decide


@dataclass
class Somebody:
    """A signed-in person."""

    role: str
    email: str = "me@example.org"
    is_authenticated: bool = True


@dataclass
class Instrument:
    """A data source, as far as rights hang on it."""

    owner: str | None = "other@example.org"
    maintainers: tuple[str, ...] = ()


MINE = Instrument(owner="Me@Example.org")
ASSIGNED = Instrument(maintainers=("other2@example.org", "ME@example.org"))
OTHERS = Instrument(maintainers=("other2@example.org",))
NOBODYS = Instrument(owner=None)

# One letter for each of: a source of mine, one I am assigned to, somebody else's, one without owner.
TABLE = {
    # action                        Administrator Owner   Maintainer User
    Action.SOURCE_SEE:            ("yyyy",        "yyyy", "yyyy",    "yyyy"),
    Action.SOURCE_CREATE:         ("yyyy",        "yyyy", "nnnn",    "nnnn"),
    Action.SOURCE_UPDATE:         ("yyyy",        "ynnn", "nnnn",    "nnnn"),
    Action.SOURCE_DELETE:         ("yyyy",        "ynnn", "nnnn",    "nnnn"),
    Action.SOURCE_CHANGE_OWNER:   ("yyyy",        "nnnn", "nnnn",    "nnnn"),
    Action.MAINTAINERS_ASSIGN:    ("yyyy",        "ynnn", "nnnn",    "nnnn"),
    Action.EPHEMERIS_CREATE:      ("yyyy",        "yynn", "nynn",    "nnnn"),
    Action.EPHEMERIS_UPDATE:      ("yyyy",        "yynn", "nynn",    "nnnn"),
    Action.EPHEMERIS_DELETE:      ("yyyy",        "yynn", "nynn",    "nnnn"),
    Action.PRODUCTS_CREATE:       ("yyyy",        "yynn", "nynn",    "nnnn"),
    Action.PRODUCTS_UPDATE:       ("yyyy",        "yynn", "nynn",    "nnnn"),
    Action.PRODUCTS_DELETE:       ("yyyy",        "yynn", "nynn",    "nnnn"),
    Action.PEOPLE_SEE:            ("yyyy",        "nnnn", "nnnn",    "nnnn"),
    Action.SEARCHES_MANAGE:       ("yyyy",        "nnnn", "nnnn",    "nnnn"),
}  # fmt: skip


@pytest.mark.parametrize("action", Action)
def test_every_action_is_decided_as_the_table_says(action: Action) -> None:
    for role, expected in zip(Role, TABLE[action], strict=True):
        sources = (MINE, ASSIGNED, OTHERS, NOBODYS)
        decided = "".join("y" if decide(Somebody(role), action, source) else "n" for source in sources)
        assert decided == expected, (role, action)


@pytest.mark.parametrize("action", Action)
def test_without_a_source_the_question_is_whether_the_role_may_ever_do_it(action: Action) -> None:
    for role, expected in zip(Role, TABLE[action], strict=True):
        assert decide(Somebody(role), action).allowed == ("y" in expected)


@pytest.mark.parametrize("action", Action)
def test_nobody_may_do_anything_before_signing_in(action: Action) -> None:
    decision = decide(AnonymousUser(), action, MINE)
    assert (decision.allowed, decision.reason) == (False, "Sign in to do this.")


def test_every_refusal_says_why_and_whom_to_ask() -> None:
    by_role = decide(Somebody(Role.USER), Action.SOURCE_CREATE).reason
    assert "Create a data source: not possible as a User" in by_role
    assert "Administrator, Owner" in by_role
    elsewhere = decide(Somebody(Role.OWNER), Action.SOURCE_DELETE, OTHERS).reason
    assert "you are not its owner" in elsewhere
    assert "other@example.org" in elsewhere
    assert "Ask an Administrator" in decide(Somebody(Role.OWNER), Action.SOURCE_DELETE, NOBODYS).reason


def test_check_raises_the_reason() -> None:
    check(Somebody(Role.MAINTAINER), Action.EPHEMERIS_DELETE, ASSIGNED)
    with pytest.raises(NotAllowed, match="Delete ephemeris records: not possible here"):
        check(Somebody(Role.MAINTAINER), Action.EPHEMERIS_DELETE, OTHERS)


def test_nobody_stands_behind_an_empty_address() -> None:
    """A source without owner is nobody's, not everybody's who has no address."""
    assert not decide(Somebody(Role.OWNER, email=""), Action.SOURCE_UPDATE, NOBODYS)


def test_actions_are_in_alphabetical_order() -> None:
    assert list(Action) == sorted(Action)
