"""Adding or removing one entry, as a change to whatever list there is.

AuroraX keeps any text as a maintainer. A removal takes exactly one entry away, as it is written; who adds somebody learns
where they are listed already, in whatever case and with whatever blanks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from apps.accounts.entries import label_of
from apps.accounts.list_worries import list_worries
from apps.aurorax import DataSource, errors
from apps.permissions.addresses import addresses_in, is_same


class Verb(StrEnum):
    """What is done to a list of maintainers."""

    ADD = "add"
    REMOVE = "remove"
    SPLIT = "split"


@dataclass(frozen=True)
class MaintainerChange:
    """Put one e-mail address on a list of maintainers, take an entry off, or put the addresses in an entry in its place.

    A removal or split that is `exact` means the entry that is written just so; else `address` may be written in another
    way there, and `settled` says how. Of several that are written just so, `left` stay.
    """

    verb: Verb
    address: str
    exact: bool = False
    left: int = 0

    def settled(self, maintainers: Sequence[str]) -> "MaintainerChange":
        """The same with the entry that this list has for the address.

        Raises `errors.Refused` where there are several, and none is written just so: which is meant, only a person knows.
        """
        if self.verb is Verb.ADD or self.exact:
            return self
        meant = {self.address} & set(maintainers) or set(entries_for(self.address, maintainers))
        if len(meant) > 1:
            listed = ", ".join(sorted(map(label_of, meant)))
            raise errors.Refused(
                f"Several entries are this address in other letters: {listed}. Remove them one by one, on the page of the data source."
            )
        return replace(self, address=next(iter(meant), self.address), exact=True)

    def is_made(self, maintainers: Sequence[str]) -> bool:
        """Whether the list already is as wanted. Only of a settled change."""
        if self.verb is Verb.ADD:
            return is_listed(self.address, maintainers)
        return list(maintainers).count(self.address) <= self.left

    def on(self, maintainers: Sequence[str]) -> list[str]:
        """The list after the change: everybody else stays where and as they are. Only of a settled change."""
        if self.verb is Verb.ADD:
            return [*maintainers] if self.is_made(maintainers) else [*maintainers, self.address]
        kept: list[str] = []
        stay = self.left
        for entry in maintainers:
            if entry != self.address or stay > 0:
                kept.append(entry)
                stay -= entry == self.address
            elif self.verb is Verb.SPLIT:
                kept += [part for part in addresses_in(entry) if not is_listed(part, [*maintainers, *kept])]
        return kept

    @property
    def label(self) -> str:
        """The entry as people can read it."""
        return label_of(self.address)

    def summary(self) -> str:
        """In the past tense, for the activity."""
        if self.verb is Verb.ADD:
            return f"Added {self.label} to the maintainers"
        if self.verb is Verb.SPLIT:
            return f"Split {self.label} among the maintainers"
        return f"Removed {self.label} from the maintainers"


def entries_for(address: str, maintainers: Sequence[str]) -> list[str]:
    """The entries that are this address, in whatever case and with whatever blanks around."""
    return [listed for listed in maintainers if is_same(listed, address)]


def is_listed(address: str, maintainers: Sequence[str]) -> bool:
    """Whether the address is among the maintainers, however it is written."""
    return bool(entries_for(address, maintainers))


def removal_worries(change: MaintainerChange, source: DataSource, own_address: str) -> list[str]:
    """What somebody should think of before a settled removal is made on `source`."""
    before, after = source.maintainers, change.on(source.maintainers)
    return list_worries(before, after, name=source.display_name, own_address=own_address)
