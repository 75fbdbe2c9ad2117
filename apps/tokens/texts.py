"""The text of a token: `axp_`, eight characters by which it is recognised, and a secret of 256 bits."""

import hashlib
import re
import secrets
import string
from typing import NamedTuple

MARK = "axp_"
LETTERS = string.ascii_lowercase + string.digits
SHAPE = re.compile(r"axp_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")  # `portal.logs` hides what looks so


class TokenText(NamedTuple):
    """The whole text, and the part that may be seen."""

    text: str
    prefix: str


def fresh() -> TokenText:
    """A token nobody has had."""
    prefix = MARK + "".join(secrets.choice(LETTERS) for _ in range(8))
    return TokenText(f"{prefix}_{secrets.token_urlsafe(32)}", prefix)


def digest_of(text: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether it looks like one at all."""
    return bool(SHAPE.fullmatch(text))
