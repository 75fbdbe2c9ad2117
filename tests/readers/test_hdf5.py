"""HDF5 and netCDF 4 as h5py writes them, with the attributes of CF."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.readers import science
from tests.readers.test_readers import batches, opened, refusal, rows

COUNT = science.RECORDS
LAT, LON = np.linspace(40.0, 49.0, COUNT), np.linspace(0.0, 359.0, COUNT)
MINUTES = [f"2020-01-01T00:{minute:02}:00" for minute in range(COUNT)]
PLACES = {"lat": (LAT, {"units": "degrees_north"}), "lon": (LON, {"units": "degrees_east"})}


def epochs(content: bytes) -> list[str]:
    return [row["epoch"][:16] + ":00" for _, row in rows(content)]


@pytest.mark.parametrize(
    ("values", "units"),
    [
        (np.arange(COUNT) / 60.0, "hours since 2020-01-01 00:00:00"),
        (58849 + np.arange(COUNT) / 1440.0, "days since 1858-11-17"),
        (np.arange(COUNT, dtype="i4"), "minutes since 2020-01-01T00:00:00Z"),
        (1_577_836_800_000_000_000 + np.arange(COUNT) * 60_000_000_000, "nanoseconds since 1970-01-01"),
        (1_577_836_800 + np.arange(COUNT) * 60.0, "seconds since 1970-1-1 0:0:0 UTC"),
        (25_200 + np.arange(COUNT) * 60.0, "seconds since 2020-01-01 00:00:00 +7:00"),
    ],
)
def test_times_of_cf_are_the_minutes_they_are(tmp_path: Path, values: Any, units: str) -> None:
    sets = {"time": (values, {"units": units, "calendar": "standard"}), **PLACES}
    content = science.write_hdf5(tmp_path / "a.nc", sets, Conventions="CF-1.8")
    with opened(content) as table:
        assert table.format == "netCDF"
    assert [text[11:16] for text in epochs(content)] == [text[11:16] for text in MINUTES]
    assert {text[:10] for text in epochs(content)} == {"2020-01-01"}


def test_another_calendar_is_refused(tmp_path: Path) -> None:
    sets = {"time": (np.arange(COUNT), {"units": "days since 2020-01-01", "calendar": "360_day"}), **PLACES}
    assert "calendar “360_day”" in refusal(science.write_hdf5(tmp_path / "a.nc", sets))


def test_fills_and_packed_numbers_are_what_they_stand_for(tmp_path: Path) -> None:
    packed = np.array([5105, -9999, *[5106] * 8], dtype="i2")
    time = np.arange(COUNT, dtype="i4")
    time[3] = -1
    sets: dict[str, Any] = {
        "time": (time, {"units": "minutes since 2020-01-01", "_FillValue": np.int32(-1)}),
        "lat": (packed, {"scale_factor": 0.01, "add_offset": 0.0, "_FillValue": np.int16(-9999)}),
        "lon": (np.array([-114.07, 9.969209968386869e36, *[0.0] * 8]), {}),
    }
    content = science.write_hdf5(tmp_path / "a.nc", sets)
    found = dict(rows(content))
    assert found[1]["location_geo.lat"] == pytest.approx(51.05)
    assert found[2] == {"epoch": MINUTES[1]}
    assert "epoch" not in found[4]
    assert {(each.rule.slug, each.column) for batch in batches(content) for each in batch.counted} == {
        ("fill-value", "location_geo.lat"),
        ("fill-value", "location_geo.lon"),
    }


def test_timestamps_of_trex_are_texts_in_a_group(tmp_path: Path) -> None:
    stamps = np.array([f"2020-01-01 00:{minute:02}:00.123456 UTC" for minute in range(COUNT)], dtype="S30")
    sets: dict[str, Any] = {
        "data/timestamp": (stamps, {}),
        "data/lat": (LAT, {}),
        "data/lon": (LON, {}),
        "data/images": (np.zeros((COUNT, 8, 9), "u2"), {}),
    }
    content = science.write_hdf5(tmp_path / "a.h5", sets)
    with opened(content) as table:
        assert table.format == "HDF5"
        assert "left out: data/images" in table.remark
    assert epochs(content) == [text.replace("T", " ") for text in MINUTES]


def test_a_compound_data_set_is_a_table(tmp_path: Path) -> None:
    records = np.zeros(COUNT, dtype=[("epoch", "S20"), ("lat", "f4"), ("lon", "f8")])
    records["epoch"] = [minute.encode() for minute in MINUTES]
    records["lat"], records["lon"] = 51.5, LON
    found = rows(science.write_hdf5(tmp_path / "a.h5", {"table": (records, {})}))
    assert [row["epoch"] for _, row in found] == MINUTES
    assert [row["location_geo.lon"] for _, row in found] == [*LON]


def test_other_files_of_this_machine_are_not_opened(tmp_path: Path) -> None:
    science.write_hdf5(tmp_path / "secret.h5", {"lat": (LAT, {}), "raw": (LON, {})})
    (tmp_path / "raw").write_bytes(LAT.tobytes())
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["time"] = np.array([text.encode() for text in MINUTES])
        file["lat"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "lat")
        file.create_dataset("lon", (COUNT,), "f8", external=[(str(tmp_path / "raw"), 0, COUNT * 8)])
        layout = h5py.VirtualLayout((COUNT,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "raw", (COUNT,))
        file.create_virtual_dataset("state", layout)
    with opened((tmp_path / "a.h5").read_bytes()) as table:
        assert [*table.matching.headers] == ["time"]


def test_without_a_table_it_is_told_what_to_do(tmp_path: Path) -> None:
    content = science.write_hdf5(tmp_path / "a.h5", {"images": (np.zeros((3, 64, 64)), {})})
    assert "one data set for each column" in refusal(content)


def test_a_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    content = science.write_hdf5(tmp_path / "a.h5", PLACES)
    assert "damaged or cut off" in refusal(content[:900])
