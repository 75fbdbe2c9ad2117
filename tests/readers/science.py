"""Files of the field's own formats, written by the tools that write them: cdflib and h5py. Ten minutes from 2020-01-01."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from cdflib import cdfepoch
from cdflib.cdfwrite import CDF

RECORDS = 10
EPOCH, EPOCH16, TT2000, REAL4, REAL8, TEXT = 31, 32, 33, 44, 45, 51
FILL = -1e31
TIMES: Mapping[int, Any] = {
    EPOCH: 63_745_056_000_000.0 + np.arange(RECORDS) * 60_000.0,
    TT2000: 631_108_869_184_000_000 + np.arange(RECORDS) * 60_000_000_000,
    EPOCH16: cdfepoch.compute_epoch16([[2020, 1, 1, 0, minute, 0, 0, 0, 0, 0] for minute in range(RECORDS)]),
}
TIME_FILLS = {EPOCH: FILL, EPOCH16: FILL, TT2000: np.int64(-(2**63))}
Data = tuple[int, Any, dict[str, Any], Sequence[int]]


def write_cdf(path: Path, columns: Mapping[str, Data], *, compressed: int = 0) -> bytes:
    """A CDF of these variables: type, values, attributes, and the sizes of a record."""
    file = CDF(str(path), cdf_spec={"Compressed": compressed}, delete=True)
    for name, (kind, values, attributes, sizes) in columns.items():
        spec = {
            "Variable": name,
            "Data_Type": kind,
            "Num_Elements": 4 if kind == TEXT else 1,
            "Rec_Vary": True,
            "Dim_Sizes": [*sizes],
            "Var_Type": "zVariable",
            "Compress": compressed,
        }
        file.write_var(spec, var_attrs=attributes, var_data=values)
    file.close()
    return path.read_bytes()


def times(kind: int = TT2000, name: str = "Epoch") -> dict[str, Data]:
    """The time variable; the second of those that can have none has none."""
    return {
        name: (
            kind,
            TIMES[kind],
            {"VAR_TYPE": "support_data", "FILLVAL": TIME_FILLS[kind], "CATDESC": "time"},
            (),
        )
    }


def data(values: Any, unit: str, *, kind: int = REAL8, sizes: Sequence[int] = (), **more: Any) -> Data:
    """A variable with ISTP's attributes, whose fill value is that of its type."""
    fill = np.float32(FILL) if kind == REAL4 else FILL
    return (
        kind,
        values,
        {"VAR_TYPE": "data", "DEPEND_0": "Epoch", "UNITS": unit, "FILLVAL": fill} | more,
        sizes,
    )


def write_hdf5(path: Path, sets: Mapping[str, tuple[Any, Mapping[str, Any]]], **attributes: str) -> bytes:
    """HDF5 with these data sets and their attributes; with `Conventions` it is netCDF."""
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
        for name, (values, attrs) in sets.items():
            file[name] = values
            file[name].attrs.update(attrs)
    return path.read_bytes()
