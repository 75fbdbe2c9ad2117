"""Who looks after what, and whose address is known."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource, errors
from apps.maintainers.changes import is_listed
from apps.permissions import Action, decide


class Row(NamedTuple):
    """One data source, and for each person whether they maintain it."""

    source: DataSource
    chosen: bool
    marks: list[tuple[str, bool]]


def assignable(sources: Sequence[DataSource], *, by: User) -> list[DataSource]:
    """The data sources whose maintainers this person may assign."""
    return [source for source in sources if decide(by, Action.MAINTAINERS_ASSIGN, source)]


def found(sources: Sequence[DataSource], words: str) -> list[DataSource]:
    """Those that have every word in their names, number or maintainers."""
    wanted = words.casefold().split()
    return [source for source in sources if all(word in _text(source) for word in wanted)]


def _text(source: DataSource) -> str:
    parts = (
        source.display_name,
        str(source.identifier),
        source.program,
        source.platform,
        *source.maintainers,
    )
    return " ".join(parts).casefold()


def everybody(sources: Sequence[DataSource]) -> list[str]:
    """Each maintainer of these data sources once, in alphabetical order."""
    addresses = {address.casefold(): address for source in sources for address in source.maintainers}
    return [addresses[key] for key in sorted(addresses)]


def rows(sources: Sequence[DataSource], people: Sequence[str], chosen: Sequence[str] = ()) -> list[Row]:
    """The table of data sources by people; `chosen` are identifiers as they were posted."""
    return [
        Row(
            source,
            str(source.identifier) in chosen,
            [(address, is_listed(address, source.maintainers)) for address in people],
        )
        for source in sources
    ]


def known_addresses(sources: Sequence[DataSource], *, by: User, client: AuroraX) -> list[str]:
    """Addresses to offer: everybody seen on a data source and, for Administrators, every account.

    It is only an offer, so an accounts listing that fails is left out.
    """
    addresses = {source.owner for source in sources if source.owner} | set(everybody(sources))
    if decide(by, Action.PEOPLE_SEE):
        with suppress(errors.TryAgain):
            addresses |= {account.email_address for account in client.accounts.list()}
    return sorted(addresses, key=str.casefold)


def as_known(address: str, known: Sequence[str]) -> str:
    """The address as it is spelt elsewhere, where it is known in another case: AuroraX may tell cases apart."""
    return next((other for other in known if other.casefold() == address.casefold()), address)
