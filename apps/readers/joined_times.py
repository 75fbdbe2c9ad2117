"""Times that stand in several columns, whatever the format: put together in every batch of a table."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from typing import BinaryIO

from apps.readers import detection
from apps.readers.converted_places import with_degrees
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMapping
from apps.readers.split_times import APART, QUESTION, TOGETHER, Split
from apps.readers.table import Layout, Table
from apps.validation import time_parts
from apps.validation.batches import Batch
from apps.validation.batches import time_parts as parts_of_columns
from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question
from apps.validation.row import Row
from apps.validation.time_parts import part_of
from apps.validation.values import InvalidValue, parse_minute

CHOICES = {
    TOGETHER: "Yes: put them together",
    APART: "No: what each of these columns is will be asked below",
}
Parts = Mapping[str, Mapping[str, str]]  # column -> part -> its name in a batch, "epoch/date"


@contextmanager
def open_table(stream: BinaryIO, layout: Layout) -> Iterator[Table]:
    """The table in the file, for as long as the block lasts. Raises `UnreadableFile`."""
    with detection.open_table(stream, layout) as table:
        yield with_degrees(_with_whole_times(table, layout), layout)


def _with_whole_times(table: Table, layout: Layout) -> Table:
    parts = _parts(table.matching)
    if not parts and not table.matching.split:
        return table
    batches, questions = table.batches, [*table.questions]
    if parts:
        batches = (_joined(batch, parts) for batch in table.batches)
    if table.matching.split:
        is_answered = QUESTION in layout.value_formats.answers
        samples: list[str] = []
        if parts and not is_answered:
            samples, batches = _samples(batches, table)
        questions.append(_question(table.matching.split, samples))
    letters = {whole: table.places.letters.get(min(names.values()), "") for whole, names in parts.items()}
    places = (
        replace(table.places, letters={**table.places.letters, **letters})
        if table.places.letters
        else table.places
    )
    return replace(table, batches=batches, questions=questions, places=places)


def _parts(matching: HeaderMapping) -> Parts:
    """Raises `UnreadableFile` where they are no whole time."""
    found: dict[str, dict[str, str]] = {}
    for name in matching.kept:
        if place := part_of(name):
            found.setdefault(place[0], {})[place[1]] = name
    found = time_parts.with_shared_date(found)
    for whole, parts in found.items():
        if not time_parts.is_whole(parts) or whole in matching.kept:
            raise UnreadableFile(
                f"The columns that were said to be parts of {whole} ({', '.join(parts)}) are not one whole time: it takes a date, or a"
                " year with month and day or with the day of the year; and a time of day, or hour and minute, or the hours or"
                f" seconds of the day. No other column may be {whole}.",
                matching.headers,
            )
    return found


def _question(split: Split, samples: list[str]) -> Question:
    listed = "; ".join(
        f"{whole}: " + ", ".join(f"“{display_value(header)}”" for header in parts.values())
        for whole, parts in split.items()
    )
    return Question(
        QUESTION,
        f"The time of each row seems to stand in several columns ({listed}). Is it put together from them?",
        CHOICES,
        samples,
        TOGETHER,
    )


def _samples(batches: Iterator[Batch], table: Table) -> tuple[list[str], Iterator[Batch]]:
    """The times that come out of the first rows; and all batches, none of them lost."""
    try:
        first = [*islice(batches, 1)]
    except UnreadableFile as refusal:
        return [], map(_raise, [refusal])
    wholes = _parts(table.matching)
    shown = [
        f"{table.places.noun} {line:,}: {whole} {_shown(row[whole])}"
        for batch in first
        for line, row in islice(batch.rows(), SAMPLES // 3)
        for whole in wholes
        if row.get(whole)
    ]
    return shown, chain(first, batches)


def _raise(refusal: UnreadableFile) -> Batch:
    raise refusal


def _shown(text: object) -> str:
    try:
        return f"{display_value(text)} is {parse_minute(text).text} UTC"
    except InvalidValue as wrong:
        return f"{display_value(text)} ({wrong.rule.message})"


def _joined(batch: Batch, parts: Parts) -> Batch:
    """With whole times in place of their parts."""
    cells, names = batch.cells, {name for each in parts.values() for name in each.values()}
    if len(batch.lines):
        whole = [
            parts_of_columns.joined({part: batch.column(name) for part, name in each.items()}).alias(column)
            for column, each in parts.items()
        ]
        cells = cells.drop(names, strict=False).with_columns(whole)
    loose = [(line, _joined_row(row, parts)) for line, row in batch.loose_rows]
    absent = {name: rows for name, rows in batch.absent.items() if name not in names}
    return replace(batch, cells=cells, loose_rows=loose, absent=absent)


def _joined_row(row: Row, parts: Parts) -> Row:
    names = {name for each in parts.values() for name in each.values()}
    whole = {
        column: time_parts.joined({part: row.get(name) for part, name in each.items()})
        for column, each in parts.items()
    }
    return {name: value for name, value in row.items() if name not in names} | whole
