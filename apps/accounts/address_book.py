"""Whose address is known, and whether one that was typed may be a slip: `ownr2@…`, `exmaple.org`."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from apps.accounts.models import User
from apps.aurorax import Account, AuroraX, DataSource, ListedSource, errors
from apps.permissions import Action, decide
from apps.permissions.addresses import folded, is_one_address, is_same, trimmed

MOST_SLIPS = 2  # letters left out, put in, exchanged or swapped with their neighbour
CANNOT_TELL = "AuroraX lists accounts for Administrators only, so the portal cannot tell whether it has one."


@dataclass(frozen=True)
class AddressBook:
    """`known` are addresses to offer, as they are spelt; `accounts` the roles of all that have an account, by their
    folded addresses, or None where AuroraX does not list them for this person (API: GET /accounts), or not now.
    """

    known: Sequence[str] = ()
    accounts: Mapping[str, str] | None = None
    _folded: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", frozenset(map(folded, self.known)))

    def spelt(self, address: str) -> str:
        """As it is spelt elsewhere, where it is known in another case: AuroraX may keep cases apart."""
        return next((other for other in self.known if is_same(other, address)), address)

    def doubt(self, address: str) -> str:
        """Why this address should be looked at again before it is used; empty for one that is well known."""
        is_account = self.accounts is not None and folded(address) in self.accounts
        if is_account or (self.accounts is None and folded(address) in self._folded):
            return ""
        alike = self.like(address)
        question = f" Did you mean {alike}?" if alike else ""
        if self.accounts is not None:
            return f"No AuroraX account has the address {address}.{question}"
        return f"{address} is on no data source so far.{question} {CANNOT_TELL}" if alike else ""

    def like(self, address: str) -> str:
        """The known address, or one at a known place, that this is probably a slip of; empty where there is none."""
        name, _, place = folded(address).rpartition("@")
        known = [each.rpartition("@")[::2] for each in sorted(self._folded | (self.accounts or {}).keys())]
        places = sorted({there for _, there in known})
        at = place if place in places else _nearest(place, places)
        if not at:
            return ""
        names = [each for each, there in known if there == at]
        if at != place and name in names:
            return self.spelt(f"{name}@{at}")
        near = _nearest(name, names)
        return self.spelt(f"{near or name}@{at}") if near or at != place else ""


NOBODY_KNOWN = AddressBook()


def address_book(sources: Sequence[DataSource | ListedSource], *, by: User, client: AuroraX) -> AddressBook:
    """Everybody seen on a data source and, for Administrators, every account.

    It is only an offer, so an accounts listing that fails is left out.
    """
    entries = {source.owner or "" for source in sources} | {
        entry for source in sources for entry in source.maintainers
    }
    addresses = {folded(entry): trimmed(entry) for entry in sorted(entries) if is_one_address(entry)}
    accounts = _accounts(by, client)
    if accounts is not None:
        addresses |= {folded(account.email_address): account.email_address for account in accounts}
    known = sorted(addresses.values(), key=str.casefold)
    roles = {folded(account.email_address): account.role for account in accounts or ()}
    return AddressBook(known, None if accounts is None else roles)


def _accounts(by: User, client: AuroraX) -> list[Account] | None:
    if not decide(by, Action.PEOPLE_SEE):
        return None
    with suppress(errors.TryAgain):
        return [account for account in client.accounts.list() if not account.disabled]
    return None


def _nearest(text: str, others: Iterable[str]) -> str:
    """The one that is fewest slips away, up to `MOST_SLIPS`, and not more than one in four letters."""
    allowed = min(MOST_SLIPS, len(text) // 4)
    found = ((slips(text, other, allowed), other) for other in others if other != text)
    return min(((count, other) for count, other in found if count <= allowed), default=(0, ""))[1]


def slips(one: str, other: str, most: int) -> int:
    """How many slips lie between two texts: a letter left out, put in, exchanged, or two neighbours swapped. More than
    `most` are not counted further.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        two_before, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                least = min(least, two_before[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]
