"""Forms that ask before they take an address which may be a slip."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.accounts.address_book import NOBODY_KNOWN, AddressBook
from apps.ui.forms import PortalForm

SURE = "sure"  # of the check boxes, each with the address that somebody is sure of


class AddressCheckingForm(PortalForm):
    """`find_book` is asked for only where there is an address to check. `doubted` are those that have to be confirmed, each by a
    check box `sure` whose value is the address: another address is asked about anew.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.find_book: Callable[[], AddressBook] = lambda: NOBODY_KNOWN
        self.doubted: list[str] = []

    def confirmed(self) -> list[str]:
        """The addresses somebody has said to be sure of."""
        return self.data.getlist(SURE) if isinstance(self.data, QueryDict) else []

    def check_addresses(self, addresses: Iterable[str]) -> None:
        """Raises ValidationError with every doubt there is about an address nobody has confirmed."""
        unconfirmed = [each for each in addresses if each not in self.confirmed()]
        if not unconfirmed:
            return
        book = self.find_book()
        doubts = {address: doubt for address in unconfirmed if (doubt := book.doubt(address))}
        self.doubted += doubts
        if doubts:
            raise ValidationError([f"{doubt} Correct it, or confirm it." for doubt in doubts.values()])
