"""Adding or removing one person, as a change to whatever list there is."""

from dataclasses import dataclass
from enum import StrEnum

from apps.aurorax import DataSource


class Verb(StrEnum):
    """What is done to a list of maintainers."""

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True)
class Change:
    """Put one e-mail address on a list of maintainers, or take it off. Addresses compare without case."""

    verb: Verb
    address: str

    def is_made(self, source: DataSource) -> bool:
        """Whether the list already is as wanted."""
        return is_listed(self.address, source.maintainers) == (self.verb == Verb.ADD)

    def on(self, maintainers: tuple[str, ...]) -> list[str]:
        """The list after the change: everybody else stays where they are."""
        others = [listed for listed in maintainers if listed.casefold() != self.address.casefold()]
        return [*others, self.address] if self.verb == Verb.ADD else others

    def summary(self) -> str:
        """In the past tense, for the activity."""
        if self.verb == Verb.ADD:
            return f"Added {self.address} to the maintainers"
        return f"Removed {self.address} from the maintainers"


def is_listed(address: str, maintainers: tuple[str, ...]) -> bool:
    """Whether the address is among the maintainers, in whatever case it is written."""
    return address.casefold() in {listed.casefold() for listed in maintainers}


def removal_worries(address: str, source: DataSource, own_address: str) -> list[str]:
    """What somebody should think of before `address` is taken off the maintainers of `source`."""
    worries = []
    if is_listed(address, source.maintainers) and len(source.maintainers) == 1:
        worries.append(
            f"{address} is the last maintainer of {source.display_name}: only its owner is left to look after it."
        )
    if address.casefold() == own_address.casefold():
        worries.append(
            f"This is your own address: you would no longer be a maintainer of {source.display_name}."
        )
    return worries
