"""What waits for a person: a message, and one link to act."""

from typing import NamedTuple


class Attention(NamedTuple):
    """What it is about, what there is to know, and where to act."""

    subject: str
    message: str
    label: str
    url: str
