"""JSON whose names are not spelt as the API spells them: read as whole blocks or record by record, it says the same."""

import io
import json
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Layout, open_table
from apps.readers.errors import UnreadableFile
from apps.readers.headers import IGNORE
from apps.readers.json_batches import RepeatedName, TypedRecords
from apps.validation import rules
from apps.validation.findings import Findings
from tests.support.properties import property_settings

SOURCE = DataSource(1, "program", "platform", "instrument")
EPOCHS = [f"2020-01-01T00:0{n}:00" for n in range(4)]
PLACE = {"lat": 51.5, "lon": -114.25}
Read = tuple[list[Any], list[Any], set[str]]


def read(content: bytes, mapping: dict[str, str] | None = None, one_by_one: bool = False) -> Read | str:
    """Records that can be sent, what is told, and what the records gave; or why the file cannot be read."""
    told: list[Any] = []
    findings = Findings(lambda each: told.append((each.rule, each.line, each.column, each.value)))
    layout = Layout(EPHEMERIS.columns, mapping or {}, key="epoch")
    hindered = patch.object(TypedRecords, "batch", side_effect=RepeatedName)
    try:
        with (
            hindered if one_by_one else nullcontext(),
            open_table(io.BytesIO(content), layout) as table,
        ):
            check = EPHEMERIS.batch_validator(SOURCE, findings, layout.value_formats)
            bodies = [body for batch in table.batches for body in check.check(batch)["body"]]
            given, unknown = {_member(name) for name in table.met or ()}, table.matching.unknown
    except UnreadableFile as refused:
        return refused.message
    return [json.loads(body) for body in bodies], [*told, *unknown], given


def _member(name: str) -> str:
    """Half a place is one."""
    return name if name.startswith("metadata") else name.partition(".")[0]


def files(records: list[Any]) -> list[bytes]:
    return [json.dumps(records).encode(), "\n".join(map(json.dumps, records)).encode()]


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("location_geo", ("LAT", "LON")),
        ("LOCATION_GEO", ("LAT", "LON")),
        ("Location_Geo", ("lat", "lon")),
        ("locationGeo", ("Lat", "Lon")),
        ("location-geo", ("lat", "lon")),
        ("NBTRACE", ("LAT", "LON")),
        ("pos", ("y", "x")),
    ],
)
@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_place_arrives_however_its_names_are_spelt(
    name: str, inner: tuple[str, str], one_by_one: bool
) -> None:
    record = {"EPOCH": EPOCHS[0], name: dict(zip(inner, PLACE.values(), strict=True))}
    empty = {"EPOCH": EPOCHS[1], name: None}
    field = "nbtrace" if name == "NBTRACE" else "location_geo"
    mapping = {"pos.y": "location_geo.lat", "pos.x": "location_geo.lon"}
    for content in files([record, empty]):
        found = read(content, mapping, one_by_one)
        assert not isinstance(found, str)
        bodies, told, given = found
        assert [body[field] for body in bodies] == [PLACE, {"lat": None, "lon": None}]
        assert given == {"epoch", field}
        assert not [each for each in told if each[0].severity != "notice"]


@pytest.mark.parametrize("name", ["METADATA", "Metadata"])
@pytest.mark.parametrize("one_by_one", [False, True])
def test_metadata_stays_one_object_however_it_is_spelt(name: str, one_by_one: bool) -> None:
    records = [{"epoch": EPOCHS[0], name: {"a": 1}}, {"epoch": EPOCHS[1], name: {"b": {"c": 2}}}]
    for content in files(records):
        found = read(content, one_by_one=one_by_one)
        assert not isinstance(found, str)
        assert ([body["metadata"] for body in found[0]], found[2]) == (
            [{"a": 1}, {"b": {"c": 2}}],
            {"epoch", "metadata"},
        )


def test_metadata_that_somebody_ignores_is_not_given() -> None:
    for content in files([{"epoch": EPOCHS[0], "metadata": {"a": 1}}]):
        found = read(content, {"metadata": IGNORE})
        assert not isinstance(found, str)
        assert found[2] == {"epoch"}


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_place_given_twice_in_a_record_is_a_problem_of_it(place: int, one_by_one: bool) -> None:
    records: list[dict[str, Any]] = [{"epoch": epoch, "location_geo": PLACE} for epoch in EPOCHS]
    records[place]["location_geo.lat"] = 4
    for content in files(records):
        found = read(content, one_by_one=one_by_one)
        assert not isinstance(found, str)
        assert [told[:3] for told in found[1]] == [(rules.REPEATED_NAME, place + 1, "location_geo.lat")]
        assert len(found[0]) == 3


def test_a_field_that_is_null_in_the_first_record_is_a_problem_where_it_has_a_value() -> None:
    for content in files([
        {"epoch": EPOCHS[0], "location_geo": {**PLACE, "alt": None}},
        {"epoch": EPOCHS[1], "location_geo": {**PLACE, "alt": 7}},
    ]):  # fmt: skip
        found = read(content)
        assert not isinstance(found, str)
        assert [told[:3] for told in found[1]] == [(rules.UNKNOWN_FIELD, 2, "location_geo.alt")]


def test_an_ignored_field_that_is_an_object_further_down_is_told_of() -> None:
    for content in files([{"epoch": EPOCHS[0], "x": 5}, {"epoch": EPOCHS[1], "x": {"y": 1}}]):
        found = read(content, {"x": IGNORE})
        assert not isinstance(found, str)
        assert [told[:3] for told in found[1]] == [(rules.UNKNOWN_FIELD, 2, "x.y")]


@pytest.mark.parametrize("one_by_one", [False, True])
def test_another_data_source_is_told_of_however_it_is_spelt(one_by_one: bool) -> None:
    for identifier, sent in ((1, 1), (2, 0)):
        source = {"IDENTIFIER": identifier, "PROGRAM": "program", "DISPLAY_NAME": "x"}
        for content in files([{"EPOCH": EPOCHS[0], "DATA_SOURCE": source}]):
            found = read(content, one_by_one=one_by_one)
            assert not isinstance(found, str)
            assert len(found[0]) == sent
            assert [told[0] for told in found[1]] == [rules.OTHER_SOURCE] * (1 - sent)


# Any spelling --------------------------------------------------------------------------------------------------------


@st.composite
def spelt(draw: st.DrawFn, name: str) -> str:
    joint = draw(st.sampled_from(["_", "-", " ", ""]))
    text = name.replace("_", joint)
    return draw(st.sampled_from([text, text, text.upper(), text.title()]))


@st.composite
def places(draw: st.DrawFn) -> dict[str, Any]:
    """A place: nested, flat, half, in both ways, or none."""
    name = draw(st.sampled_from(["location_geo", "nbtrace"]))
    group, lat, lon = draw(spelt(name)), draw(spelt("lat")), draw(spelt("lon"))
    flat = {f"{group}.{lat}": 1.5, f"{group}.{lon}": 2.5}
    options: list[dict[str, Any]] = [
        {group: {lat: 1.5, lon: 2.5}}, {group: {lat: 1.5, lon: 2.5}}, flat, {group: None}, {group: {}},
        {group: {lat: 1.5}}, {group: {lat: 1.5, lon: None}}, {}, {group: {lat: 1.5}, f"{group}.{lon}": 2.5},
        {group: {lat: 1.5, lon: 2.5}, f"{group}.{lat}": 3},
        {"LATITUDE": 1.5, "lon": 2.5},
    ]  # fmt: skip
    return draw(st.sampled_from(options))


@st.composite
def described(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(spelt("metadata"))
    options: list[dict[str, Any]] = [{name: {"a": 1}}, {name: None}, {name: {}}, {f"{name}.a": 2}, {}]
    return draw(st.sampled_from(options))


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some records of the same kind, and some of another."""
    kinds = draw(st.lists(st.tuples(spelt("epoch"), places(), described()), min_size=1, max_size=2))
    chosen = [draw(st.sampled_from(kinds)) for _ in range(draw(st.integers(1, 4)))]
    return [{name: EPOCHS[n], **place, **metadata} for n, (name, place, metadata) in enumerate(chosen)]


@property_settings
@given(found=records())
def test_whole_blocks_and_single_records_say_the_same(found: list[dict[str, Any]]) -> None:
    for content in files(found):
        assert read(content) == read(content, one_by_one=True)
