"""What a place offers, and what it is refused for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from apps.outbound.fetching import FetchLimits, Validators

MOST_OFFERS = 500  # of one look
LONGEST_ADDRESS = 1000  # characters
TOO_MANY = f"There are more than {MOST_OFFERS} files. Take away the old ones, or make several feeds of it."


class FeedRefused(Exception):
    """It cannot be done; `message` says why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class FeedOffer:
    """One file. `fetch` writes it, unless it is as it was; it raises `NotFetched` and `AddressRefused`."""

    address: str
    name: str
    fetch: Callable[[IO[bytes], Validators, FetchLimits], Validators | None]


def is_allowed_for(numbers: frozenset[int], identifier: int) -> bool:
    """Whether the operator allows a place for this data source."""
    return not numbers or identifier in numbers


def listed(allowed: Mapping[str, frozenset[int]], identifier: int) -> str:
    """The places that are allowed for it, in words."""
    return ", ".join(place for place, numbers in allowed.items() if is_allowed_for(numbers, identifier))
