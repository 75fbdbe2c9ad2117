"""Everybody with an AuroraX account, and the data sources they look after. For Administrators."""

from collections import Counter
from dataclasses import dataclass

from apps.accounts.models import User
from apps.aurorax import Account, AuroraX
from apps.permissions import Action, check
from apps.permissions.addresses import folded


@dataclass(frozen=True)
class PersonWithSources:
    """An account with the number of data sources it owns and maintains."""

    account: Account
    owns: int
    maintains: int


def people(*, by: User, client: AuroraX, role: str = "", words: str = "") -> list[PersonWithSources]:
    """Accounts in alphabetical order of e-mail address; `words` are looked for in names and addresses.

    Raises `NotAllowed` for anybody but Administrators, as AuroraX does (API: GET /accounts).
    """
    check(by, Action.PEOPLE_SEE)
    sources = client.sources.directory()
    owned = Counter(folded(source.owner) for source in sources)
    maintained = Counter(entry for source in sources for entry in set(map(folded, source.maintainers)))
    return [
        PersonWithSources(
            account, owned[folded(account.email_address)], maintained[folded(account.email_address)]
        )
        for account in sorted(
            client.accounts.list(role=role or None), key=lambda each: each.email_address.lower()
        )
        if _matches(account, words)
    ]


def _matches(account: Account, words: str) -> bool:
    text = f"{account.first_name} {account.last_name} {account.email_address}".lower()
    return all(word in text for word in words.lower().split())
