"""The rules of data product records, and how AuroraX keeps them."""

from typing import Any

import pytest

from apps.aurorax import DataSource
from apps.products.kind import PRODUCTS
from apps.uploads import rules
from apps.uploads.blocks import Block
from apps.uploads.findings import Findings
from apps.uploads.rules import Rule

SOURCE = DataSource(7, "example-program", "example-platform", "example-instrument")
# The documentation's first keogram.
ROW = {
    "data_product_type": "keogram",
    "start": "2020-01-01T00:00:00",
    "end": "2020-01-01T23:59:59",
    "url": "example1.jpg",
    "metadata.example_meta1": "example1",
    "metadata.example_meta2": "example2",
}


def test_the_example_of_the_documentation_is_sent_to_the_minute_with_a_notice() -> None:
    checked = PRODUCTS.check(ROW, SOURCE)
    assert checked.record == {
        "program": "example-program",
        "platform": "example-platform",
        "instrument_type": "example-instrument",
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T23:59:00",
        "url": "example1.jpg",
        "data_product_type": "keogram",
        "metadata": {"example_meta1": "example1", "example_meta2": "example2"},
    }
    assert [(cause.rule, cause.column) for cause in checked.causes] == [(rules.SECONDS_CUT, "end")]
    assert checked.problems == []


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"url": " "}, rules.REQUIRED, "url"),
        ({"start": None}, rules.REQUIRED, "start"),
        ({"data_product_type": ""}, rules.REQUIRED, "data_product_type"),
        ({"data_product_type": "gridded_data"}, rules.PRODUCT_TYPE, "data_product_type"),
        ({"start": "2020-01-02T00:00:00"}, rules.START_AFTER_END, "start"),
        ({"end": "2020-01-01"}, rules.NO_TIME_OF_DAY, "end"),
        ({"platform": "another"}, rules.OTHER_SOURCE, "platform"),
    ],
)
def test_a_broken_rule_is_a_problem_at_its_column(change: dict[str, Any], rule: Rule, column: str) -> None:
    checked = PRODUCTS.check(ROW | change, SOURCE)
    assert checked.record is None
    assert [(cause.rule, cause.column) for cause in checked.problems] == [(rule, column)]


def test_a_second_record_of_the_same_url_is_a_duplicate() -> None:
    findings = Findings()
    checking = PRODUCTS.block_check(SOURCE, findings)
    assert len(checking.check(Block.of_others([(2, ROW)], []))) == 1
    assert checking.check(Block.of_others([(3, ROW | {"start": "2019-01-01T00:00:00"})], [])).is_empty()
    assert rules.DUPLICATE in {cause.rule for cause in findings.causes()}


def test_seconds_that_aurorax_keeps_or_cuts_make_no_difference() -> None:
    sent = PRODUCTS.check(ROW, SOURCE).record
    assert sent is not None
    stored = {name: sent[name] for name in ("start", "url", "data_product_type", "metadata")}
    assert PRODUCTS.same(sent, stored | {"end": "2020-01-01T23:59:59"})
    assert not PRODUCTS.same(sent, stored | {"end": "2020-01-01T23:58:00"})
