"""One thing that is unusual, and what is known of a data source to tell it from what is not."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from apps.validation.unusual.runs import Runs

LISTED = 5  # rows that are named


class Remark(msgspec.Struct, frozen=True):
    """A sentence and the rows it is about. `kind` and `detail` name it, so that "it is right" can be remembered for a data
    source: the same kind with another detail is told again.
    """

    kind: str
    text: str
    detail: str = ""
    count: int = 0  # rows
    rows: Sequence[int] = ()  # the first of them, as the file counts them
    is_sample: bool = False  # `count` is an estimate


def and_more(named: Sequence[str], count: int, *, is_sample: bool) -> str:
    """In words: `5, 6, 7 and 120 more`; of an estimate only `and more`."""
    more = count - len(named)
    words = "more" if is_sample else f"{more:,} more"
    return ", ".join(named) + (f" and {words}" if named and more > 0 else "")


class Known(NamedTuple):
    """What is known of a data source: its types, where AuroraX says it stands (degrees), and when it has records
    around the longest run of the file.
    """

    source_type: str
    instrument_type: str
    place: tuple[float, float] | None = None
    runs: Runs = ()
