"""Objects of PyAuroraX as Python prints them are refused, and the way to save them that is named brings them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.readers.test_formats import parquet, workbook
from tests.readers.test_readers import refusal, rows

CASES = Path(__file__).parents[1] / "cases"
PLACE = "Location(lat=0.0, lon=-170.0)"


def found_by_search() -> Any:
    """As PyAuroraX has it."""
    from pyaurorax.search import DataSource, EphemerisData, Location  # noqa: PLC0415 - brings matplotlib along

    place, nowhere = Location(lat=0.0, lon=-170.0), Location(lat=None, lon=None)
    return EphemerisData(
        data_source=DataSource(1, program="program", platform="platform", instrument_type="instrument"),
        epoch=datetime(2020, 1, 1),  # noqa: DTZ001 - as PyAuroraX has it
        location_geo=place,
        location_gsm=nowhere,
        nbtrace=nowhere,
        sbtrace=nowhere,
        metadata={"site": "CALG"},
    )


def as_csv(*table: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


@pytest.mark.parametrize(
    "written",
    [
        lambda found: (CASES / "pyaurorax-1.27.0-dict-default-str.json").read_bytes(),
        lambda found: json.dumps([found], default=str).encode(),
        lambda found: json.dumps([found.__dict__], default=str).encode(),
        lambda found: json.dumps(found.__dict__, default=str).encode(),
        lambda found: as_csv(["epoch", "location_geo"], ["2020-01-01T00:00:00", PLACE]),
        lambda found: as_csv(["record"], [str(found)]),
        lambda found: workbook([["epoch", "location_geo"], ["2020-01-01T00:00:00", PLACE]]),
        lambda found: parquet(pl.DataFrame({"epoch": ["2020-01-01T00:00:00"], "location_geo": [PLACE]})),
    ],
    ids=["case", "texts", "dicts", "ndjson", "csv", "csv of records", "workbook", "parquet"],
)
def test_the_printed_form_is_refused_with_the_way_to_save_it(written: Callable[[Any], bytes]) -> None:
    told = refusal(written(found_by_search()))
    assert "objects of PyAuroraX as Python prints them" in told
    assert "to_json_serializable()" in told


def test_the_way_that_is_named_brings_the_record() -> None:
    content = json.dumps([record.to_json_serializable() for record in [found_by_search()]]).encode()
    ((_, row),) = rows(content)
    assert row["epoch"].startswith("2020-01-01T00:00:00")
    assert (row["location_geo.lat"], row["location_geo.lon"]) == (0.0, -170.0)
    assert json.loads(row["metadata"]) == {"site": "CALG"}
