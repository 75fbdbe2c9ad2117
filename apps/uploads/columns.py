"""Which column of a file means what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.uploads.row_check import IDENTITY

METADATA = "metadata"
IGNORE = ""  # what an ignored header is mapped to
# Columns that say whose record it is; search results carry them, and the rest of `data_source` is of no interest here.
SOURCE_COLUMNS = {name: name for name in IDENTITY} | {f"data_source.{name}": name for name in IDENTITY}


class NotReadable(Exception):
    """The file as a whole cannot be read; the sentence says why, where, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Column:
    """A column that a kind of record knows. `synonyms` are compared like names: without case, blanks or punctuation."""

    name: str
    help: str
    example: str | float
    required: bool = False
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matching:
    """Headers and what they mean: a canonical column name, `IGNORE`, or None for one that is not known."""

    headers: Sequence[str]
    names: Sequence[str | None]

    @property
    def unknown(self) -> list[str]:
        """Headers that somebody has to map or ignore."""
        return [header for header, name in zip(self.headers, self.names, strict=True) if name is None]


class Meanings:
    """What a header stands for: by what the person chose (`mapping`), by name, or by synonym."""

    def __init__(self, columns: Sequence[Column], mapping: Mapping[str, str]) -> None:
        self.required = [column.name for column in columns if column.required]
        self._mapping = mapping
        self._known = {_simple(name): canonical for name, canonical in SOURCE_COLUMNS.items()}
        self._known[METADATA] = METADATA
        for column in columns:
            for spelling in (column.name, *column.synonyms):
                self._known.setdefault(_simple(spelling), column.name)

    def of(self, header: str) -> str | None:
        """The canonical column name, `IGNORE`, or None when nobody knows."""
        if header in self._mapping:
            return self._mapping[header]
        prefix, dot, rest = header.strip().partition(".")
        if dot and rest and prefix.lower() == METADATA:
            return f"{METADATA}.{rest}"
        if dot and prefix == "data_source" and rest not in IDENTITY:
            return header if rest == "identifier" else IGNORE
        return self._known.get(_simple(header))

    def match(self, headers: Sequence[str]) -> Matching:
        """The meaning of every header. Raises `NotReadable` when two mean the same column."""
        if strange := next((header for header in headers if not header.isprintable()), None):
            raise NotReadable(f"The name of a column holds a character that cannot be shown: {strange!a}.")
        names = [self.of(header) for header in headers]
        _refuse_doubles(headers, names)
        return Matching(headers, names)


def require(matching: Matching, required: Sequence[str]) -> None:
    """Raise `NotReadable` when a required column is missing and no unknown header is left that could be it."""
    missing = [name for name in required if name not in matching.names]
    if missing and not matching.unknown:
        raise NotReadable(f"The file has no column {_listed(missing)}. Name the columns in the first line.")


def _simple(header: str) -> str:
    """`Epoch (UTC)` and `epoch_utc` are one."""
    return re.sub(r"[^a-z0-9]+", "", header.lower())


def _refuse_doubles(headers: Sequence[str], names: Sequence[str | None]) -> None:
    first: dict[str, int] = {}
    for place, (header, name) in enumerate(zip(headers, names, strict=True)):
        if name == IGNORE:
            continue
        meaning = name or header
        if meaning in first:
            earlier = headers[first[meaning]]
            raise NotReadable(
                f"The columns “{earlier}” ({first[meaning] + 1}) and “{header}” ({place + 1}) both stand for"
                f" {meaning}. Keep one of them."
            )
        first[meaning] = place


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
