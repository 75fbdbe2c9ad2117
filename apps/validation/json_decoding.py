"""JSON as files have it: with NaN, which Python and numpy write, and with names given twice, which must not pass.

Every JSON library takes the last of two members with one name without a word. Whole batches are read by msgspec all the
same: a batch whose text has as many names as its records have members repeats none.
"""

import json
import re
import sys
from typing import Any

import msgspec
import numpy as np

_name_end = re.compile(rb'"\s*:')
_ESCAPED = b"\\u00"  # may stand for a quotation mark, a blank or a colon
_TWENTY = b"0" * 20
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_encode = msgspec.json.Encoder().encode


class Decoder:
    """Python's own, which remembers the first name that stood twice in one object of what it has just read."""

    def __init__(self) -> None:
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object)
        self.repeated = ""

    def decode(self, text: str) -> Any:
        """All of a text. Raises ValueError and RecursionError."""
        self.repeated = ""
        return self._decoder.decode(text)

    def raw_decode(self, text: str, place: int) -> tuple[Any, int]:
        """What stands there, and where it ends. Raises like `decode`."""
        self.repeated = ""
        return self._decoder.raw_decode(text, place)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) and not self.repeated:
            names = [name for name, _ in pairs]
            twice = next(name for place, name in enumerate(names) if name in names[:place])
            self.repeated = f"“{twice}”"
        return found


def names_in(text: bytes) -> int:
    """How many names of members there are: never fewer than there are, more where a text holds `":` too."""
    characters = np.frombuffer(text, np.uint8)
    before = characters[np.flatnonzero(characters == ord(":")) - 1]
    if (before <= ord(" ")).any():  # few write a blank before a colon
        return sum(1 for _ in _name_end.finditer(text))
    return int(np.count_nonzero(before == ord('"')))


def may_repeat(text: bytes, decoded: Any) -> bool:
    """Whether a name may stand twice in an object of this text; `decoded` is all it holds. No is certain.

    Written again it has every name once, and as many texts that look like one.
    """
    return _ESCAPED in text or names_in(text) != names_in(_encode(decoded))


def has_long_number(text: bytes) -> bool:
    """Whether there may be a whole number in there of more digits than 64 bits have."""
    return _TWENTY in text.translate(_DIGITS_ALIKE)


def unwritable(value: object) -> object | None:
    """The first number in there, however deep, that JSON or a double cannot have; None where all is well."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return next((found for each in inside if (found := unwritable(each)) is not None), None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if abs(value) <= sys.float_info.max else value  # NaN is not
