"""Listings of SSCWeb, CDAWeb and of observatories (IAGA-2002), as these write them."""

import pytest

from apps.validation.time_parts import part_of
from tests.readers.test_readers import opened, rows

SSCWEB = b"""Group 1   Satellite   Resolution   Factor
          cluster1        60          1

      Time     Sat.                 GEO (RE)                  GEO           GSM       geoLT     NorthBtrace GEO         SouthBtrace GEO       Radius
yyyy ddd hh:mm               X          Y          Z       Lat   Long   Lat   Long  hh:mm   Lat   Long    ArcLen    Lat   Long    ArcLen     (RE)

2020 001 00:00 cluster1      1.00       2.00       3.00    0.00 190.00  10.00  20.00  12:40  61.00 200.00      2.10 -61.00 201.00      2.20      4.00
2020 001 00:01 cluster1      1.00       2.00       3.00    5.18 193.70  10.10  20.10  12:44  61.10 200.10      2.10 -61.10 201.10      2.20      4.00
"""
CDAWEB = b"""#              *****    GLOBAL ATTRIBUTES    ******
#
EPOCH                     LATITUDE     LONGITUDE
dd-mm-yyyy hh:mm:ss.mil.mic    deg          deg
02-01-2020 00:00:00.000.000   51.05        -114.07
02-01-2020 00:01:00.000.000   51.06        -114.08
#
# Key Parameter and Survey data (labels K0,K1,K2) are preliminary browse data.
"""
IAGA = b""" Format                 IAGA-2002                                    |
 Source of Data         Geological Survey of Canada                  |
 Geodetic Latitude      54.616                                       |
 # This data file was created by INTERMAGNET                          |
DATE       TIME         DOY     MEAX      MEAY      MEAZ      MEAF   |
2020-01-01 00:00:00.000 001     13275.30   3300.10  55000.00  99999.00
2020-01-01 00:01:00.000 001     13275.30   3300.20  55000.10  88888.00
"""


def test_places_and_both_footpoints_of_sscweb_come_in_one_upload() -> None:
    with opened(SSCWEB) as table:
        assert {*table.matching.kept} == {
            "epoch/year", "epoch/day of the year", "epoch/time of day", "location_geo.lat", "location_geo.lon",
            "location_gsm.lat", "location_gsm.lon", "nbtrace.lat", "nbtrace.lon", "sbtrace.lat", "sbtrace.lon",
        }  # fmt: skip
        assert table.dialect.proposed == dict.fromkeys(table.matching.unknown, "ignore")
        assert table.remark.startswith("Read as a listing of SSCWeb")
    assert rows(SSCWEB)[1] == (
        8,
        {
            "epoch": "2020-001 00:01", "location_geo.lat": "5.18", "location_geo.lon": "193.70",
            "location_gsm.lat": "10.10", "location_gsm.lon": "20.10", "nbtrace.lat": "61.10", "nbtrace.lon": "200.10",
            "sbtrace.lat": "-61.10", "sbtrace.lon": "201.10",
        },
    )  # fmt: skip


def test_gsm_of_sscweb_without_angles_is_proposed_by_x_y_and_z() -> None:
    listing = b"""      Time             GSM (RE)
yyyy ddd hh:mm               X          Y          Z

2020 001 00:00      1.00       1.00       0.00
"""
    with opened(listing) as table:
        assert table.dialect.proposed == {
            f"GSM (RE) {axis.upper()}": f"location_gsm/{axis}" for axis in "xyz"
        }
        mapping = dict(table.dialect.proposed)
    assert rows(listing, mapping)[0][1] == {
        "epoch": "2020-001 00:00", "location_gsm.lat": "0.0", "location_gsm.lon": "45.0",
    } or rows(listing, mapping)[0][1] == {"epoch": "2020-001 00:00", "location_gsm.lat": 0.0, "location_gsm.lon": 45.0}  # fmt: skip


def test_cdaweb_writes_the_day_first_and_the_portal_knows() -> None:
    assert rows(CDAWEB) == [
        (
            5,
            {
                "epoch": "2020-01-02T00:00:00.000000",
                "location_geo.lat": "51.05",
                "location_geo.lon": "-114.07",
            },
        ),
        (
            6,
            {
                "epoch": "2020-01-02T00:01:00.000000",
                "location_geo.lat": "51.06",
                "location_geo.lon": "-114.08",
            },
        ),
    ]


@pytest.mark.parametrize("mark", [b"   |", b""])
def test_iaga_2002_has_its_time_in_two_columns_and_no_value_where_none_was_measured(mark: bytes) -> None:
    content = IAGA.replace(b"   |\n2020", mark + b"\n2020")
    with opened(content) as table:
        assert [part_of(name) for name in table.matching.kept] == [
            ("epoch", "date"),
            ("epoch", "time of day"),
        ]
        assert table.dialect.proposed["doy"] == "ignore"
    found = rows(content, {"MEAF": "metadata.f", "doy": "", "MEAX": "", "MEAY": "", "MEAZ": ""})
    assert found[0] == (6, {"epoch": "2020-01-01 00:00:00.000", "metadata.f": "NaN"})
