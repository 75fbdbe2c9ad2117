"""Everybody with an AuroraX account, and the data sources they look after. For Administrators."""

from collections import Counter
from dataclasses import dataclass

from apps.accounts.models import User
from apps.aurorax import Account, AuroraX
from apps.permissions import Action, check


@dataclass(frozen=True)
class Person:
    """An account with the number of data sources it owns and maintains."""

    account: Account
    owns: int
    maintains: int


def people(*, by: User, client: AuroraX, role: str = "", words: str = "") -> list[Person]:
    """Accounts in alphabetical order of e-mail address; `words` are looked for in names and addresses.

    Raises `NotAllowed` for anybody but Administrators, as AuroraX does (API: GET /accounts).
    """
    check(by, Action.PEOPLE_SEE)
    sources = client.sources.list(remembered=True)
    owned = Counter((source.owner or "").lower() for source in sources)
    maintained = Counter(address.lower() for source in sources for address in source.maintainers)
    return [
        Person(account, owned[account.email_address.lower()], maintained[account.email_address.lower()])
        for account in sorted(
            client.accounts.list(role=role or None), key=lambda each: each.email_address.lower()
        )
        if _matches(account, words)
    ]


def _matches(account: Account, words: str) -> bool:
    text = f"{account.first_name} {account.last_name} {account.email_address}".lower()
    return all(word in text for word in words.lower().split())
