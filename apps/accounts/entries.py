"""Maintainers as AuroraX holds them, for people to tell apart: any text, of which most are e-mail addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from apps.permissions.addresses import addresses_in, folded, is_one_address, trimmed

KEY_BYTES = 9
VISIBLE = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "⏎", "\u00a0": "⍽"}  # where they stand around an entry
NOBODY = "It gives nobody access here: whether AuroraX gives any is not known."


@dataclass(frozen=True)
class Entry:
    """One entry of a list. `address` is empty where it is not one; `parts` are the addresses in it then.

    `number` is how many entries are written just so: whoever removes one means that as many less one stay.
    """

    text: str
    address: str
    parts: Sequence[str]
    number: int
    remarks: Sequence[str]
    is_you: bool = False

    @property
    def key(self) -> str:
        """Stands for the text in forms, which would change its line ends."""
        return key_of(self.text)

    @property
    def label(self) -> str:
        """The text, with what cannot be seen made visible."""
        return label_of(self.text)


def entries_of(maintainers: Sequence[str], *, you: str = "") -> list[Entry]:
    """All entries as they stand; `you` is the address of whoever looks."""
    return [_entry(place, maintainers, you) for place in range(len(maintainers))]


def key_of(text: str) -> str:
    """Stands for an entry, whatever is in it."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).hexdigest()


def label_of(text: str) -> str:
    """An entry as people can read it: blanks around it are shown, and an empty one is named."""
    if not text:
        return "(empty entry)"
    inner = trimmed(text)
    before, _, after = text.partition(inner) if inner else (text, "", "")
    return _visible(before) + inner + _visible(after)


def is_odd(text: str) -> bool:
    """Whether an entry is anything but an address, written plainly."""
    return text != trimmed(text) or not is_one_address(text)


def _visible(blanks: str) -> str:
    return "".join(VISIBLE.get(blank, "␣") for blank in blanks)


def _entry(place: int, maintainers: Sequence[str], you: str) -> Entry:
    text = maintainers[place]
    address = trimmed(text) if is_one_address(text) else ""
    parts = [] if address else addresses_in(text)
    number = list(maintainers).count(text)
    remarks = [*_nature(text, address, parts), *_doubles(place, maintainers)]
    return Entry(text, address, parts, number, remarks, is_you=bool(address) and folded(text) == folded(you))


def _nature(text: str, address: str, parts: Sequence[str]) -> list[str]:
    if address:
        return ["Blanks stand around it; they make no difference for access."] if text != address else []
    if not trimmed(text):
        return [f"There is nothing in it. {NOBODY}"]
    if len(parts) > 1:
        return [f"{len(parts)} addresses in one entry. {NOBODY}"]
    if parts:
        return [f"More than an e-mail address. {NOBODY}"]
    return [f"No e-mail address. {NOBODY}"]


def _doubles(place: int, maintainers: Sequence[str]) -> list[str]:
    """Says of a later entry that an earlier one is the same person."""
    text = maintainers[place]
    first = next(entry for entry in maintainers if folded(entry) == folded(text))
    if first == text:
        return ["Written just so a second time."] if text in maintainers[:place] else []
    return [f"The same person as {label_of(first)}."] if folded(text) else ["Empty, as one above."]
