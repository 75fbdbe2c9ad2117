"""Links as values."""

from typing import NamedTuple


class Link(NamedTuple):
    """A label and the address it leads to, for a list of them under a page's heading."""

    label: str
    url: str
