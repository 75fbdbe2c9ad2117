"""HDF5, and netCDF 4 which is HDF5: data sets of one length are a table, with CF's attributes where there are any."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import h5py
import numpy as np

from apps.readers import cf_times, place_names, variables
from apps.readers.archives import size_of
from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMatcher
from apps.readers.rust_panics import as_unreadable
from apps.readers.table import Layout, Table
from apps.readers.variables import Values, Variable

MAGIC = b"\x89HDF"
DAMAGED = "The HDF5 or netCDF file cannot be read: it is damaged or cut off, or packed in a way that is not known here. Save it anew."
NO_TABLE = (
    "The HDF5 file holds no data sets that are a table: one value a record, all of one length. In Python: write one data set"
    " for each column, as h5py's file['time'] = times does. Upload that."
)
NO_SUCH_TABLE = "The HDF5 file has no table “{sheet}”. It has: {names}."
UNKNOWN_TYPE = "The values of “{name}” are of a type that is not known here ({kind}). Leave the data set out, or write numbers or texts."
MOST_SETS = 2_000
DEEPEST = 8
NETCDF = ("_NCProperties", "_nc3_strict", "Conventions")  # attributes of its root


def open_table(stream: BinaryIO, layout: Layout, open_files: ExitStack) -> Table:
    """The table of the file in which most columns are known, or the one that was chosen. Raises `UnreadableFile`."""
    size_of(stream)  # and back to its start
    with as_unreadable(DAMAGED):
        root = open_files.enter_context(h5py.File(stream, "r"))
        file = _Hdf5File(root)
        sheet = variables.chosen_table(
            [*file.tables], layout, file.rank, none=NO_TABLE, unknown=NO_SUCH_TABLE
        )
        members = file.tables[sheet]
        columns = [column for path in members for column in file.columns(path)]
        count = len(file.sets[members[0]])
    name = "netCDF" if any(each in root.attrs for each in NETCDF) else "HDF5"
    return variables.open_table(
        name, columns, count, layout, remark=file.remark(sheet), sheet=sheet, damaged=DAMAGED
    )


@dataclass(frozen=True)
class _Hdf5File:
    """An open file."""

    root: Any

    @cached_property
    def sets(self) -> dict[str, Any]:
        """Data sets by their paths. What stands in other files is left alone: a file must not open those of this machine."""
        found: dict[str, Any] = {}
        for path, each in _sets(self.root, "", 0):
            if len(found) >= MOST_SETS:
                break
            found[path] = each
        return found

    @cached_property
    def tables(self) -> dict[str, list[str]]:
        """Data sets by the group they are in and their length; single values go with every one."""
        found: dict[str, list[str]] = {}
        for path, each in self.sets.items():
            if each.ndim and len(each) and (each.dtype.names or [*self.columns(path)]):
                found.setdefault(f"{len(each):,} records", []).append(path)
        return found

    def rank(self, sheet: str, matcher: HeaderMatcher) -> tuple[int, int]:
        """How many columns of a table are known, and how many there are."""
        columns = [column for path in self.tables[sheet] for column in self.columns(path)]
        known = [
            each
            for each in columns
            if matcher.of(each.name) or place_names.proposed(each.name, each.unit, each.description)
        ]
        return len(known), len(columns)

    def remark(self, sheet: str) -> str:
        """What there is besides, and is not read."""
        read = {*self.tables[sheet]}
        left = [path for path in self.sets if path not in read]
        if not left:
            return ""
        more = f" and {len(left) - variables.MOST_NAMED:,} more" if len(left) > variables.MOST_NAMED else ""
        shown = ", ".join(left[: variables.MOST_NAMED])
        return f"Read are the data sets of {sheet}; left out: {shown}{more}."

    def columns(self, path: str) -> Iterator[Variable]:
        """One column, or one for each field or part; none for a picture."""
        each, name = self.sets[path], self._name(path)
        unit, description = (
            _text(each, "units", "UNITS"),
            _text(each, "long_name", "standard_name", "description", "CATDESC"),
        )
        if each.dtype.names:
            for field in each.dtype.names:
                if not each.dtype[field].shape and each.ndim == 1:
                    yield Variable(
                        f"{name}.{field}" if len(self.sets) > 1 else field,
                        _ColumnReader(each, field=field),
                    )
            return
        counted = (
            cf_times.counted_times(name, unit, _text(each, "calendar")) if each.dtype.kind in "iuf" else None
        )
        is_text = _is_text(each)
        if each.ndim == 1 or (each.ndim == 2 and each.dtype == "S1"):
            is_time = counted is not None
            yield Variable(name, _ColumnReader(each, counted=counted), unit, description, is_time)
        elif each.ndim == 2 and each.shape[1] <= variables.MOST_PARTS and not is_text:
            marks = variables.marks_of_parts(each.shape[1], unit)
            for part in range(each.shape[1]):
                yield Variable(f"{name}_{marks[part]}", _ColumnReader(each, part=part), unit, description)

    def _name(self, path: str) -> str:
        """The last part of its path; more where that is not the only one of its name."""
        last = path.rpartition("/")[2]
        alike = [each for each in self.sets if each.rpartition("/")[2] == last]
        return last if len(alike) == 1 else path


def _sets(group: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            continue
        each = group[name]
        if isinstance(each, h5py.Group) and depth < DEEPEST:
            yield from _sets(each, f"{path}{name}/", depth + 1)
        elif isinstance(each, h5py.Dataset) and _is_read(each):
            yield f"{path}{name}", each


def _is_read(each: Any) -> bool:
    """Whether its values are in this file, and it is more than netCDF's note of a dimension without any."""
    is_here = not each.is_virtual and not each.external
    return is_here and bool(each.shape) and not _text(each, "NAME").startswith("This is a netCDF dim")


def _text(each: Any, *attributes: str) -> str:
    """The first of these attributes that is a text."""
    for attribute in attributes:
        found = each.attrs.get(attribute)
        if isinstance(found, np.ndarray) and found.size == 1:
            found = found.ravel()[0]
        if isinstance(found, bytes):
            found = found.decode(errors="replace")
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def _is_text(each: Any) -> bool:
    return each.dtype.kind == "S" or h5py.check_string_dtype(each.dtype) is not None


@dataclass(frozen=True)
class _ColumnReader:
    """Of one column: a field of a data set, or a part of a vector, or all of it."""

    each: Any
    field: str | None = None
    part: int | None = None
    counted: cf_times.CountedTimes | None = None

    def __call__(self, start: int, stop: int) -> Values:
        """Records from `start` up to `stop`."""
        array = np.asarray(self.each[start:stop])
        if self.field is not None:
            array = array[self.field]
        if self.part is not None:
            array = array[:, self.part]
        if array.dtype.kind == "S" and array.ndim == 2:  # characters of texts
            array = np.ascontiguousarray(array).view(f"S{array.shape[1]}").ravel()
        if array.dtype.kind in "SO":
            return variables.of_texts([_as_text(value) for value in array])
        if array.dtype.kind not in "iufb":
            raise UnreadableFile(UNKNOWN_TYPE.format(name=self.each.name, kind=array.dtype))
        found = variables.of_numbers(array, () if self.field else _fills(self.each))
        if self.counted is not None:
            return Values(self.counted.moments(array, found.fills).column)
        return found if self.field else _scaled(self.each, found)


def _as_text(value: object) -> str | None:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _fills(each: Any) -> Sequence[float]:
    found = [each.attrs[name] for name in ("_FillValue", "missing_value", "FILLVAL") if name in each.attrs]
    numbers = [number for value in found for number in np.atleast_1d(value).ravel()]
    return [float(number) for number in numbers if np.asarray(number).dtype.kind in "iuf"]


def _scaled(each: Any, found: Values) -> Values:
    """Packed numbers as what they stand for (CF: scale_factor, add_offset)."""
    factors: Mapping[str, float] = {
        name: float(np.atleast_1d(each.attrs[name]).ravel()[0])
        for name in ("scale_factor", "add_offset")
        if name in each.attrs
    }
    if not factors:
        return found
    return Values(
        found.column * factors.get("scale_factor", 1.0) + factors.get("add_offset", 0.0), found.fills
    )
