"""What a column of a file can be, as the form that asks about it lists it, and which of these is chosen beforehand."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from apps.readers.headers import AS_SEPARATOR, IGNORE
from apps.records.types import RecordType
from apps.uploads.time_choices import TimeChoices
from apps.validation.angle_formats import AXES, formats_of
from apps.validation.columns import METADATA
from apps.validation.time_parts import MARK, part_of

OWN_METADATA = "(metadata)"
IGNORED = "ignore"  # "" would be no choice at all
# How much alike two names are that are meant to be one: `longitud` and `longitude`, but neither `mlat` and `lat`, nor anything
# with a word or a digit more.
ALIKE, SHORTEST, MOST_LETTERS_MORE = 0.85, 5, 2
_one_word = re.compile(r"[A-Z]?[a-z]+|[A-Z]+").fullmatch


def choices(
    header: str, kind: RecordType, given: Iterable[str | None], times: TimeChoices
) -> list[tuple[str, str]]:
    """What a column can be: times also as numbers, which have to be declared. Whatever is `given` can be chosen, too."""
    found = [(IGNORED, "Ignore this column"), (OWN_METADATA, "Metadata, under its own name")]
    for column in kind.columns:
        found.append((column.name, f"{column.name}: {column.help}"))
        if column.holds == "time":
            found += times.of(header, column.name) + times.parts(column.name)
        if times.shows_parts:
            found += [
                (f"{column.name}{AS_SEPARATOR}{each}", f"{column.name}, as {each}")
                for each in formats_of(column.name)
            ]
    if times.shows_parts:
        found += _axes(kind)
    for meaning in filter(None, given):
        if not {meaning, choice_of(meaning, header)} & {choice for choice, _ in found}:
            found.append((meaning, meaning))
    return found


def _axes(kind: RecordType) -> list[tuple[str, str]]:
    """A place may be given by x, y and z, in any unit of length."""
    wholes = dict.fromkeys(each.name.rpartition(".")[0] for each in kind.columns if formats_of(each.name))
    return [(f"{whole}{MARK}{axis}", f"{whole}, by x, y and z: {axis}") for whole in wholes for axis in AXES]


def proposals(
    columns: Sequence[tuple[str, str | None]], kind: RecordType, times: TimeChoices
) -> dict[str, str]:
    """Header -> what is chosen beforehand, for columns that nobody knows: no two of them the same."""
    taken = {name.partition(MARK)[0] if part_of(name) else name for _, name in columns if name}
    found: dict[str, str] = {}
    for header in (header for header, name in columns if name is None):
        proposed = times.proposed(header) or _alike(header, kind)
        column = proposed.partition(" ")[0]
        if proposed and column not in taken:
            taken.add(column)
            found[header] = proposed
    return found


def choice_of(meaning: str | None, header: str) -> str:
    """The choice for what a column means."""
    if meaning == IGNORE:
        return IGNORED
    return OWN_METADATA if meaning == f"{METADATA}.{header}" else meaning or ""


def meaning_of(header: str, choice: str) -> str:
    """What a column means, by what was chosen."""
    if choice == OWN_METADATA:
        return f"{METADATA}.{header}"
    return IGNORE if choice == IGNORED else choice


def _alike(header: str, kind: RecordType) -> str:
    """The column whose name this is nearly; empty where there is none, or more than one."""
    word = header.strip().lower()
    if not _one_word(header.strip()) or len(word) < SHORTEST:
        return ""
    spellings = {
        spelling: column.name for column in kind.columns for spelling in (*column.synonyms, column.name)
    }
    near = [
        spelling
        for spelling in get_close_matches(word, spellings, cutoff=ALIKE)
        if spelling[0] == word[0] and abs(len(spelling) - len(word)) <= MOST_LETTERS_MORE
    ]
    names = {spellings[spelling] for spelling in near}
    return names.pop() if len(names) == 1 else ""
