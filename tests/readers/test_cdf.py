"""CDF as cdflib writes it, with the attributes of ISTP."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.readers import Dialect
from apps.validation import rules
from tests.readers import science
from tests.readers.test_readers import batches, opened, refusal, rows

LAT = np.linspace(-80.0, 80.0, science.RECORDS)
LON = np.linspace(0.0, 359.0, science.RECORDS)
MINUTES = [f"2020-01-01T00:{minute:02}:00" for minute in range(science.RECORDS)]


def places(kind: int = science.TT2000, **more: Any) -> dict[str, Any]:
    return {
        **science.times(kind),
        "GEO_LAT": science.data(LAT, "deg"),
        "GEO_LON": science.data(LON, "deg"),
        **more,
    }


def counted(content: bytes, mapping: dict[str, str] | None = None) -> list[tuple[str, str, int]]:
    return [
        (each.rule.slug, each.column, len(each.lines))
        for batch in batches(content, mapping)
        for each in batch.counted
        if len(each.lines)
    ]


@pytest.mark.parametrize("kind", [science.EPOCH, science.TT2000])
@pytest.mark.parametrize("compressed", [0, 6])
def test_times_of_all_types_are_the_minutes_they_are(tmp_path: Path, kind: int, compressed: int) -> None:
    content = science.write_cdf(tmp_path / "a.cdf", places(kind), compressed=compressed)
    found = rows(content)
    assert [row["epoch"] for _, row in found] == MINUTES
    assert [row["location_geo.lat"] for _, row in found] == [*LAT]
    assert [line for line, _ in found] == [*range(1, science.RECORDS + 1)]


def test_epoch_16_is_read_to_its_minute_and_never_paired_with_records_of_another_number(
    tmp_path: Path,
) -> None:
    """cdflib 1.3.16 writes twice as many records as it is given, every other of them zero: none of them is whose."""
    content = science.write_cdf(tmp_path / "a.cdf", places(science.EPOCH16))
    with opened(content, dialect=Dialect(sheet="Epoch")) as table:
        assert [*table.matching.names] == ["epoch"]
        (batch,) = table.batches
    assert [text for text in batch.column("epoch") if text] == MINUTES
    assert "no column epoch" in refusal(content)


def test_what_stands_for_none_is_none_in_every_type(tmp_path: Path) -> None:
    lat, lon = LAT.astype(np.float32), LON.copy()
    lat[1], lon[1] = np.float32(science.FILL), science.FILL
    times = science.TIMES[science.TT2000].copy()
    times[2] = -(2**63)
    columns = places(GEO_LAT=science.data(lat, "deg", kind=science.REAL4), GEO_LON=science.data(lon, "deg"))
    columns["Epoch"] = (science.TT2000, times, {"FILLVAL": np.int64(-(2**63))}, ())
    content = science.write_cdf(tmp_path / "a.cdf", columns)
    found = dict(rows(content))
    assert found[2] == {"epoch": MINUTES[1]}
    assert "epoch" not in found[3]
    assert counted(content) == [("fill-value", "location_geo.lat", 1), ("fill-value", "location_geo.lon", 1)]


def test_units_say_how_angles_are_written_and_each_conversion_is_counted(tmp_path: Path) -> None:
    content = science.write_cdf(
        tmp_path / "a.cdf",
        places(
            GEO_LAT=science.data(np.radians(LAT), "radians"), GEO_LON=science.data(np.radians(LON), "rad")
        ),
    )
    assert [row["location_geo.lat"] for _, row in rows(content)] == pytest.approx(LAT)
    assert [row["location_geo.lon"] for _, row in rows(content)] == pytest.approx(LON)
    ten = science.RECORDS
    assert counted(content) == [
        ("radians", "location_geo.lat", ten),
        ("radians", "location_geo.lon", ten),
    ] or counted(content) == [("radians", "location_geo.lon", ten), ("radians", "location_geo.lat", ten)]


def test_kilometres_in_gsm_become_two_angles_once_somebody_says_so(tmp_path: Path) -> None:
    points = np.array(
        [[6371.0, 0.0, 0.0], [0.0, 7000.0, 7000.0], [-1.0, 0.0, 0.0], *[[science.FILL] * 3] * 7]
    )
    columns = places(XYZ_GSM=science.data(points, "km", sizes=(3,), CATDESC="position in GSM"))
    content = science.write_cdf(tmp_path / "a.cdf", columns)
    proposed = {f"XYZ_GSM_{axis}": f"location_gsm/{axis}" for axis in "xyz"}
    with opened(content) as table:
        assert table.matching.unknown == [*proposed]
        assert proposed.items() <= table.dialect.proposed.items()
    found = [row for _, row in rows(content, proposed)]
    assert [(row["location_gsm.lat"], row["location_gsm.lon"]) for row in found[:3]] == [
        (0, 0),
        (45, 90),
        (0, 180),
    ]
    assert "location_gsm.lat" not in found[3]
    assert (rules.CARTESIAN.slug, "location_gsm.lat", 3) in counted(content, proposed)
    with opened(content, proposed) as table:
        assert {"location_gsm.lat", "location_gsm.lon"} <= {*table.given}


def test_x_without_y_and_z_is_told(tmp_path: Path) -> None:
    points = np.ones((science.RECORDS, 3))
    content = science.write_cdf(tmp_path / "a.cdf", places(P=science.data(points, "km", sizes=(3,))))
    with pytest.raises(Exception, match="not a whole place"):
        rows(content, {"P_x": "location_gsm/x", "P_y": "", "P_z": ""})


def test_variables_are_listed_with_unit_description_and_first_values(tmp_path: Path) -> None:
    columns = places(
        mode=science.data(["on", "off"] * 5, "", kind=science.TEXT, CATDESC="mode of the camera")
    )
    with opened(science.write_cdf(tmp_path / "a.cdf", columns)) as table:
        assert table.format == "CDF"
        assert table.dialect.about["GEO_LAT"] == "deg · -80, -62.2222, -44.4444"
        assert table.dialect.about["mode"] == "mode of the camera · on, off, on"
        assert table.matching.unknown == ["mode"]


def test_virtual_variables_spectra_and_other_tables_are_named(tmp_path: Path) -> None:
    spectrum = science.data(np.zeros((science.RECORDS, 20)), "counts", sizes=(20,))
    virtual = science.data(LAT, "nT", VIRTUAL="true", FUNCT="alternate_view")
    other = (science.REAL8, np.arange(3.0), {"VAR_TYPE": "data", "DEPEND_0": "Epoch_hk"}, ())
    content = science.write_cdf(tmp_path / "a.cdf", places(spectrum=spectrum, B_abs=virtual, voltage=other))
    with opened(content) as table:
        assert "Virtual variables hold no values and are left out: B_abs." in table.remark
        assert "Spectra and pictures are left out: spectrum." in table.remark
        assert "there are also tables of: 3 records." in table.remark
        assert [*table.matching.headers] == ["Epoch", "GEO_LAT", "GEO_LON"]


def test_the_time_that_variables_hang_on_is_the_epoch_whatever_its_name(tmp_path: Path) -> None:
    columns = {
        **science.times(name="Epoch_state"),
        "GEO_LAT": science.data(LAT, "deg", DEPEND_0="Epoch_state"),
        "GEO_LON": science.data(LON, "deg", DEPEND_0="Epoch_state"),
    }
    assert [row["epoch"] for _, row in rows(science.write_cdf(tmp_path / "a.cdf", columns))] == MINUTES


def test_a_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    content = science.write_cdf(tmp_path / "a.cdf", places())
    assert "damaged or cut off" in refusal(content[:1500])
