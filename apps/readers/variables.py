"""Variables of scientific formats (CDF, netCDF, HDF5) as the columns of a table."""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from apps.readers import place_names, typed_columns
from apps.readers.errors import UnreadableFile
from apps.readers.headers import AS_SEPARATOR, IGNORE, HeaderMapping, HeaderMatcher
from apps.readers.rust_panics import as_unreadable
from apps.readers.table import Layout, Table
from apps.validation import rules
from apps.validation.batches import Batch
from apps.validation.batches.batch import CountedRows
from apps.validation.findings import Places, display_value

ROWS = 20_000  # to a batch
BLOCK = 200_000  # records read at once
AHEAD = 50  # records that are looked at before the rest
MOST_RECORDS = 50_000_000
MOST_PARTS = 8  # of a vector: more are a spectrum or a picture
LONGEST_ABOUT = 120  # characters of a description
MOST_NAMED = 5  # in a remark
AXES = "xyz"
IGNORED = "ignore"  # a choice on the form: `uploads.column_meanings`
# What is written where nothing was measured, if the file does not say it: ISTP's and netCDF's.
FILLS = (-1e31, 9.969209968386869e36)
NO_RECORDS = "The file has variables and no records. Choose a file with records in it."
TOO_MANY = "The file says that it has {count:,} records. Split it."

Array = np.ndarray


@dataclass(frozen=True)
class Values:
    """Of some records: null where there is none. `fills` are those that had a value which stands for none."""

    column: pl.Series
    fills: pl.Series | None = None


@dataclass(frozen=True)
class Variable:
    """One column. `read` answers the values from one record up to another. `unit` and `description` are the file's words.
    `is_time`: its values are moments; `is_support`: nothing but what other variables hang on.
    """

    name: str
    read: Callable[[int, int], Values]
    unit: str = ""
    description: str = ""
    is_time: bool = False
    is_support: bool = False

    @property
    def about(self) -> str:
        """For people."""
        words = [display_value(each) for each in (self.unit, self.description) if each.strip()]
        return "; ".join(words)[:LONGEST_ABOUT]


def chosen_table(
    names: Sequence[str],
    layout: Layout,
    rank: Callable[[str, HeaderMatcher], tuple[int, int]],
    *,
    none: str,
    unknown: str,
) -> str:
    """Which of a file's tables is read: the one that was chosen, else the one of the highest rank. Raises `UnreadableFile` with
    `none` where there is no table, and with `unknown` where there is none of that name.
    """
    if not names:
        raise UnreadableFile(none)
    if chosen := layout.dialect.sheet:
        if chosen not in names:
            raise UnreadableFile(unknown.format(sheet=chosen, names=", ".join(names)))
        return chosen
    matcher = HeaderMatcher(layout.columns, {})
    return max(names, key=lambda name: rank(name, matcher))


def marks_of_parts(count: int, unit: str) -> str:
    """What tells the parts of a vector apart: x, y and z of a place, else numbers."""
    return AXES if count == len(AXES) and place_names.is_length(unit) else "12345678"


def open_table(
    name: str,
    variables: Sequence[Variable],
    count: int,
    layout: Layout,
    *,
    remark: str,
    sheet: str,
    damaged: str,
) -> Table:
    """The table of these variables, of so many records each. `sheet` is which of the file's tables it is; `damaged` is said
    where the file breaks off. Raises `UnreadableFile`.
    """
    if not count:
        raise UnreadableFile(NO_RECORDS)
    if count > MOST_RECORDS:
        raise UnreadableFile(TOO_MANY.format(count=count))
    layout.value_formats.has_null = True
    layout.value_formats.exact_texts = True
    by_name = {each.name: each for each in variables}
    with as_unreadable(damaged):
        first = pl.DataFrame([each.read(0, min(AHEAD, count)).column.alias(each.name) for each in variables])
    proposed = _proposed(variables, layout)
    stated = {header: choice for header, choice in proposed.items() if choice != IGNORED}
    meant = {header: choice for header, choice in stated.items() if _is_stated(header, choice, layout)}
    layout = replace(layout, mapping=ChainMap(layout.mapping, meant))  # type: ignore[arg-type]
    matching = typed_columns.match(layout, first, sheet=sheet)
    dialect = layout.dialect.with_(
        sheet=sheet,
        about={each.name: _about(each, first[each.name]) for each in variables},
        proposed=proposed,
    )
    batches = _batches(by_name, count, matching, layout, damaged)
    return Table(name, dialect, matching, batches, remark, places=Places("record"))


def _proposed(variables: Sequence[Variable], layout: Layout) -> dict[str, str]:
    """Header -> what the file itself says that it is."""
    matcher, found = HeaderMatcher(layout.columns, {}), dict[str, str]()
    times = [column.name for column in layout.columns if column.holds == "time"]
    known = {name for each in variables if (name := matcher.of(each.name))}
    for each in variables:
        choice = place_names.proposed(each.name, each.unit, each.description)
        if each.is_time and len(times) == 1 and times[0] not in known:
            choice = times[0]
        taken = {*found.values(), *known} - {matcher.of(each.name)}
        if choice and choice not in taken and choice.partition(AS_SEPARATOR)[0] not in taken:
            found[each.name] = choice
        elif matcher.of(each.name) is None and (each.is_support or each.is_time):
            found[each.name] = IGNORED
    return found


def _is_stated(header: str, choice: str, layout: Layout) -> bool:
    """Whether nobody needs to be asked: the name is known and the unit says how it is written, or it is the table's own time."""
    known = HeaderMatcher(layout.columns, {}).of(header)
    column = choice.partition(AS_SEPARATOR)[0]
    is_time = any(each.name == choice and each.holds == "time" for each in layout.columns)
    return is_time or (known == column and choice != column)


def _about(variable: Variable, first: pl.Series) -> str:
    values = [_shown(each) for each in first.drop_nulls().head(3).to_list()]
    return " · ".join(filter(None, [variable.about, ", ".join(values)]))


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else display_value(value)[:30]


def _batches(
    variables: Mapping[str, Variable], count: int, matching: HeaderMapping, layout: Layout, damaged: str
) -> Iterator[Batch]:
    chosen = {
        name: variables[header]
        for header, name in zip(matching.headers, matching.names, strict=True)
        if name and name != IGNORE
    }
    numbers = {column.name for column in layout.columns if column.holds == "number"}
    numbers |= {name for name in chosen if "/" in name}  # x, y and z
    for start in range(0, count, BLOCK):
        stop = min(start + BLOCK, count)
        with as_unreadable(damaged):
            read = {name: variable.read(start, stop) for name, variable in chosen.items()}
            frame = pl.DataFrame([values.column.alias(name) for name, values in read.items()])
        for place in range(0, stop - start, ROWS):
            part = frame.slice(place, ROWS)
            lines = pl.int_range(
                start + place + 1, start + place + 1 + part.height, dtype=pl.UInt32, eager=True
            )
            batch = typed_columns.batch(part, start + place + 1, numbers)
            yield replace(batch, counted=[*_filled(read, place, lines)])


def _filled(read: Mapping[str, Values], place: int, lines: pl.Series) -> Iterator[CountedRows]:
    for name, values in read.items():
        if values.fills is not None and (fills := values.fills.slice(place, len(lines))).any():
            where = lines.filter(fills)
            yield CountedRows(
                rules.FILL_VALUE, name, where, pl.Series(["fill value"]).new_from_index(0, len(where))
            )


# Values out of arrays ------------------------------------------------------------------------------------------------


def of_numbers(array: Array, fills: Sequence[float]) -> Values:
    """Numbers, true and false. A fill is compared in the type that the array has: -1e31 of four bytes is another number."""
    native = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("="), copy=False)
    if native.dtype == np.float16:
        native = native.astype(np.float32)
    column = pl.Series(native)
    if native.dtype.kind not in "fiu":
        return Values(column)
    filled = np.zeros(len(native), dtype=bool)
    for fill in (*fills, *(FILLS if native.dtype.kind == "f" else ())):
        with np.errstate(all="ignore"):
            filled |= native == np.asarray(fill).astype(native.dtype)
    if not filled.any():
        return Values(column)
    mask = pl.Series(filled)
    return Values(column.set(mask, None), mask)


def of_milliseconds(milliseconds: pl.Series) -> Values:
    """Moments, naive UTC, of milliseconds since 1970; null where there is none."""
    microseconds = (milliseconds * 1_000).round()
    is_time = microseconds.is_finite() & (microseconds.abs() < 4e15)  # within 120 years of 1970
    whole = microseconds.set(~is_time.fill_null(value=False), None).cast(pl.Int64)
    return Values(whole.cast(pl.Datetime("us")))


def of_texts(texts: Sequence[str | None]) -> Values:
    """Without the blanks and zeros with which they are filled up; null for what is empty then."""
    column = pl.Series([*texts], dtype=pl.String).str.strip_chars(" \0")
    return Values(column.set(column == "", None))
