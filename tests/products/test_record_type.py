"""The rules of data product records, and how AuroraX keeps them."""

import json
from typing import Any

import pytest

from apps.aurorax import DataSource
from apps.products.record_type import PRODUCTS
from apps.records.checked import check
from apps.validation import rules
from apps.validation.batches import Batch
from apps.validation.findings import Findings
from apps.validation.rules import Rule
from apps.validation.value_formats import ValueFormats

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
    checked = check(PRODUCTS, ROW, SOURCE)
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
    assert [(group.rule, group.column) for group in checked.groups] == [(rules.SECONDS_CUT, "end")]
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
        ({"url": "", "url_json": '""'}, rules.URL_JSON, "url_json"),
        ({"url": "", "url_json": "1.jpg"}, rules.URL_JSON, "url_json"),
        ({"url": "", "url_json": '{"url": "1.jpg"}'}, rules.URL_JSON, "url_json"),
        ({"url_json": '"another.jpg"'}, rules.URL_JSON, "url_json"),
    ],
)
def test_a_broken_rule_is_a_problem_at_its_column(change: dict[str, Any], rule: Rule, column: str) -> None:
    checked = check(PRODUCTS, ROW | change, SOURCE)
    assert checked.record is None
    assert [(group.rule, group.column) for group in checked.problems] == [(rule, column)]


@pytest.mark.parametrize("url", [" 1.jpg", "\t=1.jpg", "NA", "5", "'1.jpg", "two\nlines.jpg"])
def test_a_url_as_json_is_taken_as_it_is(url: str) -> None:
    checked = check(PRODUCTS, ROW | {"url": "", "url_json": json.dumps(url)}, SOURCE)
    assert checked.record is not None
    assert (checked.record["url"], checked.problems) == (url, [])


@pytest.mark.parametrize(
    ("exact", "sent", "rule"), [(False, "1.jpg", rules.URL_TRIMMED), (True, " 1.jpg ", rules.URL_BLANKS)]
)
def test_blanks_around_a_url_are_left_out_of_cells_and_kept_of_json_and_told(
    exact: bool, sent: str, rule: Rule
) -> None:
    findings = Findings()
    checking = PRODUCTS.batch_validator(SOURCE, findings, ValueFormats(exact_texts=exact))
    records = checking.check(Batch.of_loose_rows([(2, ROW | {"url": " 1.jpg "})], []))
    assert records["key"].to_list() == [sent]
    (group,) = [group for group in findings.groups() if group.column == "url"]
    assert (group.rule, group.examples[0].value) == (rule, '" 1.jpg "')


@pytest.mark.parametrize("spelt", ["Keogram", " keogram ", "KEOGRAM"])
def test_a_product_type_in_other_letters_is_sent_in_small_ones_and_told(spelt: str) -> None:
    checked = check(PRODUCTS, ROW | {"data_product_type": spelt}, SOURCE)
    assert checked.record is not None
    assert checked.record["data_product_type"] == "keogram"
    assert rules.PRODUCT_TYPE_SPELLING in [group.rule for group in checked.groups]


def test_a_second_record_of_the_same_url_is_left_out_and_not_called_the_same_before_it_is_compared() -> None:
    findings = Findings()
    checking = PRODUCTS.batch_validator(SOURCE, findings)
    assert len(checking.check(Batch.of_loose_rows([(2, ROW)], []))) == 1
    assert checking.check(Batch.of_loose_rows([(3, ROW | {"start": "2019-01-01T00:00:00"})], [])).is_empty()
    checking.conclude()
    told = {group.rule for group in findings.groups()}
    assert rules.NOT_COMPARED in told
    assert rules.DUPLICATE not in told


def is_same(sent: dict[str, Any], held: dict[str, Any]) -> bool:
    return PRODUCTS.same(PRODUCTS.row_of(sent), PRODUCTS.row_of(held))


def test_seconds_that_aurorax_keeps_or_cuts_make_no_difference() -> None:
    sent = check(PRODUCTS, ROW, SOURCE).record
    assert sent is not None
    stored = {name: sent[name] for name in ("start", "url", "data_product_type", "metadata")}
    assert is_same(sent, stored | {"end": "2020-01-01T23:59:59"})
    assert not is_same(sent, stored | {"end": "2020-01-01T23:58:00"})
