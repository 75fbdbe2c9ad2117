"""Who looks after what."""

from collections.abc import Sequence
from typing import NamedTuple

from apps.accounts.entries import is_odd, label_of
from apps.accounts.models import User
from apps.aurorax import DataSource, ListedSource
from apps.permissions import Action, Role, decide
from apps.permissions.addresses import folded


class ListedMark(NamedTuple):
    """Whether somebody is on a list, and in how many entries, where those are not simply their address."""

    label: str
    listed: bool
    note: str


Source = DataSource | ListedSource


class SourceMarks(NamedTuple):
    """One data source, and for each person whether they maintain it."""

    source: Source
    chosen: bool
    marks: list[ListedMark]


def assignable(sources: Sequence[Source], *, by: User) -> list[Source]:
    """The data sources whose maintainers this person may assign: an Administrator all, an owner their own."""
    if by.role == Role.ADMINISTRATOR:
        return list(sources)
    address = folded(by.email)  # of thousands only those are looked at closely that are likely
    likely = [source for source in sources if address in (source.owner or "").lower()]
    return [source for source in likely if decide(by, Action.MAINTAINERS_ASSIGN, source)]


def found(sources: Sequence[Source], words: str) -> list[Source]:
    """Those that have every word in their names, number or maintainers."""
    wanted = words.casefold().split()
    return [source for source in sources if all(word in _text(source) for word in wanted)]


def _text(source: Source) -> str:
    parts = (
        source.display_name,
        str(source.identifier),
        source.program,
        source.platform,
        *source.maintainers,
    )
    return " ".join(parts).casefold()


def everybody(sources: Sequence[Source]) -> list[str]:
    """Each maintainer of these data sources once, in alphabetical order: of several spellings the plainest."""
    entries = {entry for source in sources for entry in source.maintainers}
    plainest_last = sorted(
        entries, key=lambda entry: (is_odd(entry), len(entry), entry != folded(entry), entry), reverse=True
    )
    people = {folded(entry): entry for entry in plainest_last}
    return [people[key] for key in sorted(people)]


def odd_entries(sources: Sequence[Source]) -> list[str]:
    """The entries that are anything but an address written plainly."""
    entries = {entry for source in sources for entry in source.maintainers}
    return sorted(filter(is_odd, entries))


def rows(sources: Sequence[Source], people: Sequence[str], chosen: Sequence[str] = ()) -> list[SourceMarks]:
    """The table of data sources by people; `chosen` are identifiers as they were posted."""
    return [
        SourceMarks(source, str(source.identifier) in chosen, [_mark(person, source) for person in people])
        for source in sources
    ]


def _mark(person: str, source: Source) -> ListedMark:
    entries = [entry for entry in source.maintainers if folded(entry) == folded(person)]
    note = ", ".join(map(label_of, entries)) if entries not in ([], [person]) else ""
    return ListedMark(label_of(person), bool(entries), note)
