"""Times an instrument operated: read from text, merged, and turned into minutes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from apps.aurorax import times
from apps.validation import values
from apps.validation.columns import METADATA
from apps.validation.values import InvalidValue

MOST_MINUTES = 6_000_000  # more than eleven years without a gap
MOST_TOLD = 20  # wrong lines
# Between the two times of a line: "2020-01-01 00:00 to 2020-01-01 06:00", "2020-01-01T00:00/2020-01-01T06:00".
BETWEEN = re.compile(r"\s+(?:to|until|-|\u2013)\s+|\s*[,;\t/]\s*", re.IGNORECASE)
IN_A_DATE = re.compile(r"\s*\d{4}(?:/\d{1,2})?")
STARTS, ENDS = ("start", "begin", "from", "first"), ("end", "stop", "to", "until", "last")
Metadata = tuple[tuple[str, str], ...]


class Interval(NamedTuple):
    """From one minute to another, both included, counted since 1970; and what is said of each of its records."""

    first: int
    last: int
    metadata: Metadata = ()
    line: int = 0  # of the text it is from


class WrongIntervals(Exception):
    """The text cannot be meant; `messages` say where and why."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(messages)
        self.messages = messages


def read(text: str, *, ends_included: bool) -> list[Interval]:
    """The intervals in a text, merged and in order: one a line, or CSV with columns `start`, `end` and metadata. Raises
    `WrongIntervals`.
    """
    found, wrong = list[Interval](), list[str]()
    for line, start, end, metadata in _rows(text):
        try:
            found.append(_interval(line, start, end, metadata, ends_included=ends_included))
        except ValueError as why:
            wrong.append(f"Line {line}: {why}")
    if wrong:
        more = len(wrong) - MOST_TOLD
        raise WrongIntervals([*wrong[:MOST_TOLD], *([f"… and {more:,} more lines."] if more > 0 else [])])
    if not found:
        raise WrongIntervals(
            ["Type or paste the intervals, one a line: 2020-01-01 00:00 to 2020-01-01 06:30."]
        )
    return merged(found)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """In order, those that touch or overlap and say the same put together. Raises `WrongIntervals` where overlapping ones say
    different things, or all together are too many minutes.
    """
    found: list[Interval] = []
    for each in sorted(intervals):
        before = found[-1] if found else None
        if before is None or each.first > before.last + 1:
            found.append(each)
        elif each.metadata == before.metadata:
            found[-1] = before._replace(last=max(before.last, each.last))
        elif each.first == before.last + 1:
            found.append(each)
        else:
            raise WrongIntervals(
                [
                    f"Lines {before.line} and {each.line} overlap and say different things. Part them, or say the same in both."
                ]
            )
    if (total := minutes_in(found)) > MOST_MINUTES:
        raise WrongIntervals(
            [f"These are {total:,} minutes, and {MOST_MINUTES:,} are taken at once. Split them."]
        )
    return found


def minutes_in(intervals: Iterable[Interval]) -> int:
    """How many records they make."""
    return sum(each.last - each.first + 1 for each in intervals)


def _rows(text: str) -> Iterator[tuple[int, str, str, Metadata]]:
    """Line, start, end and metadata, as they are written."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    header = _header(lines[0][1]) if lines else None
    if header is None:
        for number, line in lines:
            start, _, rest = _parted(line)
            end, _, rest = _parted(rest)
            yield number, start, end, _pairs(rest)
        return
    delimiter, names = header
    start_at = next(place for place, name in enumerate(names) if name in STARTS)
    end_at = next(place for place, name in enumerate(names) if name in ENDS)
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=delimiter))]
        cells += [""] * (len(names) - len(cells))
        said = tuple(
            (name.removeprefix(f"{METADATA}."), cells[place])
            for place, name in enumerate(names)
            if place not in (start_at, end_at) and name and cells[place]
        )
        yield number, cells[start_at], cells[end_at], said


def _header(line: str) -> tuple[str, list[str]] | None:
    """Delimiter and names, where the first line is names: one of a start and one of an end."""
    for delimiter in (",", ";", "\t"):
        names = [cell.strip().strip('"') for cell in line.split(delimiter)]
        lowered = [name.lower() for name in names]
        if any(name in STARTS for name in lowered) and any(name in ENDS for name in lowered):
            return delimiter, [
                low if low in (*STARTS, *ENDS) else name for low, name in zip(lowered, names, strict=True)
            ]
    return None


def _parted(text: str) -> tuple[str, str, str]:
    """Until the next separator, and behind it. A slash within a date, "2020/01/01", is none."""
    for found in BETWEEN.finditer(text):
        if "/" not in found[0] or not IN_A_DATE.fullmatch(text[: found.start()]):
            return text[: found.start()].strip(), found[0], text[found.end() :]
    return text.strip(), "", ""


def _pairs(text: str) -> Metadata:
    """Of "mode=burst, gain=2"; what has no equals sign is kept as it is, to be told."""
    parts = [part.partition("=") for part in re.split(r"[,;\t]", text) if part.strip()]
    return tuple((name.strip(), value.strip()) if sign else ("", name.strip()) for name, sign, value in parts)


def _interval(line: int, start: str, end: str, metadata: Metadata, *, ends_included: bool) -> Interval:
    """Raises `ValueError` with the reason."""
    if not start or not end:
        raise ValueError("it takes a start and an end, such as 2020-01-01 00:00 to 2020-01-01 06:30.")
    if odd := next((value for name, value in metadata if not name), ""):
        raise ValueError(f"“{odd[:40]}” is neither a time nor metadata such as mode=burst.")
    first, last = _minute(start), _minute(end)
    if not ends_included:
        last -= 1
    if first > last:
        raise ValueError("the end is not after the start.")
    return Interval(first, last, tuple(sorted(metadata)), line)


def _minute(text: str) -> int:
    try:
        return int(times.parse(values.parse_minute(text).text).timestamp()) // 60
    except InvalidValue as wrong:
        raise ValueError(f"“{text[:40]}”: {wrong.rule.message.lower()}. {wrong.rule.hint}") from None
