"""Listings in text that the field's archives write: SSCWeb's locator, CDAWeb, and observatories in IAGA-2002.

Their rows are words between blanks, and what says the names of the columns stands in more than one line, or is framed.

      Time           GEO          NorthBtrace GEO          -> year, doy, time, geo_lat, geo_lon, north_btrace_lat, …
yyyy ddd hh:mm    Lat   Long    Lat   Long    ArcLen
2020 001 00:00   5.18 193.70  61.20 201.10       2.1
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO, NamedTuple

from apps.readers.archives import temporary_file
from apps.readers.table_lines import LONGEST_LINE
from apps.readers.variables import IGNORED
from apps.validation.angle_formats import AXES
from apps.validation.time_parts import MARK

HEAD_LINES = 400  # looked at to find the names
SSCWEB, CDAWEB, IAGA = "a listing of SSCWeb", "a listing of CDAWeb", "IAGA-2002"
_ssc_units = re.compile(
    r"\s*(yyyy|yy)\s+ddd\s+hh:mm(?::ss)?\b.*|\s*(?:yy/mm/dd|yyyy/mm/dd|dd/mm/yy)\s+hh:mm(?::ss)?\b.*"
).match
_cdaweb_units = re.compile(r"\s*dd-mm-yyyy\s+hh:mm:ss\b.*").match
_cdaweb_row = re.compile(r"\s*(\d\d)-(\d\d)-(\d{4})\s+(\d\d:\d\d:\d\d)((?:\.\d{3})*)(?=\s|$)").match
_iaga_names = re.compile(r"DATE\s+TIME\s+DOY\s+(\S+.*?)\s*\|?\s*$").match
_is_row = re.compile(r"\s*[-+]?[\d.]").match
FRAMES = {"geo": "geo", "gsm": "gsm"}
TRACES = {"north": "north_btrace", "south": "south_btrace"}
TIMES = {
    "yyyy": "year", "ddd": "doy", "hh:mm": "time", "hh:mm:ss": "time", "yyyy/mm/dd": "date",
}  # fmt: skip
# IAGA-2002: "99999.00" is missing, "88888.00" not recorded.
IAGA_FILLS = re.compile(r"(?<=\s)(?:99999|88888)(?:\.0+)?(?=\s|$)")


class ArchiveListing(NamedTuple):
    """What it is, the names of its columns, how many lines stand above the first row, and how a row becomes words."""

    kind: str
    names: Sequence[str]
    above: int
    words: Callable[[str], list[str]]


class RewrittenListing(NamedTuple):
    """Tabs between cells; `lines` stand above the first row in the file."""

    kind: str
    stream: BinaryIO
    names: Sequence[str]
    lines: int

    def proposed(self, known: Callable[[str], object]) -> dict[str, str]:
        """What those of the columns may mean that nobody knows: x, y and z where there are no angles, all others nothing."""
        found = {}
        for name in self.names:
            frame, _, axis = name.lower().partition(" ")
            place = f"location_{frame}"
            is_axis = axis[-1:] in AXES and frame in FRAMES.values() and f"{frame}_lat" not in self.names
            is_part = name in TIMES.values() and not (name == "doy" and "date" in self.names)
            if not (known(name) or is_part):
                found[name] = f"{place}{MARK}{axis[-1]}" if is_axis else IGNORED
        return found


def rewritten(stream: BinaryIO, open_files: ExitStack) -> RewrittenListing | None:
    """A copy that lives until `open_files` is closed; None, and the stream where it was, for any other text."""
    place = stream.tell()
    lines = [line.decode(errors="replace").rstrip("\r\n") for line in islice(_lines(stream), HEAD_LINES)]
    stream.seek(place)
    found = _listing(lines)
    if found is None:
        return None
    copy = temporary_file(open_files)
    for number, line in enumerate(_lines(stream)):
        if number >= found.above:
            copy.write(_tabbed(line, found))
    copy.seek(0)
    return RewrittenListing(found.kind, copy, found.names, found.above)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.readline(LONGEST_LINE), b"")


def _tabbed(line: bytes, listing: ArchiveListing) -> bytes:
    """A row; an empty line in place of what is none, so that all keep their numbers."""
    text = line.decode(errors="replace")
    if not _is_row(text):
        return b"\n"
    return "\t".join(word.replace('"', "") for word in listing.words(text)).encode() + b"\n"


def _listing(lines: Sequence[str]) -> ArchiveListing | None:
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        if _cdaweb_units(line):
            return _cdaweb(above, number + 1, lines)
        if _ssc_units(line) and (names := _ssc_names(above, line)):
            return _checked(ArchiveListing(SSCWEB, names, number + 1, str.split), lines)
        if found := _iaga_names(line):
            names = ["date", "time", "doy", *found[1].split()]
            return _checked(ArchiveListing(IAGA, names, number + 1, _iaga_words), lines)
    return None


def _checked(listing: ArchiveListing, lines: Sequence[str]) -> ArchiveListing | None:
    """None where the first row has another number of words than there are names, so that nobody knows which is which."""
    row = next((line for line in lines[listing.above :] if _is_row(line)), None)
    is_whole = len({*listing.names}) == len(listing.names)
    return listing if row and is_whole and len(listing.words(row)) == len(listing.names) else None


def _iaga_words(line: str) -> list[str]:
    return IAGA_FILLS.sub("NaN", line).split()


# SSCWeb --------------------------------------------------------------------------------------------------------------


def _ssc_names(headings: str, units: str) -> list[str] | None:
    """One for each column: by the heading it stands below. None where names and headings do not fit together."""
    columns = units.split()
    times = [TIMES[word] for word in columns if word in TIMES][: 3 if columns[0] == "yyyy" else 2]
    rest = columns[len(times) :]
    if not times or "_" in "".join(rest):  # every column has a whole name already: GEO_Lat
        return None
    groups = re.split(r"\s{2,}", headings.strip())
    satellite = [group for group in groups if group.lower().startswith("sat")]
    groups = [group for group in groups[1:] if group not in satellite]
    runs = [*_runs(rest)]
    if len(groups) != len(runs):
        return None
    names = [_ssc_name(group, column) for group, run in zip(groups, runs, strict=True) for column in run]
    return [*times, *(["satellite"] if satellite else []), *names]


def _runs(columns: Sequence[str]) -> Iterator[list[str]]:
    """The columns below one heading: X Y Z; Lat Long, and ArcLen behind them; anything else by itself."""
    run: list[str] = []
    for column in columns:
        goes_on = run and ((run[-1], column) in {("X", "Y"), ("Y", "Z"), ("Lat", "Long"), ("Long", "ArcLen")})
        if run and not goes_on:
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _ssc_name(group: str, column: str) -> str:
    """`NorthBtrace GEO`, Lat -> north_btrace_lat; `GEO (RE)`, X -> GEO (RE) X."""
    simple = group.lower()
    trace = next((name for word, name in TRACES.items() if simple.startswith(word)), None)
    part = {"Lat": "lat", "Long": "lon"}.get(column)
    whole = trace if trace and "geo" in simple else FRAMES.get(simple)
    return f"{whole}_{part}" if part and whole else f"{group} {column}".strip()


# CDAWeb --------------------------------------------------------------------------------------------------------------


def _cdaweb(names: str, above: int, lines: Sequence[str]) -> ArchiveListing | None:
    row = next((line for line in lines[above:] if _cdaweb_row(line)), None)
    if row is None:
        return None
    width = len(_cdaweb_words(row))
    for cells in (re.split(r"\s{2,}", names.strip()), names.split()):
        if len(cells) == width and len({*cells}) == width:
            return ArchiveListing(CDAWEB, cells, above, _cdaweb_words)
    return ArchiveListing(
        CDAWEB, ["epoch", *(f"column {n}" for n in range(2, width + 1))], above, _cdaweb_words
    )


def _cdaweb_words(line: str) -> list[str]:
    """The day is first; behind the seconds stand milli-, micro-, nano- and picoseconds: 00:00:16.123.456."""
    found = _cdaweb_row(line)
    if found is None:
        return line.split()
    day, month, year, clock, fraction = found.groups()
    digits = fraction.replace(".", "")[:9]
    moment = f"{year}-{month}-{day}T{clock}" + (f".{digits}" if digits else "")
    return [moment, *line[found.end() :].split()]
