"""Records that AuroraX may hold and that no upload could bring: what their export gives when it is uploaded again."""

import pytest

from apps.aurorax import DataSource
from apps.aurorax.records.rows import DataProductRow, EphemerisRow, Place
from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.records.types import RecordRow, RecordType
from apps.validation import rules
from apps.validation.rules import PROBLEM, Rule
from tests.records.test_round_trip_properties import WRITERS, read_again

SOURCE = DataSource(7, "a", "b", "c")
START, END = "2020-01-01T00:00:00", "2020-01-01T23:59:00"


def product(
    *, start: str = START, end: str = END, url: str = "1.jpg", type_: str = "keogram"
) -> DataProductRow:
    return DataProductRow(start, end, url, type_)


def place(lat: float | None, lon: float | None) -> EphemerisRow:
    return EphemerisRow(START, location_geo=Place(lat, lon))


def kind_of(row: RecordRow) -> RecordType:
    return EPHEMERIS if isinstance(row, EphemerisRow) else PRODUCTS


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (product(start=END, end=START), rules.START_AFTER_END),
        (product(type_="average"), rules.PRODUCT_TYPE),
        (product(type_="=1+1"), rules.PRODUCT_TYPE),
        (product(type_=""), rules.REQUIRED),
        (product(url=""), None),
        (product(url=" "), None),
        (product(start="1850-01-01T00:00:00"), rules.YEAR),
        (EphemerisRow("1850-01-01T00:00:00"), rules.YEAR),
        (place(51.05, None), rules.ONE_SIDED),
        (place(None, -114.07), rules.ONE_SIDED),
        (place(95.0, 0.0), rules.LATITUDE),
        (place(0.0, -200.0), rules.LONGITUDE),
        (EphemerisRow(START, location_gsm=Place(190.0, 0.0)), rules.GSM_LATITUDE),
    ],
)
def test_what_cannot_be_sent_again_is_a_problem(name: str, row: RecordRow, rule: Rule | None) -> None:
    """`rule` is None where it depends on the format."""
    kind = kind_of(row)
    again, told = read_again(kind, SOURCE, WRITERS[name](kind, SOURCE, [row]))
    assert again == []
    problems = [each for each in told if each.severity is PROBLEM]
    assert problems
    assert rule is None or problems == [rule]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    "row",
    [
        product(end="2020-01-01T23:59:59"),
        EphemerisRow(START, location_gsm=Place(150.25, 0.0)),
        EphemerisRow(START, location_gsm=Place(29.75, 0.0)),
        place(51.05, 245.93),
        place(51.05, 180.0),
        place(51.05, -180.0),
        EphemerisRow(START, metadata={}),
    ],
)
def test_what_aurorax_keeps_in_another_way_is_the_same(name: str, row: RecordRow) -> None:
    kind = kind_of(row)
    again, _ = read_again(kind, SOURCE, WRITERS[name](kind, SOURCE, [row]))
    assert len(again) == 1
    assert kind.same(again[0], row)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (product(type_="KEOGRAM"), rules.PRODUCT_TYPE_SPELLING),
        (product(type_=" keogram"), rules.PRODUCT_TYPE_SPELLING),
        (place(-999.0, -999.0), rules.FILL_VALUE),
        (EphemerisRow("2020-01-01T00:00:30"), rules.SECONDS_CUT),
    ],
)
def test_what_is_sent_in_another_way_counts_as_changed_and_is_told(
    name: str, row: RecordRow, rule: Rule
) -> None:
    kind = kind_of(row)
    again, told = read_again(kind, SOURCE, WRITERS[name](kind, SOURCE, [row]))
    assert len(again) == 1
    assert not kind.same(again[0], row) or kind.key(again[0]) != kind.key(row)
    assert rule in told
