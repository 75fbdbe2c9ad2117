"""E-mail addresses where AuroraX holds any text: which of them stand for one person, and which for none.

Letter case and blanks around it do not make two people. An entry that is more than one address (`a@x.org, b@x.org`, or a
name with an address) stands for nobody: whether AuroraX itself takes it apart is not known.
"""

import re

BLANK = r"\s\u200b-\u200d\u2060\ufeff"  # those that have no width too: nobody sees them
ADDRESS = re.compile(rf"[^{BLANK},;<>()\[\]\"'|@]+@[^{BLANK},;<>()\[\]\"'|@]+")
AROUND = re.compile(rf"^[{BLANK}]+|[{BLANK}]+$")


def trimmed(entry: str) -> str:
    """Without the blanks around it."""
    return AROUND.sub("", entry)


def folded(entry: str | None) -> str:
    """What is the same for all spellings of one address; empty for none."""
    return trimmed(entry or "").lower()


def is_same(one: str | None, other: str | None) -> bool:
    """Whether both are the same person's; nobody's where one is empty."""
    return bool(folded(one)) and folded(one) == folded(other)


def is_one_address(entry: str) -> bool:
    """Whether an entry is an address and nothing else, but for blanks around it."""
    return bool(ADDRESS.fullmatch(trimmed(entry)))


def addresses_in(entry: str) -> list[str]:
    """All addresses within an entry, each once."""
    found = {folded(address): address for address in reversed(ADDRESS.findall(entry))}
    return list(reversed(found.values()))
