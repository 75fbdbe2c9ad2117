"""Which column of a file means what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

METADATA = "metadata"


@dataclass(frozen=True)
class Column:
    """A column that a kind of record knows. `synonyms` are compared like names: without case, blanks or punctuation.

    `json_column` is where a text stands as JSON that a cell cannot hold so that it is safe to open and comes back as it was.
    """

    name: str
    help: str
    example: str | float
    required: bool = False
    synonyms: tuple[str, ...] = ()
    holds: Literal["time", "number", "text"] = "text"
    json_column: str = ""


def gives(columns: Iterable[str], member: str) -> bool:
    """Whether columns by their canonical names have a place for a member of the record, be it empty."""
    return any(column == member or column.startswith(f"{member}.") for column in columns)
