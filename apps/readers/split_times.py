"""Which headers are the parts of a time: a date and a time of day, a year and a day of the year, and so on.

By name and by their first values together: "time" beside "date" is a time of day only where it looks like one.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set

from apps.validation.time_parts import (
    CLOCK,
    CLOCKS,
    DATE,
    DATES,
    DAY,
    DAY_OF_YEAR,
    HOUR,
    HOURS,
    MARK,
    MINUTE,
    MONTH,
    SECOND,
    SECONDS,
    YEAR,
    is_whole,
    text_of,
)
from apps.validation.time_texts import TimeText

QUESTION, TOGETHER, APART = "time-columns", "together", "apart"
# In small letters, without punctuation; in front of them may stand what they are the date or time of.
WORDS: Mapping[str, Set[str]] = {
    DATE: {"date", "ymd", "yyyymmdd", "yyyyddd", "ddmmyyyy", "mmddyyyy", "yyyymmmdd", "ddmmmyyyy", "obsdate", "day"},
    CLOCK: {"time", "timeofday", "hms", "hhmmss", "hhmm", "clock", "ut", "utc", "hhmmssfff", "hhmmsssss"},
    YEAR: {"year", "yr", "yyyy", "iyear", "iyr"},
    MONTH: {"month", "mon", "mo", "mm", "imonth"},
    DAY: {"day", "dd", "dom", "dayofmonth", "dy", "iday", "mday"},
    DAY_OF_YEAR: {"doy", "ddd", "dayofyear", "yday", "jday", "jjj", "idoy", "dayno"},
    HOUR: {"hour", "hr", "hh", "h", "ihour", "ihr"},
    MINUTE: {"minute", "min", "mi", "mn", "mm", "imin", "minutes"},
    SECOND: {"second", "sec", "ss", "s", "seconds", "isec"},
    HOURS: {"hours", "hoursofday", "hourofday", "uth", "uthours", "uthour", "decimalhour", "hour", "ut", "time", "utc", "hod"},
    SECONDS: {"sod", "secondsofday", "secofday", "secondofday", "uts", "utsec", "seconds", "sec", "utseconds", "secs"},
}  # fmt: skip
VAGUE = {"time", "ut", "utc"}
PREFIXES = {"start": ("start", "begin", "from"), "end": ("end", "stop", "until", "to")}
BEFORE = ("utc", "ut", "obs", "time", "datetime", "timestamp")  # the parts of any other column of times
SUFFIXES = ("utc", "gmt", "ut")
_clock = re.compile(
    r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?"
    r"|[0-9]{4}|[0-9]{6}(?:\.[0-9]+)?"
).fullmatch
_date = re.compile(r"[0-9]{8}|[0-9]{7}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}").fullmatch
MOST = {YEAR: 2100, MONTH: 12, DAY: 31, DAY_OF_YEAR: 366, HOUR: 24, MINUTE: 59, SECOND: 60}
Split = Mapping[str, Mapping[str, str]]  # column -> part -> header


def split_times(
    headers: Sequence[str],
    names: Sequence[str | None],
    samples: Sequence[Sequence[object]],
    times: Collection[str],
) -> Split:
    """The columns of times that stand in several columns of the file. `names` are what the headers mean so far, `samples` their
    first values.
    """
    found = {}
    for whole in sorted(times):
        texts: dict[str, list[str]] = {}
        for header, name, values in zip(headers, names, samples, strict=True):
            if name is None or name == whole or name.startswith(f"{whole}{MARK}"):
                texts[header] = [*map(text_of, values)]
        parts = _parts({header: _words(header, whole) for header in texts}, texts)
        taken = {header for header, name in zip(headers, names, strict=True) if name == whole}
        if parts and taken <= {*parts.values()}:  # no other column has all of it
            found[whole] = parts
    return found or _with_one_date(headers, names, samples, times)


def _with_one_date(
    headers: Sequence[str],
    names: Sequence[str | None],
    samples: Sequence[Sequence[object]],
    times: Collection[str],
) -> Split:
    """Start and end of which each has a time of day, and both one date: `date, start_time, end_time`."""
    if {*times} != {*PREFIXES}:
        return {}
    free = (None, *times)
    texts = {
        header: [*map(text_of, values)]
        for header, name, values in zip(headers, names, samples, strict=True)
        if name in free
    }
    dates = _header_of(DATE, {header: _words(header, "") for header in texts}, texts)
    clocks = {
        whole: _header_of(
            CLOCK, {header: {*_words(header, whole), *_clock_words(header, whole)} for header in texts}, texts
        )
        for whole in times
    }
    if not dates or not all(clocks.values()) or len({*clocks.values()}) < len(clocks):
        return {}
    return {whole: {DATE: dates, CLOCK: clock} for whole, clock in sorted(clocks.items())}


def _clock_words(header: str, whole: str) -> set[str]:
    """A column that is called `start` alone is its time of day, where it looks like one."""
    simple = re.sub(r"[\W_]+", "", header.lower())
    return {"time"} if simple in PREFIXES[whole] else set()


def _parts(words: Mapping[str, Collection[str]], texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Part -> header, for the first way of writing a time of which every part is there."""
    for date in DATES:
        for clock in CLOCKS:
            parts = {part: _header_of(part, words, texts) for part in (*date, *clock)}
            given = {part: header for part, header in parts.items() if header}
            if is_whole(given) and len({*given.values()}) == len(parts):
                return given
    return {}


def _header_of(part: str, words: Mapping[str, Collection[str]], texts: Mapping[str, Sequence[str]]) -> str:
    """The header that may be this part; empty where there is none, or more than one."""
    named = [
        header
        for header, spellings in words.items()
        if _is_named(part, {*spellings}, texts[header]) and all(map(LOOKS[part], texts[header]))
    ]
    return named[0] if len(named) == 1 else ""


def _is_named(part: str, spellings: Set[str], texts: Sequence[str]) -> bool:
    """Whether the name says so. A "time" is hours only with decimals: 1, 2, 3 may be anything."""
    words = WORDS[part] & spellings
    if part == HOURS and not any("." in text for text in texts):
        words -= VAGUE
    return bool(words and texts)


def _words(header: str, whole: str) -> set[str]:
    """What a header may say of a part: `Start_Date (UTC)` -> {"date", "dateutc"}."""
    simple = re.sub(r"[\W_]+", "", header.lower())
    prefixes = PREFIXES.get(whole, ("", whole, *BEFORE))
    bare = {simple.removeprefix(prefix) for prefix in prefixes if simple.startswith(prefix)}
    return bare | {word.removesuffix(suffix) for word in bare for suffix in SUFFIXES if word != suffix}


def _looks_like_date(text: str) -> bool:
    found = TimeText.of(text)
    is_midnight = (
        found is not None and not f"{found.hour or ''}{found.minute or ''}{found.second or ''}".strip("0")
    )
    return is_midnight or bool(_date(text))


def _is_whole_number(most: int, least: int = 0) -> Callable[[str], bool]:
    def is_so(text: str) -> bool:
        return text.isascii() and text.isdigit() and least <= int(text) <= most

    return is_so


def _is_number(most: int) -> Callable[[str], bool]:
    """With decimals: whole numbers alone may be anything."""

    def is_so(text: str) -> bool:
        return bool(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text)) and float(text) <= most

    return is_so


LOOKS: Mapping[str, Callable[[str], bool]] = {
    DATE: _looks_like_date,
    CLOCK: lambda text: bool(_clock(text)),
    YEAR: _is_whole_number(MOST[YEAR], 1900),
    **{part: _is_whole_number(MOST[part]) for part in (MONTH, DAY, DAY_OF_YEAR, HOUR, MINUTE)},
    SECOND: _is_number(MOST[SECOND]),
    HOURS: _is_number(24),
    SECONDS: _is_number(86_400),
}
