"""What the headers of a file mean: which column of the record each stands for."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import isfinite

from apps.readers.errors import UnreadableFile
from apps.readers.split_times import QUESTION, TOGETHER, Split, split_times
from apps.validation import values
from apps.validation.angle_formats import AngleFormat, formats_of
from apps.validation.columns import METADATA, Column
from apps.validation.row import IDENTITY
from apps.validation.time_formats import DECLARED, TimeFormat
from apps.validation.time_parts import MARK, part_of
from apps.validation.value_formats import ValueFormats

SAMPLES = 3  # values of a column that are looked at and shown
IGNORE = ""  # what an ignored header is mapped to


REASONS = "rejected_because"  # a column of the portal's own: why a row was rejected before
AS_SEPARATOR = " as "  # between a column and how its times are written: "epoch as Unix seconds"


# Columns that say whose record it is; search results carry them, and the rest of `data_source` is of no interest here.
SOURCE_COLUMNS = {name: name for name in IDENTITY} | {f"data_source.{name}": name for name in IDENTITY}


@dataclass(frozen=True)
class HeaderMapping:
    """Headers and what they mean: a canonical column name, `IGNORE`, or None for one that is not known. `numbers` are the first
    values of columns of numbers that may be times, if somebody says so; `split` are times that stand in several columns.
    """

    headers: Sequence[str]
    names: Sequence[str | None]
    numbers: Mapping[str, Sequence[float]] = field(default_factory=dict)
    split: Split = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """Headers that somebody has to map or ignore."""
        return [header for header, name in zip(self.headers, self.names, strict=True) if name is None]

    @property
    def kept(self) -> list[str]:
        """The canonical names, in the order of the file."""
        return [name for name in self.names if name]


class HeaderMatcher:
    """What a header stands for: by what the person chose (`mapping`), by name, or by synonym.

    An exact spelling wins. In other letters or punctuation a header stands for a column only if it can be no other: `B` is
    neither `B+` nor `B-`. A chosen meaning may say how times are written: "epoch as Unix seconds". That is set in `value_formats`.
    """

    def __init__(
        self, columns: Sequence[Column], mapping: Mapping[str, str], value_formats: ValueFormats | None = None
    ) -> None:
        self.required = [column.name for column in columns if column.required]
        self._mapping, self._headers = dict(mapping), frozenset[str]()
        # The file of next month may spell a chosen header in other letters.
        self._spelt_alike = _alike(mapping)
        self._value_formats = value_formats or ValueFormats()
        self._times = {column.name for column in columns if column.holds == "time"}
        self._angles = {each.name: formats_of(each.name) for each in columns if each.holds == "number"}
        described = [column for column in columns if _is_member(column.name)]
        self._described = {spelling: each.name for each in described for spelling in each.synonyms}
        self._own_spellings = {
            METADATA: METADATA,
            **{
                spelling: column.name
                for column in reversed(columns)
                if not _is_member(column.name)
                for spelling in (*column.synonyms, column.name)
            },
            **SOURCE_COLUMNS,
        }
        self._own = {_simple(spelling): name for spelling, name in self._own_spellings.items()}
        self._described_alike = _alike(self._described)

    def of(self, header: str) -> str | None:
        """The canonical column name, `IGNORE`, or None when nobody knows."""
        if header in self._mapping:
            return self._chosen(self._mapping[header])
        known = self._known(header)
        alike = self._spelt_alike.get(_simple(header), [])
        if len(alike) == 1 and alike[0] not in self._headers:
            meaning = self._mapping[alike[0]]
            is_another = header.strip() in self._described and meaning.partition(AS_SEPARATOR)[0] != known
            return None if is_another else self._chosen(meaning)
        return known

    def match(self, headers: Sequence[str]) -> HeaderMapping:
        """The meaning of every header. Raises `UnreadableFile` when two mean the same column."""
        if strange := next((header for header in headers if not header.isprintable()), None):
            raise UnreadableFile(f"The name of a column holds a character that cannot be shown: {strange!a}.")
        self._headers = frozenset(headers)
        names = self._without_guesses(headers, [self.of(header) for header in headers])
        _refuse_doubles(headers, names)
        return HeaderMapping(headers, names)

    def require_time_format(
        self, matching: HeaderMapping, samples: Sequence[Sequence[object]]
    ) -> HeaderMapping:
        """Times that are bare numbers mean nothing yet: their headers are unknown until somebody says what they count.

        `samples` are the first values of the columns, in the same order; none where there is none.
        """
        split = split_times(matching.headers, matching.names, samples, self._times)
        if split and self._value_formats.answers.get(QUESTION, TOGETHER) == TOGETHER:
            matching = replace(matching, names=_with_parts(matching, split))
        names = [
            None if name in self._times and self._is_undeclared(name, first) else name
            for name, first in zip(matching.names, samples, strict=True)
        ]
        numbers = {
            header: found
            for header, name, first in zip(matching.headers, matching.names, samples, strict=True)
            if (name is None or name in self._times) and (found := _numbers(first))
        }
        return replace(matching, names=names, numbers=numbers, split=split)

    def _known(self, header: str) -> str | None:
        prefix, dot, rest = header.strip().partition(".")
        if dot and rest and prefix.lower() == METADATA:
            return f"{METADATA}.{rest}"
        if dot and _simple(prefix) == "datasource" and _simple(rest) not in map(_simple, IDENTITY):
            return "data_source.identifier" if _simple(rest) == "identifier" else IGNORE
        spelt, simple = header.strip(), _simple(header)
        if spelt == REASONS:
            return IGNORE
        if spelt in self._described and spelt not in self._own_spellings:
            return self._described[spelt]
        alike = self._described_alike.get(simple, [])
        return self._own.get(simple) or (self._described[alike[0]] if len(alike) == 1 else None)

    def _without_guesses(self, headers: Sequence[str], names: Sequence[str | None]) -> list[str | None]:
        """None for those that were taken for a described field by other letters, where another header may be it too."""
        often = {name for name, count in Counter(names).items() if name and count > 1}
        guessed = {_simple(spelling): name for spelling, name in self._described.items()}
        return [
            None if name in often and header not in self._mapping and name == guessed.get(_simple(header))
            and header.strip() not in self._described else name
            for header, name in zip(headers, names, strict=True)
        ]  # fmt: skip

    def _chosen(self, meaning: str) -> str:
        name, has_format, time_format = meaning.partition(AS_SEPARATOR)
        if has_format and time_format in self._angles.get(name, ()):
            self._value_formats.angle_formats[name] = AngleFormat(time_format)
            return name
        if has_format and name not in self._times:  # "metadata.known as x"
            return meaning
        if has_format:
            self._value_formats.time_formats[name] = TimeFormat(time_format)
        return name

    def _is_undeclared(self, name: str, samples: Sequence[object]) -> bool:
        is_declared = self._value_formats.time_formats.get(name) in DECLARED
        return not is_declared and any(map(values.is_number, samples[:1]))


def require(matching: HeaderMapping, required: Sequence[str]) -> None:
    """Raise `UnreadableFile` when a required column is missing and no unknown header is left that could be it."""
    given = {*matching.names, *(part[0] for name in matching.names if (part := part_of(name)))}
    missing = [name for name in required if name not in given]
    if missing and not matching.unknown:
        message = f"The file has no column {_listed(missing)}. Name the columns in the first line."
        raise UnreadableFile(message, matching.headers)


def _with_parts(matching: HeaderMapping, split: Split) -> list[str | None]:
    """What headers mean, the parts of times as such: `epoch/date`."""
    parts = {header: f"{whole}{MARK}{part}" for whole, each in split.items() for part, header in each.items()}
    return [parts.get(header, name) for header, name in zip(matching.headers, matching.names, strict=True)]


def _numbers(samples: Sequence[object]) -> list[float]:
    """All of them; none where one is no number, or none that can be a time."""
    if not samples or not all(map(values.is_number, samples)):
        return []
    with suppress(OverflowError):
        # `float` does not take all the blanks that `strip` does.
        bare = (each.strip() if isinstance(each, str) else each for each in samples)
        found = [float(each) for each in bare]  # type: ignore[arg-type]
        return found if all(map(isfinite, found)) else []
    return []


def _simple(header: str) -> str:
    """`Epoch (UTC)` and `epoch_utc` are one."""
    return re.sub(r"[\W_]+", "", header.lower())


def _alike(spellings: Iterable[str]) -> dict[str, list[str]]:
    """Those that differ in case and punctuation only; without any that are nothing else."""
    found: dict[str, list[str]] = {}
    for spelling in spellings:
        if simple := _simple(spelling):
            found.setdefault(simple, []).append(spelling)
    return found


def _is_member(name: str) -> bool:
    return name.startswith(f"{METADATA}.")


def _refuse_doubles(headers: Sequence[str], names: Sequence[str | None]) -> None:
    first: dict[str, int] = {}
    for place, (header, name) in enumerate(zip(headers, names, strict=True)):
        if name == IGNORE:
            continue
        meaning = name or header
        if meaning in first:
            earlier = headers[first[meaning]]
            raise UnreadableFile(
                f"The columns “{earlier}” ({first[meaning] + 1}) and “{header}” ({place + 1}) both stand for"
                f" {meaning}. Keep one of them."
            )
        first[meaning] = place


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
