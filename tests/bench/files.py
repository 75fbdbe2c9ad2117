"""Files of ephemeris records to measure with: `python -m tests.bench.files FOLDER ROWS` writes them.

Twelve columns as in a provider's own files: an epoch a minute, four places (one row in five without b-traces), three
fields of metadata. One row in a thousand has something wrong with it.
"""

import csv
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import h5py
import msgspec
import numpy as np
import xlsxwriter
from cdflib.cdfwrite import CDF

from tests.bench.records import METADATA, NAMES, PLACES, START

HEADER = [
    "epoch",
    *(f"{place}.{part}" for place in PLACES for part in ("lat", "lon")),
    *(f"metadata.{n}" for n in METADATA),
]
WRONG = (
    ("epoch", "soon"),
    ("location_geo.lat", "north"),
    ("location_geo.lon", "512.5"),
    ("nbtrace.lat", "91.5"),
)


def rows(count: int, *, wrong: bool = True) -> Iterator[list[str]]:
    """Cells as text."""
    dice = random.Random(7)
    for minute in range(count):
        places = [
            number for n, _ in enumerate(PLACES) for number in _place(dice, empty=n > 1 and minute % 5 == 0)
        ]
        cells = [f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:00}", *places]
        cells += ["definitive", "north polar cap", f"{6800 + dice.random() * 100:.3f}"]
        if wrong and minute % 1000 == 999:
            column, value = WRONG[minute // 1000 % len(WRONG)]
            cells[HEADER.index(column)] = value
        yield cells


def _place(dice: random.Random, *, empty: bool) -> tuple[str, str]:
    return ("", "") if empty else (f"{dice.uniform(-90, 90):.4f}", f"{dice.uniform(-180, 180):.4f}")


def write(folder: Path, count: int) -> None:
    """The same records as CSV, NDJSON and a JSON array; the latter two without what is wrong."""
    write_csv(folder, count)
    with (folder / f"{count}.ndjson").open("wb") as lines, (folder / f"{count}.json").open("wb") as array:
        for number, cells in enumerate(rows(count, wrong=False)):
            record = msgspec.json.encode(record_of(cells))
            lines.write(record + b"\n")
            array.write((b"," if number else b"[") + record)
        array.write(b"]")


def write_csv(folder: Path, count: int, *, wrong: bool = True) -> None:
    """`COUNT.csv`, or `COUNT-right.csv` without anything wrong. A file that is there already stays."""
    path = folder / (f"{count}.csv" if wrong else f"{count}-right.csv")
    if path.exists():
        return
    with path.open("w") as file:
        file.write(",".join(HEADER) + "\n")
        file.writelines(",".join(cells) + "\n" for cells in rows(count, wrong=wrong))


def write_quoted(folder: Path, count: int) -> Path:
    """The right rows as CSV with every cell in quotes, as R and many databases write them."""
    path = folder / f"{count}-quoted.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows(count, wrong=False))
    return path


def write_workbook(folder: Path, count: int) -> Path:
    """The right rows as a sheet with real times and numbers."""
    path = folder / f"{count}.xlsx"
    numbers = range(1, 1 + 2 * len(PLACES))
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        times = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, HEADER)
        for row, cells in enumerate(rows(count, wrong=False), start=1):
            sheet.write_datetime(row, 0, datetime.fromisoformat(cells[0]), times)
            for column in numbers:
                if cells[column]:
                    sheet.write_number(row, column, float(cells[column]))
            sheet.write_row(row, numbers.stop, cells[numbers.stop :])
    return path


def write_products(folder: Path, count: int) -> Path:
    """A CSV of keograms, one a minute."""
    path = folder / f"{count}-products.csv"
    with path.open("w") as file:
        file.write("data_product_type,start,end,url,metadata.state\n")
        for minute in range(count):
            time = f"{START + timedelta(minutes=minute):%Y-%m-%dT%H:%M:00}"
            file.write(f"keogram,{time},{time},https://data.example.org/keograms/{minute}.jpg,definitive\n")
    return path


def write_science(folder: Path, count: int) -> dict[str, Path]:
    """The same places as CSV, CDF (TT2000) and netCDF ("minutes since"), as they come out of pandas, cdflib and h5py."""
    minutes, lat, lon = np.arange(count), np.linspace(-80, 80, count), np.linspace(-179, 179, count)
    paths = {kind: folder / f"science-{count}.{kind.lower()}" for kind in ("CSV", "CDF", "netCDF")}
    cdf = CDF(str(paths["CDF"]), delete=True)
    times = 631_108_869_184_000_000 + minutes * 60_000_000_000
    for name, kind, values in (("Epoch", 33, times), ("GEO_LAT", 45, lat), ("GEO_LON", 45, lon)):
        spec = {"Variable": name, "Data_Type": kind, "Num_Elements": 1, "Rec_Vary": True, "Dim_Sizes": []}
        cdf.write_var(spec | {"Var_Type": "zVariable"}, {"DEPEND_0": "Epoch"}, values)
    cdf.close()
    with h5py.File(paths["netCDF"], "w") as netcdf:
        netcdf.attrs["Conventions"] = "CF-1.8"
        netcdf["time"], netcdf["lat"], netcdf["lon"] = minutes, lat, lon
        netcdf["time"].attrs["units"] = "minutes since 2020-01-01"
    first = np.datetime64("2020-01-01T00:00:00")
    epochs = np.datetime_as_string(first + minutes * np.timedelta64(60, "s"))
    with paths["CSV"].open("w") as csv:
        csv.write("epoch,lat,lon\n")
        csv.writelines(f"{epoch},{y},{x}\n" for epoch, y, x in zip(epochs, lat, lon, strict=True))
    return paths


def write_all_wrong(folder: Path, count: int) -> Path:
    """A CSV in which every row has a latitude that none is."""
    path = folder / f"{count}-wrong.csv"
    with path.open("w") as file:
        file.write(",".join(HEADER) + "\n")
        for cells in rows(count, wrong=False):
            cells[HEADER.index("location_geo.lat")] = "91.5"
            file.write(",".join(cells) + "\n")
    return path


def record_of(cells: list[str]) -> dict[str, object]:
    """In the API's shape."""
    numbers = [float(cell) if cell else None for cell in cells[1:9]]
    places = {name: {"lat": numbers[2 * n], "lon": numbers[2 * n + 1]} for n, name in enumerate(PLACES)}
    metadata = dict(zip(METADATA, (*cells[9:11], float(cells[11])), strict=True))
    return {**NAMES, "epoch": cells[0], **places, "metadata": metadata}


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
