"""A row of the heat matrix, as it is drawn and in words."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from apps.charts.heat import HEIGHT, Lane, axis_of, heat_of, pitch_of
from apps.charts.scales import Scale
from apps.charts.strips import months_back

pytestmark = pytest.mark.any_database
MONTHS = months_back(date(2020, 12, 1), 12)


def lane(label: str, *held: int) -> Lane:
    counts = {date(2020, month, 1): 20 * month for month in held}
    return Lane(label, counts, lambda counts: lambda month: Scale(100))


def test_a_month_with_records_is_a_cell_and_a_stretch_without_is_one_shape() -> None:
    paths = ET.fromstring(heat_of([lane("Ephemeris", 2, 5)], months=MONTHS).picture).findall("path")
    assert [(path.attrib["class"], path[0].text) for path in paths] == [
        ("l0", "2020-01: none"),
        ("l2", "2020-02: 40 on 1 day"),
        ("l0", "2020-03 to 2020-04: none"),
        ("l5", "2020-05: 100 on 1 day"),
        ("l0", "2020-06 to 2020-12: none"),
    ]


def test_two_kinds_share_the_height_and_each_is_in_the_words() -> None:
    row = heat_of([lane("Ephemeris", 5), lane("Data products", 5)], months=MONTHS)
    assert row.words == "Ephemeris by month: 2020-05. Data products by month: 2020-05."
    full = [path.attrib["d"] for path in ET.fromstring(row.picture) if path.attrib["class"] == "l5"]
    half = (HEIGHT - 2) / 2
    assert [f"v{half:g}" in path for path in full] == [True, True]


def test_more_of_it_is_higher_as_well_as_stronger() -> None:
    paths = ET.fromstring(heat_of([lane("Ephemeris", 1, 5)], months=MONTHS).picture).findall("path")
    few, many = (float(paths[place].attrib["d"].split("v")[1].split("h")[0]) for place in (0, 2))
    assert few < many


def test_years_stand_over_their_january_and_many_months_are_narrow() -> None:
    months = months_back(date(2020, 6, 1), 24)
    texts = [(text.attrib["x"], text.text) for text in ET.fromstring(axis_of(months))]
    pitch = pitch_of(months)
    assert texts == [("0", "2018"), (str(6 * pitch), "2019"), (str(18 * pitch), "2020")]
    assert pitch_of(months_back(date(2020, 1, 1), 120)) < pitch
