"""CDF of the field's archives: variables with ISTP's attributes, one table for each time variable.

(ISTP/IACG guidelines: https://spdf.gsfc.nasa.gov/istp_guide/istp_guide.html)
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, BinaryIO

import cdflib
import numpy as np
import polars as pl

from apps.readers import place_names, variables
from apps.readers.archives import MEGABYTE
from apps.readers.headers import HeaderMatcher
from apps.readers.rust_panics import as_unreadable
from apps.readers.table import Layout, Table
from apps.readers.variables import Array, Values, Variable
from apps.validation.batches import time_numbers
from apps.validation.time_formats import TimeFormat
from apps.validation.time_numbers import COUNTINGS

MAGICS = (b"\xcd\xf3\x00\x01", b"\xcd\xf2\x60\x02", b"\x00\x00\xff\xff")
DAMAGED = "The CDF file cannot be read: it is damaged or cut off, or packed in a way that is not known here. Save it anew."
NO_TABLE = "The CDF file has no variables with records. Choose a file with records in it."
NO_SUCH_TABLE = "The CDF file has no table “{sheet}”. It has: {names}."
EPOCH, EPOCH16, TT2000 = 31, 32, 33  # types of the CDF library
TEXTS = (51, 52)
NEVER = np.iinfo(np.int64).min + 1  # and what is below: TT2000's fill and pad values
A_VALUE = 8  # bytes; of texts it is a guess
KEPT = 64 * MEGABYTE


def open_table(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table:
    """The table of the file in which most columns are known, or the one that was chosen. Raises `UnreadableFile`."""
    copy = open_files.enter_context(tempfile.NamedTemporaryFile(suffix=".cdf"))  # noqa: SIM115 - it is one
    shutil.copyfileobj(stream, copy)
    copy.flush()
    with as_unreadable(DAMAGED):
        file = _CdfFile(cdflib.CDF(copy.name))
        sheet = variables.chosen_table(
            [*file.tables], layout, file.rank, none=NO_TABLE, unknown=NO_SUCH_TABLE
        )
        members = file.tables[sheet]
        columns = [column for name in members for column in file.columns(name, sheet)]
        count = file.records(members[0])
    return variables.open_table(
        "CDF", columns, count, layout, remark=file.remark(sheet), sheet=sheet, damaged=DAMAGED
    )


@dataclass(frozen=True)
class _CdfFile:
    """An open file."""

    cdf: Any
    _kept: dict[str, Array] = field(default_factory=dict)

    @cached_property
    def _names(self) -> list[str]:
        info = self.cdf.cdf_info()
        return [*info.zVariables, *info.rVariables]

    @cached_property
    def _inquiries(self) -> dict[str, Any]:
        return {name: self.cdf.vdr_info(name) for name in self._names}

    @cached_property
    def _attributes(self) -> dict[str, Mapping[str, Any]]:
        return {name: self.cdf.varattsget(name) for name in self._names}

    def _text(self, name: str, *attributes: str) -> str:
        """The first of these attributes that there is."""
        found = (self._attributes[name].get(attribute) for attribute in attributes)
        return next((str(each).strip() for each in found if isinstance(each, str) and each.strip()), "")

    def records(self, name: str) -> int:
        """How many a variable has."""
        return int(self._inquiries[name].max_rec) + 1

    def _is_time(self, name: str) -> bool:
        return self._inquiries[name].data_type in (EPOCH, EPOCH16, TT2000)

    @cached_property
    def virtual(self) -> list[str]:
        """Variables that hold no values: programs of their archive compute them."""
        return [name for name in self._names if self._text(name, "VIRTUAL").lower() == "true"]

    @cached_property
    def tables(self) -> dict[str, list[str]]:
        """Variables by the time variable that they hang on (`DEPEND_0`), which comes first; others by their number of records."""
        found: dict[str, list[str]] = {}
        varying = [
            name
            for name in self._names
            if self._inquiries[name].record_vary and self.records(name) and name not in self.virtual
        ]
        times = {self._text(name, "DEPEND_0") for name in varying} | {*filter(self._is_time, varying)}
        for name in varying:
            time = name if name in times else self._text(name, "DEPEND_0")
            same = [each for each in times if each in varying and self.records(each) == self.records(name)]
            if time not in varying:
                time = same[0] if len(same) == 1 else ""
            if (
                time not in same
            ):  # another number of records is another table: which time is whose is not known
                time = f"{self.records(name):,} records"
            found.setdefault(time, []).append(name)
        for time, names in found.items():
            names.sort(key=lambda name: name != time)
        return found

    def rank(self, sheet: str, matcher: HeaderMatcher) -> tuple[int, int]:
        """How many columns of a table are known, and how many there are."""
        members = self.tables[sheet]
        known = [
            name for name in members if matcher.of(name) or place_names.proposed(name, *self._words(name))
        ]
        return len(known), len(members)

    def remark(self, sheet: str) -> str:
        """What there is besides, and is not read."""
        others = [name for name in self.tables if name != sheet]
        apart = [name for name in self.tables[sheet] if not [*self.columns(name, sheet)]]
        return " ".join(
            filter(
                None,
                [
                    _listed("Virtual variables hold no values and are left out", self.virtual),
                    _listed("Spectra and pictures are left out", apart),
                    _listed(f"Read is what hangs on “{sheet}”; there are also tables of", others),
                ],
            )
        )

    def columns(self, name: str, sheet: str) -> Iterator[Variable]:
        """The variable, or one column for each part of a vector; none for a spectrum or a picture."""
        shape = self._shape(name)
        unit, description = self._words(name)
        is_support = self._text(name, "VAR_TYPE").lower() != "data" and name != sheet
        if not shape:
            yield Variable(
                name,
                partial(self._read, name, None),
                unit,
                description,
                self._is_time(name) and name == sheet,
                is_support,
            )
        elif len(shape) == 1 and 1 <= shape[0] <= variables.MOST_PARTS and not self._is_time(name):
            marks = variables.marks_of_parts(shape[0], unit)
            for part in range(shape[0]):
                yield Variable(
                    f"{name}_{marks[part]}",
                    partial(self._read, name, part),
                    unit,
                    description,
                    is_support=is_support,
                )

    def _words(self, name: str) -> tuple[str, str]:
        return self._text(name, "UNITS"), self._text(name, "CATDESC", "FIELDNAM", "LABLAXIS")

    def _shape(self, name: str) -> list[int]:
        found = self._inquiries[name]
        return [
            int(size)
            for size, varies in zip(found.dim_sizes or (), found.dim_vary or (), strict=False)
            if varies
        ]

    def _read(self, name: str, part: int | None, start: int, stop: int) -> Values:
        """Records from `start` up to `stop`; of a vector one part."""
        array = self._array(name, start, stop).reshape(stop - start, *self._shape(name))
        if part is not None:
            array = array[:, part]
        kind = self._inquiries[name].data_type
        if kind in (EPOCH, EPOCH16, TT2000):
            return _times(array, kind, self._fills(name))
        if kind in TEXTS:
            return variables.of_texts([str(each) for each in array.ravel()])
        return variables.of_numbers(array, [float(each) for each in self._fills(name)])

    def _array(self, name: str, start: int, stop: int) -> Array:
        """The library takes whole blocks of the file for every few records: what is small is read once."""
        if name not in self._kept:
            whole = self.records(name) * int(np.prod(self._shape(name), dtype=np.int64)) * A_VALUE
            if whole + sum(each.nbytes for each in self._kept.values()) > KEPT:
                return np.asarray(self.cdf.varget(name, startrec=start, endrec=stop - 1))
            self._kept[name] = np.asarray(self.cdf.varget(name))
        return self._kept[name][start:stop]

    def _fills(self, name: str) -> Sequence[Any]:
        found = self._attributes[name].get("FILLVAL")
        return () if found is None or isinstance(found, str) else [*np.atleast_1d(found)]


def _times(array: Array, kind: int, fills: Sequence[Any]) -> Values:
    """All three types as moments; what stands for none is null."""
    if kind == TT2000:
        whole = array.astype(np.int64)
        filled = (whole <= NEVER) | np.isin(whole, [int(each) for each in fills])
        counted = pl.Series(whole.astype(np.float64)).set(pl.Series(filled), None)
        found = variables.of_milliseconds(time_numbers.milliseconds(counted, COUNTINGS[TimeFormat.TT2000]))
    else:
        numbers = array.astype(np.complex128) if kind == EPOCH16 else array.astype(np.float64)
        since_0 = numbers.real * 1e3 + numbers.imag / 1e9 if kind == EPOCH16 else numbers.real
        filled = (since_0 <= 0) | ~np.isfinite(since_0) | np.isin(numbers, [complex(each) for each in fills])
        counted = pl.Series(since_0).set(pl.Series(filled), None)
        found = variables.of_milliseconds(time_numbers.milliseconds(counted, COUNTINGS[TimeFormat.CDF_EPOCH]))
    return Values(found.column)


def _listed(text: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - variables.MOST_NAMED:,} more" if len(names) > variables.MOST_NAMED else ""
    return f"{text}: {', '.join(names[: variables.MOST_NAMED])}{more}."
