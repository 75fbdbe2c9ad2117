"""What the sandbox starts with is plausible, and the same every time."""

from itertools import pairwise

import pytest

from tests.sandbox.conftest import SWARM_DAY, Api
from tests.support.sandbox import SandboxProcess

CAMERA_DAY = {
    "data_sources": {"programs": ["trex"], "platforms": ["gillam"], "instrument_types": ["RGB ASI"]},
    "start": "2020-01-01T00:00:00",
    "end": "2020-01-01T23:59:59",
}


def test_a_ground_camera_stays_where_it_is_and_has_no_gsm_place(anyone: Api) -> None:
    records = anyone.search("ephemeris", **CAMERA_DAY)
    assert len(records) == 1440
    gillam = {"lat": 56.376723, "lon": -94.643664}
    assert all(record["location_geo"] == record["nbtrace"] == gillam for record in records)
    assert all(record["location_gsm"] == {"lat": None, "lon": None} for record in records)
    assert len({record["sbtrace"]["lon"] for record in records}) == 1440  # the field drifts
    assert all(abs(record["sbtrace"]["lat"] + 72.769) < 0.01 for record in records)


def test_a_satellite_goes_from_pole_to_pole_fifteen_times_a_day(anyone: Api) -> None:
    latitudes = [record["location_geo"]["lat"] for record in anyone.search("ephemeris", **SWARM_DAY)]
    assert 86 < max(latitudes) < 88
    assert -88 < min(latitudes) < -86
    northward = sum(a < 0 <= b for a, b in pairwise(latitudes))
    assert northward in (15, 16)


def test_its_field_lines_end_near_it_in_its_own_hemisphere_and_open_over_the_poles(anyone: Api) -> None:
    records = anyone.search("ephemeris", **SWARM_DAY)
    northern = [record for record in records if record["location_geo"]["lat"] > 40]
    assert all(abs(r["nbtrace"]["lat"] - r["location_geo"]["lat"]) < 10 for r in northern)
    open_lines = [record for record in records if record["sbtrace"]["lat"] is None]
    assert 20 < len(open_lines) < 200
    assert all(record["location_geo"]["lat"] > 60 for record in open_lines)


def test_its_metadata_keeps_to_its_schema_and_lacks_keys_at_times(anyone: Api) -> None:
    source = anyone.get("/data_sources/3", format="full_record").json()
    fields = {field["field_name"]: field["allowed_values"] for field in source["ephemeris_metadata_schema"]}
    records = anyone.search("ephemeris", **SWARM_DAY)
    assert len({tuple(record["metadata"]) for record in records}) == 2
    for record in records:
        for key, value in record["metadata"].items():
            assert not fields[key] or str(value).lower() in [word.lower() for word in fields[key]]


def test_keograms_may_start_before_their_day(anyone: Api) -> None:
    found = anyone.search("data_products", **CAMERA_DAY)
    assert len(found) == 13
    [daily] = [record for record in found if record["metadata"]["keogram_type"] == "daily"]
    assert daily["metadata"]["imaging_start_time"] < daily["start"]


@pytest.mark.parametrize(
    ("identifier", "owner", "maintainers"),
    [
        (103, "owner@example.org", ["maintainer@example.org"]),
        (44, "owner@example.org", []),
        (3, "owner2@example.org", []),
        (406, None, []),
    ],
)
def test_sources_belong_to_invented_people(
    anyone: Api, identifier: int, owner: str | None, maintainers: list[str]
) -> None:
    source = anyone.get(f"/data_sources/{identifier}", format="full_record").json()
    assert (source["owner"], source["maintainers"]) == (owner, maintainers)


def test_it_is_the_same_after_a_reset(sandbox: SandboxProcess, anyone: Api) -> None:
    before = anyone.search("ephemeris", **SWARM_DAY)
    sandbox.reset()
    assert anyone.search("ephemeris", **SWARM_DAY) == before
