"""Radians, colatitudes, and x, y and z: said on the form, converted in every format, and counted."""

import json
from collections import Counter

import pytest

from apps.validation import rules
from apps.validation.angle_formats import AngleFormat, in_degrees
from tests.readers.test_readers import batches, rows

MAPPING = {
    "colat": "location_geo.lat as colatitude",
    "phi": "location_geo.lon as radians",
    "gx": "location_gsm/x",
    "gy": "location_gsm/y",
    "gz": "location_gsm/z",
}
RECORDS = [
    {"epoch": "2020-01-01T00:00:00", "colat": 38.95, "phi": -1.5707963267948966, "gx": 1, "gy": 1, "gz": 0},
    {"epoch": "2020-01-01T00:01:00", "colat": 0, "phi": 0.0, "gx": -3.5e3, "gy": 0, "gz": 0},
    {"epoch": "2020-01-01T00:02:00", "colat": -999, "phi": -999, "gx": 0, "gy": 0, "gz": 0},
    {"epoch": "2020-01-01T00:03:00", "colat": 180, "phi": 3.141592653589793, "gx": 0, "gy": 0, "gz": -2},
]
CSV = "\n".join([",".join(RECORDS[0]), *(",".join(map(str, each.values())) for each in RECORDS)]).encode()
NDJSON = "\n".join(map(json.dumps, RECORDS)).encode()


@pytest.mark.parametrize("content", [CSV, NDJSON], ids=["CSV", "NDJSON"])
def test_angles_and_axes_are_converted_alike_in_every_format(content: bytes) -> None:
    found = [{k: float(v) for k, v in row.items() if k != "epoch"} for _, row in rows(content, MAPPING)]
    geo = [(row.get("location_geo.lat"), row.get("location_geo.lon")) for row in found]
    assert geo == [
        (51.05, -90.0),
        (90.0, 0.0),
        (-999.0, -999.0),
        (-90.0, 180.0),
    ]  # a fill value stays one for the rules
    gsm = [(row.get("location_gsm.lat"), row.get("location_gsm.lon")) for row in found]
    assert gsm == [(0.0, 45.0), (0.0, 180.0), (None, None), (-90.0, 0.0)]
    told = [each for batch in batches(content, MAPPING) for each in batch.counted]
    counted = Counter((each.rule.slug, each.column) for each in told for _ in each.lines)
    assert counted == {
        (rules.COLATITUDE.slug, "location_geo.lat"): 3,
        (rules.RADIANS.slug, "location_geo.lon"): 3,
        (rules.CARTESIAN.slug, "location_gsm.lat"): 3,
        (rules.FILL_VALUE.slug, "location_gsm.lat"): 1,
    }


def test_a_text_among_the_axes_is_left_for_the_rules() -> None:
    content = b"epoch,gx,gy,gz\n2020-01-01T00:00:00,1,one,0\n2020-01-01T00:01:00,1,1,0\n"
    mapping = {name: meaning for name, meaning in MAPPING.items() if name.startswith("g")}
    found = [row["location_gsm.lat"] for _, row in rows(content, mapping)]
    assert found == ["one", "0.0"]


def test_a_single_angle_is_what_a_column_of_them_is() -> None:
    assert in_degrees(38.95, AngleFormat.COLATITUDE) == 51.05
    assert in_degrees(0.0, AngleFormat.COLATITUDE_RADIANS) == 90.0
