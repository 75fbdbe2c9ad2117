"""Data products out of their names: a pattern says which part of a name is the time, and which is metadata.

pattern  {date:%Y%m%d}__{site}_{device}_full-keogram.jpg
name     https://example.org/2020/01/01/20200101__gako_rego-649_full-keogram.jpg
      -> start 2020-01-01T00:00, site gako, device rego-649
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

CODES: Mapping[str, str] = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d{2})", "%m": r"(?P<m>\d{2})", "%d": r"(?P<d>\d{2})", "%j": r"(?P<j>\d{3})",
    "%H": r"(?P<H>\d{2})", "%M": r"(?P<M>\d{2})", "%S": r"(?P<S>\d{2})", "%b": r"(?P<b>[A-Za-z]{3})",
}  # fmt: skip
START, END, ANY = ("date", "start"), ("end",), "*"
LONGEST = 500  # characters of a pattern
MINUTE = timedelta(minutes=1)
_field = re.compile(r"\{([^{}]*)\}")
_metadata = re.compile(r"[A-Za-z_][\w.-]{0,99}", re.ASCII).fullmatch
_eight_digits = re.compile(r"(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
NO_DATE = (
    "The pattern has no date. Write {date:%Y%m%d} where the name has it; %H and %M stand for hour and minute."
)
NO_SUCH_CODE = "“{code}” is none of the signs of a date: %Y, %y, %m, %b, %d, %j, %H, %M, %S."
TWICE = "“{name}” stands twice in the pattern."
NO_NAME = "“{name}” cannot be the name of a metadata field. Use letters, digits and _, or {{*}} for what is of no interest."


class WrongPattern(ValueError):
    """The message says what is wrong with it."""


class NamedProduct(NamedTuple):
    """What a name says."""

    url: str
    start: datetime
    end: datetime
    metadata: Mapping[str, str]


class Mismatch(NamedTuple):
    """A name that the pattern does not fit, and why."""

    line: int
    url: str
    reason: str


@dataclass(frozen=True)
class NamePattern:
    """`length` is how long a product is that has no end in its name: it ends a minute before the next one would begin."""

    text: str
    length: timedelta
    metadata: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Raises `WrongPattern`."""
        self._given: list[tuple[str, str]]
        object.__setattr__(self, "_given", [])
        parts = _field.split(self.text)
        expression = "".join(
            self._of_field(part) if n % 2 else re.escape(part) for n, part in enumerate(parts)
        )
        if not any(name in START for name, _ in self._given):
            raise WrongPattern(NO_DATE)
        object.__setattr__(self, "_match", re.compile(rf"(?:.*/)?{expression}", re.ASCII).fullmatch)

    def _of_field(self, text: str) -> str:
        """The expression of what stands between braces."""
        name, colon, form = text.partition(":")
        if name == ANY:
            return r"[^/]*?"
        if colon or name in (*START, *END):
            return self._of_time(name, form)
        if not _metadata(name):
            raise WrongPattern(NO_NAME.format(name=name))
        if name in self.metadata:
            raise WrongPattern(TWICE.format(name=name))
        self.metadata.append(name)
        return rf"(?P<x{len(self.metadata)}>[^/]+?)"

    def _of_time(self, name: str, form: str) -> str:
        if name not in (*START, *END):
            raise WrongPattern(NO_NAME.format(name=name))
        place = len(self._given)
        self._given.append((name, form))
        if not form:
            raise WrongPattern(NO_DATE)
        found, seen = "", set()
        for part in re.split(r"(%.)", form):
            if part.startswith("%"):
                if part not in CODES:
                    raise WrongPattern(NO_SUCH_CODE.format(code=part))
                expression = CODES[part].replace("?P<", f"?P<t{place}")
                found += rf"(?P=t{place}{part[1]})" if part in seen else expression
                seen.add(part)
            else:
                found += re.escape(part)
        return found

    def read(self, url: str) -> NamedProduct | str:
        """What a name says, or why it says nothing."""
        found = self._match(url)  # type: ignore[attr-defined]
        if found is None:
            return "The name is not as the pattern has it."
        try:
            start = self._moment(found.groupdict(), START)
            end = self._moment(found.groupdict(), END)
        except ValueError:
            return "There is no such date or time."
        if start is None:
            return "The name has no date."
        values = {name: found[f"x{n}"] for n, name in enumerate(self.metadata, start=1)}
        return NamedProduct(url, start, end or start + max(self.length - MINUTE, timedelta()), values)

    def _moment(self, groups: Mapping[str, Any], names: Sequence[str]) -> datetime | None:
        """Of all fields of these names together: a date may stand in folders, and the hour in the name."""
        given, form = [], []
        for place, (name, codes) in enumerate(self._given):
            if name in names:
                for code in dict.fromkeys(re.findall(r"%.", codes)):
                    given.append(groups[f"t{place}{code[1]}"])
                    form.append(code)
        return datetime.strptime(" ".join(given), " ".join(form)).replace(tzinfo=UTC) if given else None


def read_all(
    pattern: NamePattern, urls: Sequence[tuple[int, str]]
) -> tuple[list[NamedProduct], list[Mismatch]]:
    """What all names say, and those that say nothing, each with its line."""
    products, mismatches = [], []
    for line, url in urls:
        found = pattern.read(url)
        if isinstance(found, str):
            mismatches.append(Mismatch(line, url, found))
        else:
            products.append(found)
    return products, mismatches


def proposed(url: str) -> str:
    """A pattern with the date of this name; empty where it has none that is written so."""
    name = url.rstrip("/").rpartition("/")[2]
    found, count = _eight_digits.subn("{date:%Y%m%d}", name, count=1)
    return found if count else ""


def records(products: Sequence[NamedProduct], product_type: str) -> Iterator[Mapping[str, str]]:
    """As an upload takes them."""
    for each in products:
        metadata = {f"metadata.{name}": value for name, value in each.metadata.items()}
        yield {
            "start": f"{each.start:%Y-%m-%dT%H:%M:%S}",
            "end": f"{each.end:%Y-%m-%dT%H:%M:%S}",
            "url": each.url,
            "data_product_type": product_type,
            **metadata,
        }
