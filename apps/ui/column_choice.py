"""Which columns of a table a person wants to see, remembered in their session for each kind of table.

Hidden columns are what is remembered, so that a column that turns up for the first time is shown.
"""

from collections.abc import Iterable, Sequence

from django.contrib.sessions.backends.base import SessionBase

from apps.ui.tables import TableColumn

SESSION_KEY = "hidden-columns"
MOST_HIDDEN = 500  # names kept for one kind of table
LONGEST_NAME = 200  # characters


def hidden_in(session: SessionBase, kind: str) -> list[str]:
    """The names of the columns this person has hidden."""
    return list(session.get(SESSION_KEY, {}).get(kind, []))


def shown_of(session: SessionBase, kind: str, columns: Sequence[TableColumn]) -> list[TableColumn]:
    """Those of the columns this person wants to see."""
    hidden = set(hidden_in(session, kind))
    return [column for column in columns if column.name not in hidden]


def choose(session: SessionBase, kind: str, *, offered: Iterable[str], ticked: Iterable[str]) -> None:
    """Remember what was ticked of the columns that were offered; what was not offered stays as it was."""
    offered = {name for name in offered if len(name) <= LONGEST_NAME}
    kept = [name for name in hidden_in(session, kind) if name not in offered]
    hidden = [*kept, *sorted(offered - set(ticked))][-MOST_HIDDEN:]
    session[SESSION_KEY] = session.get(SESSION_KEY, {}) | {kind: hidden}
