"""What every reader answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.uploads.columns import Column, Matching
from apps.uploads.findings import Findings


@dataclass(frozen=True)
class Layout:
    """What a reader needs to know: the columns there may be, what the person chose for the unknown ones, and where to
    tell of rows that cannot be read.
    """

    columns: Sequence[Column]
    mapping: Mapping[str, str]
    findings: Findings


@dataclass(frozen=True)
class Table:
    """An opened file. `rows` yields (line of the file, row by canonical column name), or None for a row that could not
    be read and has been told of; iterating raises `NotReadable` where the file breaks off.
    """

    format: str
    dialect: str
    matching: Matching
    rows: Iterator[tuple[int, Mapping[str, Any] | None]]
