"""What a hand-over means for each data source, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from apps.accounts.address_book import AddressBook
from apps.accounts.entries import label_of
from apps.aurorax import DataSource
from apps.permissions import Role
from apps.permissions.addresses import folded, is_same


class PreviousOwner(StrEnum):
    """What becomes of the previous owner among the maintainers."""

    AS_IT_IS = "as it is"
    STAYS = "stays"
    GOES = "goes"


@dataclass(frozen=True)
class PlannedItem:
    """One data source: as it is, the owner it gets, and the entries that join and leave its maintainers."""

    source: DataSource
    owner: str
    add: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    worry: str = ""

    @property
    def is_made(self) -> bool:
        """Whether it is so already."""
        return is_made(self.source, self)

    @property
    def added(self) -> list[str]:
        """Who joins the maintainers, for people to read."""
        return [label_of(entry) for entry in self.add]

    @property
    def removed(self) -> list[str]:
        """Who leaves them."""
        return [label_of(entry) for entry in self.remove]


def planned(source: DataSource, new_owner: str, previous: PreviousOwner) -> PlannedItem:
    """What handing over one data source does to it."""
    owner = source.owner or ""
    add, remove = [], []
    if owner and not is_same(owner, new_owner):
        listed = [entry for entry in source.maintainers if is_same(entry, owner)]
        if previous is PreviousOwner.STAYS and not listed:
            add = [owner]
        if previous is PreviousOwner.GOES:
            remove = list(dict.fromkeys(listed))
    left = [entry for entry in source.maintainers if entry not in remove]
    worry = "It would have no maintainer then." if remove and not left else ""
    return PlannedItem(source, new_owner, add, remove, worry)


def people_fields(source: DataSource) -> dict[str, Any]:
    """Owner and maintainers of a data source, as they are kept with a hand-over and its events."""
    return {"owner": source.owner, "maintainers": list(source.maintainers)}


def maintainers_after(maintainers: Sequence[str], *, add: Sequence[str], remove: Sequence[str]) -> list[str]:
    """The list with these entries added and removed; everybody else stays where and as they are."""
    kept = [entry for entry in maintainers if entry not in remove]
    return kept + [entry for entry in add if entry not in kept]


def is_made(source: DataSource, wanted: Any) -> bool:
    """Whether a data source is as `wanted` (a `PlannedItem` or a `HandoverItem`) says."""
    after = maintainers_after(source.maintainers, add=wanted.add, remove=wanted.remove)
    return source.owner == wanted.owner and after == list(source.maintainers)


def worries(new_owner: str, book: AddressBook, items: Sequence[PlannedItem], own: str) -> list[str]:
    """What to think of before all of it."""
    found = []
    role = (book.accounts or {}).get(folded(new_owner))
    if role and role not in (Role.OWNER, Role.ADMINISTRATOR):
        found.append(
            f"{new_owner} has the role {role} in AuroraX, and can look after these data sources only with the role Owner. The"
            " AuroraX team changes roles."
        )
    if any(is_same(item.source.owner, own) for item in items) and not is_same(new_owner, own):
        found.append("Some of these are your own data sources: they would not be yours any more.")
    return found
