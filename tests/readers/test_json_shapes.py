"""JSON documents of other shapes than arrays and lines of records."""

import json
from pathlib import Path

import pytest

from apps.readers.json_shapes import LARGEST
from tests.readers.test_readers import opened, refusal, rows

CASES = Path(__file__).parents[1] / "cases"
TIMES = ["2020-01-01T00:00:00", "2020-01-01T00:01:00"]
NAMES = ["time", "lat", "lon"]
TABLE = [[TIMES[0], 51.0, -114.0], [TIMES[1], 52.0, -115.0]]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in TABLE]
COLUMNS = {name: [row[place] for row in TABLE] for place, name in enumerate(NAMES)}
FOUND = [
    (1, {"epoch": TIMES[0], "location_geo.lat": 51.0, "location_geo.lon": -114.0}),
    (2, {"epoch": TIMES[1], "location_geo.lat": 52.0, "location_geo.lon": -115.0}),
]

SHAPES = {
    "pandas orient columns": {name: {"0": cells[0], "1": cells[1]} for name, cells in COLUMNS.items()},
    "pandas orient index": {str(n): record for n, record in enumerate(RECORDS)},
    "pandas orient split": {"columns": NAMES, "index": [0, 1], "data": TABLE},
    "pandas orient table": {
        "schema": {"fields": [{"name": "index", "type": "integer"}], "primaryKey": ["index"]},
        "data": [{"index": n, **record} for n, record in enumerate(RECORDS)],
    },
    "rows in arrays, with names": [NAMES, *TABLE],
    "columns in arrays (Octave, MATLAB, IDL)": COLUMNS,
    "GeoJSON": {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [row[2], row[1]]},
                "properties": {"time": row[0]},
            }
            for row in TABLE
        ],
    },
    "HAPI": {
        "HAPI": "3.0",
        "status": {"code": 1200, "message": "OK"},
        "parameters": [{"name": "Time", "type": "isotime"}, {"name": "lat"}, {"name": "lon"}],
        "data": TABLE,
    },
}


@pytest.mark.parametrize("document", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("indent", [None, 1])
def test_records_are_found_in_documents_of_any_shape(document: object, indent: int | None) -> None:
    content = json.dumps(document, indent=indent).encode()
    assert rows(content) == FOUND
    with opened(content) as table:
        assert table.remark.startswith("Read as ")


def test_what_pandas_writes_by_default_is_read_once_its_times_are_declared() -> None:
    content = (CASES / "pandas-3.1.1-to_json-default-10rows.json").read_bytes()
    with opened(content) as table:
        assert "time" in table.matching.unknown
        mapping = dict.fromkeys(table.matching.unknown, "")
    found = rows(content, mapping | {"time": "epoch as Unix milliseconds"})
    assert (len(found), found[1][1]["epoch"], found[1][1]["location_geo.lon"]) == (10, 1577836860000, -166.3)


def test_rows_in_arrays_without_names_are_refused_with_what_to_add() -> None:
    """Made-up names are the same in every such file, so that nothing would tell two of them apart."""
    assert refusal(json.dumps(TABLE).encode()).startswith("The first array holds values")


def test_names_of_rows_that_do_not_count_are_a_column() -> None:
    document = {"columns": ["lat", "lon"], "index": TIMES, "data": [row[1:] for row in TABLE]}
    content = json.dumps(document).encode()
    assert rows(content, {"index": "epoch"}) == FOUND


def test_one_record_a_line_and_a_single_record_are_read_as_ever() -> None:
    record = {"epoch": TIMES[0], "location_geo": {"lat": 51.0, "lon": -114.0}}
    for count in (1, 2):
        content = b"\n".join([json.dumps(record).encode()] * count)
        with opened(content) as table:
            assert (table.format, table.remark) == ("NDJSON", "")
        assert [line for line, _ in rows(content)] == [*range(1, count + 1)]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"time": TIMES, "lat": [1.0]}, "The columns have different numbers of values (time 2, lat 1)"),
        ({"columns": NAMES, "data": [[TIMES[0], 1.0]]}, "Row 1 has 2 values for 3 columns"),
        (
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}}
                ],
            },
            "Feature 1 is no point",
        ),
    ],
)
def test_a_document_that_does_not_fit_together_is_refused_with_the_place(
    document: object, message: str
) -> None:
    assert refusal(json.dumps(document).encode()).startswith(message)


def test_a_name_that_stands_twice_in_such_a_document_is_refused() -> None:
    assert "“lat” stands twice" in refusal(b'{"time": ["2020-01-01T00:00"], "lat": [1], "lat": [2]}')


def test_a_document_too_large_to_be_read_at_once_says_how_to_write_it() -> None:
    content = b'{"time": [' + b"1," * (LARGEST // 2) + b"1]}"
    assert "to_json(" in refusal(content)
