"""What somebody should think of before people are taken off a list of maintainers."""

from collections.abc import Sequence

from apps.accounts.entries import label_of
from apps.permissions.addresses import is_same


def list_worries(before: Sequence[str], after: Sequence[str], *, name: str, own_address: str) -> list[str]:
    """One for the last maintainer, one for oneself; `name` is that of the data source."""
    worries = []
    if before and not after:
        last = (
            f"{label_of(before[0])} is the last maintainer"
            if len(before) == 1
            else "These are all maintainers"
        )
        worries.append(f"{last} of {name}: only its owner is left to look after it.")
    if _is_in(own_address, before) and not _is_in(own_address, after):
        worries.append(f"This is your own address: you would no longer be a maintainer of {name}.")
    return worries


def _is_in(address: str, entries: Sequence[str]) -> bool:
    return any(is_same(entry, address) for entry in entries)
