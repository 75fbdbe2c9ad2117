"""What a person has selected in a long list, page by page, kept in their session.

A selection belongs to a list and its filter. It names single records by their keys, or it is "everything that matches":
then the filter itself is kept, with how many matched and a fingerprint of their keys, and the keys only of those that were
taken out again. Before anything is done with a selection it is compared with what is there by then.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TypeVar

from django.contrib.sessions.backends.base import SessionBase

Item = TypeVar("Item")
SESSION_KEY = "selections"
KEPT = 5  # selections of one person; of more than that the oldest goes
LONGEST_KEY = 40  # characters
# Records selected one by one or by the page; with more, the filter is the better way to say it.
MOST_SINGLE = 5_000


class SelectionChanged(Exception):
    """Something selected is no longer there, or more matches the filter by now: act on neither, ask again."""

    def __init__(self, was: int, now: int) -> None:
        super().__init__(f"{was} records were selected, {now} are there.")
        self.was, self.now = was, now


@dataclass
class Selection:
    """Records selected one by one (`pages`: their keys, by the page they were on), or `everything` but those."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    everything: bool = False
    count: int = 0
    fingerprint: str = ""

    def __post_init__(self) -> None:
        self._keys = {key for keys in self.pages.values() for key in keys}

    def __len__(self) -> int:
        """How many records are selected."""
        return self.count - len(self._keys) if self.everything else len(self._keys)

    def __contains__(self, key: str) -> bool:
        return (key in self._keys) != self.everything

    @property
    def single_count(self) -> int:
        """How many keys are kept: of what is selected, or of what is taken out of everything."""
        return len(self._keys)

    @property
    def page_count(self) -> int:
        """On how many pages there are some. Only where not everything is selected."""
        return sum(1 for keys in self.pages.values() if keys)

    def with_page(self, page: str, shown: Sequence[str], ticked: Iterable[str]) -> "Selection":
        """The selection after a page with the records `shown` was left with these ticked."""
        is_shown, is_ticked = set(shown).__contains__, set(ticked).__contains__
        exceptions = [key for key in shown if is_ticked(key) != self.everything]
        pages = {number: [key for key in keys if not is_shown(key)] for number, keys in self.pages.items()}
        pages[page] = [*pages.get(page, []), *exceptions]
        return replace(self, pages={number: keys for number, keys in pages.items() if keys})

    def again(self, keys: Sequence[str]) -> "Selection":
        """The selection as it can be kept where these are all the records that match by now."""
        there = set(keys)
        pages = {number: [key for key in selected if key in there] for number, selected in self.pages.items()}
        return replace(everything(keys), pages=pages) if self.everything else replace(self, pages=pages)

    def chosen(self, items: Sequence[Item], key: Callable[[Item], str]) -> list[Item]:
        """Those of `items`, all that match by now, that are selected. Raises `SelectionChanged`."""
        keys = [key(item) for item in items]
        found = [item for item, its_key in zip(items, keys, strict=True) if its_key in self]
        others_match = self.everything and fingerprint_of(keys) != self.fingerprint
        if others_match or len(found) != len(self):
            raise SelectionChanged(len(self), len(found))
        return found


def everything(keys: Sequence[str]) -> Selection:
    """All that match, which have these keys at this moment."""
    return Selection(everything=True, count=len(keys), fingerprint=fingerprint_of(keys))


def fingerprint_of(keys: Iterable[str]) -> str:
    """Stands for exactly these records."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def selection_in(session: SessionBase, name: str) -> Selection:
    """What is selected in the list of this name; an empty selection when nothing is."""
    return Selection(**session.get(SESSION_KEY, {}).get(name, {}))


def keep(session: SessionBase, name: str, selection: Selection) -> None:
    """Remember a selection, or forget it when nothing is selected any more."""
    kept = {other: value for other, value in session.get(SESSION_KEY, {}).items() if other != name}
    if len(selection):
        kept[name] = asdict(selection)
    session[SESSION_KEY] = dict(list(kept.items())[-KEPT:])
