"""What a person says is to be done with many wrong values at once: pure functions of rows, kept as JSON and used again.

Fix("swap", "location_geo")                                  lat 114.07, lon 51.05  -> lat 51.05, lon 114.07
Fix("nearest", "data_product_type", values={"keogramm": "keogram"})
Fix("year", "epoch", old="2062", new="2026")                 2062-01-01T00:00       -> 2026-01-01T00:00
Fix("trim", "url"), Fix("set", "url", new="…"), Fix("leave out", "epoch", old="no-such-time")
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from apps.validation import null_words, values
from apps.validation.row import Row

FixKind = Literal["swap", "nearest", "year", "trim", "set", "set all", "leave out", "answer"]
HALF_CIRCLE, QUARTER = 180.0, 90.0


class Fix(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of them. `column` is canonical, or the place whose angles are swapped. `old` is what is replaced, the rule whose rows are
    left out, or the question that is answered; `new` what stands there then; `values` are texts and what replaces each.
    """

    kind: FixKind
    column: str
    old: str = ""
    new: str = ""
    values: dict[str, str] = {}

    @property
    def words(self) -> str:
        """For people."""
        shown = ", ".join(f"“{old}” to “{new}”" for old, new in [*self.values.items()][:3])
        more = f" and {len(self.values) - 3} more" if len(self.values) > 3 else ""
        return {
            "swap": f"Swap latitude and longitude of {self.column} where the latitude is over 90",
            "nearest": f"Change {shown}{more} in {self.column}",
            "year": f"Change the year {self.old} to {self.new} in {self.column}",
            "trim": f"Leave out blanks at the ends of {self.column}",
            "set": f"Write “{self.new}” into {self.column} where it is empty",
            "set all": f"Write “{self.new}” into {self.column} of every row",
            "leave out": f"Leave out the rows with this problem in {self.column or 'the row'}: {self.old}",
            "answer": f"Read {self.column}: {self.new}",
        }[self.kind]

    @property
    def columns(self) -> tuple[str, ...]:
        """Those whose values it may change."""
        if self.kind == "swap":
            return f"{self.column}.lat", f"{self.column}.lon"
        return () if self.kind in ("leave out", "answer") else (self.column,)


def changes(fix: Fix, row: Row) -> Mapping[str, Any]:
    """What becomes of a row: the columns that change, and their new values."""
    if not any(column in row for column in fix.columns):
        return {}
    if fix.kind == "swap":
        lat, lon = fix.columns
        is_swapped = _is_swapped(row.get(lat), row.get(lon))
        return {lat: row[lon], lon: row[lat]} if is_swapped else {}
    found = _changed(fix, row.get(fix.column))
    return {} if found is None else {fix.column: found}


def _changed(fix: Fix, value: object) -> str | None:
    """The new text; None where it stays."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    is_none = null_words.is_null(value)
    match fix.kind:
        case "nearest":
            return fix.values.get(text)
        case "year":
            found = re.sub(rf"(?<!\d){re.escape(fix.old)}(?!\d)", fix.new, text, count=1)
        case "trim":
            found = text.strip()
        case "set":
            return fix.new if is_none else None
        case _:
            found = fix.new
    return found if found != text else None


def _is_swapped(lat: object, lon: object) -> bool:
    try:
        south_to_north, east_to_west = values.number(lat), values.number(lon)
    except values.InvalidValue:
        return False
    if south_to_north is None or east_to_west is None:
        return False
    return QUARTER < abs(south_to_north) <= HALF_CIRCLE and abs(east_to_west) <= QUARTER


def to_json(fixes: Iterable[Fix]) -> list[dict[str, Any]]:
    """To be kept."""
    found: list[dict[str, Any]] = msgspec.to_builtins(list(fixes))
    return found


def from_json(kept: Sequence[Mapping[str, Any]]) -> list[Fix]:
    """As they were kept; none of an older version."""
    try:
        return msgspec.convert(kept, list[Fix])
    except msgspec.ValidationError:
        return []
