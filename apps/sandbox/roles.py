"""Who may do what (API document, descriptions of each call; documentation page "Uploading data", the table).

A right is a role and a relation: an Owner has none on somebody else's source, a Maintainer only where listed.
"""

from apps.sandbox.errors import ApiError
from apps.sandbox.models import Account, DataSource, Role


def _folded(address: str) -> str:
    """Blanks and letter case make nobody another person. (Ours: AuroraX's rule is not known.)"""
    return address.strip().lower()


def _owns(account: Account, source: DataSource) -> bool:
    return account.role == Role.OWNER and _folded(account.email_address) == _folded(source.owner or "")


def _maintains(account: Account, source: DataSource) -> bool:
    listed = _folded(account.email_address) in [_folded(address) for address in source.maintainers or []]
    return account.role in (Role.MAINTAINER, Role.OWNER) and listed


def _is_administrator(account: Account) -> bool:
    return account.role == Role.ADMINISTRATOR


def check_may_create(account: Account) -> None:
    """Raises 403 unless the account may create data sources."""
    if account.role not in (Role.OWNER, Role.ADMINISTRATOR):
        raise ApiError(403, "Only the Data Source Owner or an Administrator may create new data sources.")


def check_may_change(account: Account, source: DataSource, *, verb: str) -> None:
    """Raises 403 unless the account may update or delete (`verb`) the source."""
    if not (_owns(account, source) or _is_administrator(account)):
        raise ApiError(403, f"Only the Data Source Owner or an Administrator may {verb} data sources.")


def check_may_give_to(account: Account, owner: str | None) -> None:
    """Raises 403 where somebody but an Administrator names another person as owner."""
    if owner and _folded(owner) != _folded(account.email_address) and not _is_administrator(account):
        raise ApiError(403, "Only an Administrator may make somebody else the owner of a data source.")


def check_may_write_records(account: Account, source: DataSource, *, verb: str, noun: str) -> None:
    """Raises 403 unless the account may post or delete (`verb`) the source's ephemeris data or data products (`noun`)."""
    if not (_owns(account, source) or _maintains(account, source) or _is_administrator(account)):
        whom = "the Data Source Owner, a Maintainer, or an Administrator"
        raise ApiError(403, f"Only {whom} may {verb} {noun}")


def check_administrator(account: Account, *, what: str) -> None:
    """Raises 403 unless the account is an Administrator's. `what` finishes the sentence."""
    if not _is_administrator(account):
        raise ApiError(403, f"Only an Administrator may {what}.")
