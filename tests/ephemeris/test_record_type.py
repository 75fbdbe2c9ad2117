"""The rules of ephemeris records, and how AuroraX keeps them."""

from typing import Any

import pytest

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.ephemeris.record_type import EPHEMERIS
from apps.ephemeris.validators import NOWHERE
from apps.records.checked import check
from apps.validation import rules
from apps.validation.batches import Batch
from apps.validation.findings import Findings
from apps.validation.rules import PROBLEM, Rule

SOURCE = DataSource(7, "example-program", "example-platform", "example-instrument")
EPOCH = {"epoch": "2020-01-01T00:00:00"}


def found(row: dict[str, Any], source: DataSource = SOURCE) -> list[tuple[Rule, str]]:
    return [(group.rule, group.column) for group in check(EPHEMERIS, EPOCH | row, source).groups]


def record(row: dict[str, Any], source: DataSource = SOURCE) -> dict[str, Any]:
    checked = check(EPHEMERIS, EPOCH | row, source)
    assert checked.record is not None, checked.problems
    return checked.record


def test_the_example_of_the_documentation_passes_with_a_notice() -> None:
    row = {column.name: column.example for column in EPHEMERIS.columns}
    assert record(row) == {
        "program": "example-program",
        "platform": "example-platform",
        "instrument_type": "example-instrument",
        "epoch": "2020-01-01T00:00:00",
        "location_geo": {"lat": 51.049999, "lon": -114.066666},
        "location_gsm": {"lat": 150.25, "lon": -10.75},
        "nbtrace": {"lat": 1.23, "lon": 45.6},
        "sbtrace": {"lat": 7.89, "lon": 101.23},
        "metadata": None,
    }
    assert found(row) == [(rules.LATITUDE_FOLDED, "location_gsm.lat")]


def test_a_record_without_any_location_is_valid() -> None:
    assert record({"location_geo.lat": "", "location_geo.lon": None})["location_geo"] == NOWHERE


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ({"epoch": ""}, rules.REQUIRED, "epoch"),
        ({"location_geo.lat": "51"}, rules.ONE_SIDED, "location_geo.lon"),
        ({"location_geo.lat": "51", "location_geo.lon": "-999"}, rules.ONE_SIDED, "location_geo.lon"),
        ({"location_geo.lat": "91", "location_geo.lon": "0"}, rules.LATITUDE, "location_geo.lat"),
        ({"nbtrace.lat": "-90.1", "nbtrace.lon": "0"}, rules.LATITUDE, "nbtrace.lat"),
        ({"location_gsm.lat": "181", "location_gsm.lon": "0"}, rules.GSM_LATITUDE, "location_gsm.lat"),
        ({"location_geo.lat": "0", "location_geo.lon": "361"}, rules.LONGITUDE, "location_geo.lon"),
        ({"location_geo.lat": "north", "location_geo.lon": "0"}, rules.NOT_A_NUMBER, "location_geo.lat"),
        ({"program": "another"}, rules.OTHER_SOURCE, "program"),
        ({"data_source.identifier": 8}, rules.OTHER_SOURCE, "data_source"),
        ({"metadata": "[1]"}, rules.NOT_METADATA, "metadata"),
        ({"metadata": "{"}, rules.NOT_METADATA, "metadata"),
    ],
)
def test_a_broken_rule_is_a_problem_at_its_column(row: dict[str, Any], rule: Rule, column: str) -> None:
    assert (rule, column) in found(row)
    assert check(EPHEMERIS, EPOCH | row, SOURCE).record is None


def test_all_problems_of_a_row_are_told_at_once() -> None:
    row = {"epoch": "soon", "location_geo.lat": "51", "nbtrace.lat": "99", "nbtrace.lon": "x"}
    assert {rule for rule, _ in found(row)} == {
        rules.NOT_A_TIME, rules.ONE_SIDED, rules.LATITUDE, rules.NOT_A_NUMBER,
    }  # fmt: skip


def test_longitudes_from_0_to_360_are_turned_and_fill_values_emptied_with_a_notice() -> None:
    row = {
        "location_geo.lat": "51",
        "location_geo.lon": "245.933334",
        "nbtrace.lat": "-9999",
        "nbtrace.lon": "NaN",
    }
    checked = record(row)
    assert checked["location_geo"] == {"lat": 51.0, "lon": -114.066666}
    assert checked["nbtrace"] == NOWHERE
    assert {rule for rule, _ in found(row)} == {rules.LONGITUDE_TURNED, rules.FILL_VALUE}


def second_row(epoch: str, *later: str) -> list[Any]:
    """The rules that rows of these times break, each in a block of its own behind a row of the first."""
    findings = Findings()
    checking = EPHEMERIS.batch_validator(SOURCE, findings)
    assert len(checking.check(Batch.of_loose_rows([(2, {"epoch": epoch})], []))) == 1
    for line, another in enumerate(later, start=3):
        assert checking.check(Batch.of_loose_rows([(line, {"epoch": another})], [])).is_empty()
    checking.conclude(lambda aside: {again.at: "" for again in aside.rows()})
    return [
        (group.rule, group.examples[0].line) for group in findings.groups() if group.rule.severity is PROBLEM
    ]


def test_a_second_record_of_the_same_time_is_a_duplicate() -> None:
    assert second_row("2020-01-01T00:00:00", "2020-01-01T00:00:00") == [(rules.DUPLICATE, 3)]
    assert second_row("2020-01-01T00:00:03", "2020-01-01T00:00:03.0001") == [(rules.DUPLICATE, 3)]


def test_another_time_of_the_same_minute_is_told_apart_from_a_duplicate() -> None:
    assert second_row("2020-01-01T00:00:00", "2020-01-01T00:00:30") == [(rules.SAME_MINUTE, 3)]
    assert second_row("2020-01-01T00:00:30", "2020-01-01T00:00:00") == [(rules.SAME_MINUTE, 3)]
    later = ("2020-01-01T00:00:30", "2020-01-01T00:00:00", "2020-01-01T00:00:30")
    assert second_row("2020-01-01T00:00:00", *later) == [(rules.DUPLICATE, 4), (rules.SAME_MINUTE, 3)]


SCHEMA = (
    MetadataField("state", allowed_values=("definitive", "predicted")),
    MetadataField("confidence", data_type="double"),
    MetadataField("is_on", data_type="bool", allowed_values=("true", "false")),
)
DESCRIBED = DataSource(
    7, "example-program", "example-platform", "example-instrument", ephemeris_metadata_schema=SCHEMA
)


def test_metadata_takes_the_type_of_the_schema_and_stays_text_without_one() -> None:
    row = {
        "metadata.state": "definitive",
        "metadata.confidence": "0.5",
        "metadata.is_on": "TRUE",
        "metadata.x": "",
    }
    assert record(row, DESCRIBED)["metadata"] == {"state": "definitive", "confidence": 0.5, "is_on": True}
    assert record({"metadata.n": "007"})["metadata"] == {"n": "007"}
    assert record({"metadata": '{"n": 7}', "metadata.m": "8"})["metadata"] == {"n": 7, "m": "8"}


def test_metadata_outside_the_schema_is_only_a_warning() -> None:
    row = {"metadata": {"state": "guessed", "confidence": "high", "colour": "green"}}
    assert record(row, DESCRIBED)["metadata"] == row["metadata"]
    assert set(found(row, DESCRIBED)) == {
        (rules.METADATA_VALUE, "metadata.state"),
        (rules.METADATA_TYPE, "metadata.confidence"),
        (rules.METADATA_FIELD, "metadata.colour"),
    }


def is_same(sent: dict[str, Any], held: dict[str, Any]) -> bool:
    return EPHEMERIS.same(EPHEMERIS.row_of(sent), EPHEMERIS.row_of(held))


def test_what_aurorax_answers_is_the_same_when_it_only_wrote_it_differently() -> None:
    sent = record(
        {
            "location_geo.lat": "51", "location_geo.lon": "239.97757", "location_gsm.lat": "150.25",
            "location_gsm.lon": "-10.75", "metadata": {"a": 1, "bb": [1.0, {"c": True}]},
        }
    )  # fmt: skip
    stored = {
        "epoch": "2020-01-01T00:00:00",
        "location_geo": {"lat": 51, "lon": -120.02243000000001},
        "location_gsm": {"lat": 29.75, "lon": -10.75},
        "nbtrace": NOWHERE,
        "sbtrace": None,
        "metadata": {"bb": [1, {"c": True}], "a": 1.0},
    }
    assert is_same(sent, stored)
    assert not is_same(sent, stored | {"metadata": {"a": 1}})
    assert not is_same(sent, stored | {"location_geo": {"lat": 51.001, "lon": -120.02243}})
    assert not is_same(sent, stored | {"sbtrace": {"lat": 0, "lon": 0}})
    assert not is_same(sent, stored | {"metadata": {"a": True, "bb": [1, {"c": 1}]}})
