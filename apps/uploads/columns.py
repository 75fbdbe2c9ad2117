"""Which column of a file means what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from apps.uploads import cells
from apps.uploads.cells import DECLARED, Spelling
from apps.uploads.notation import Notation
from apps.uploads.row_check import IDENTITY

METADATA = "metadata"
IGNORE = ""  # what an ignored header is mapped to
AS = " as "  # between a column and how its times are written: "epoch as Unix seconds"
# Columns that say whose record it is; search results carry them, and the rest of `data_source` is of no interest here.
SOURCE_COLUMNS = {name: name for name in IDENTITY} | {f"data_source.{name}": name for name in IDENTITY}


class NotReadable(Exception):
    """The file as a whole cannot be read; the sentence says why, where, and what to do. `headers` where they are known."""

    def __init__(self, sentence: str, headers: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = headers


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


@dataclass(frozen=True)
class Matching:
    """Headers and what they mean: a canonical column name, `IGNORE`, or None for one that is not known."""

    headers: Sequence[str]
    names: Sequence[str | None]

    @property
    def unknown(self) -> list[str]:
        """Headers that somebody has to map or ignore."""
        return [header for header, name in zip(self.headers, self.names, strict=True) if name is None]

    @property
    def kept(self) -> list[str]:
        """The canonical names, in the order of the file."""
        return [name for name in self.names if name]


class Meanings:
    """What a header stands for: by what the person chose (`mapping`), by name, or by synonym.

    A chosen meaning may say how times are written: "epoch as Unix seconds". That is set in `notation`.
    """

    def __init__(
        self, columns: Sequence[Column], mapping: Mapping[str, str], notation: Notation | None = None
    ) -> None:
        self.required = [column.name for column in columns if column.required]
        # As it is spelt; the file of next month may spell it in other letters.
        self._mapping = {_simple(header): meaning for header, meaning in mapping.items()} | dict(mapping)
        self._notation = notation or Notation()
        self._times = {column.name for column in columns if column.holds == "time"}
        self._known = {_simple(name): canonical for name, canonical in SOURCE_COLUMNS.items()}
        self._known[METADATA] = METADATA
        for column in columns:
            for spelling in (column.name, *column.synonyms):
                self._known.setdefault(_simple(spelling), column.name)

    def of(self, header: str) -> str | None:
        """The canonical column name, `IGNORE`, or None when nobody knows."""
        for spelt in (header, _simple(header)):
            if spelt and spelt in self._mapping:
                return self._chosen(self._mapping[spelt])
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

    def question(self, matching: Matching, samples: Sequence[object]) -> Matching:
        """Times that are bare numbers mean nothing yet: their headers are unknown until somebody says what they count.

        `samples` are the first values of the columns, in the same order; None where there is none.
        """
        names = [
            None if name in self._times and self._is_undeclared(name, sample) else name
            for name, sample in zip(matching.names, samples, strict=True)
        ]
        return replace(matching, names=names)

    def _chosen(self, meaning: str) -> str:
        name, told, spelling = meaning.partition(AS)
        if told:
            self._notation.spellings[name] = Spelling(spelling)
        return name

    def _is_undeclared(self, name: str, sample: object) -> bool:
        return self._notation.spellings.get(name) not in DECLARED and cells.is_number(sample)


def require(matching: Matching, required: Sequence[str]) -> None:
    """Raise `NotReadable` when a required column is missing and no unknown header is left that could be it."""
    missing = [name for name in required if name not in matching.names]
    if missing and not matching.unknown:
        sentence = f"The file has no column {_listed(missing)}. Name the columns in the first line."
        raise NotReadable(sentence, matching.headers)


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
