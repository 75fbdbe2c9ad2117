"""Selected records as unbroken runs: AuroraX deletes ephemeris by range, and a range takes everything in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Run:
    """Selected records from `first` to `last` epoch (`YYYY-MM-DDTHH:MM:SS`, UTC) with no other record between them."""

    first: str
    last: str
    count: int


def runs_of(keys: Iterable[str], selected: Iterable[str]) -> list[Run]:
    """The runs of those that are selected; `keys` are the epochs of all records, in order."""
    is_selected = set(selected).__contains__
    grouped = [list(group) for chosen, group in groupby(keys, key=is_selected) if chosen]
    return [Run(group[0], group[-1], len(group)) for group in grouped]
