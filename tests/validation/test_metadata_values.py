"""One rule for what a cell of metadata says: in files of every format, and in the form of one record."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.ephemeris.forms import EphemerisForm
from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Layout, open_table
from apps.records.equality import equal
from apps.validation import rules
from apps.validation.findings import Findings
from apps.validation.metadata_values import has_type, metadata_value
from apps.validation.rules import NOTICE, Rule
from apps.validation.value_formats import AS_TEXT, AS_TYPED, ValueFormats
from apps.validation.values import InvalidValue
from tests.support.properties import file_settings, values

TYPES = ("string", "int", "double", "bool", "vector")
SCHEMA = tuple(MetadataField(f"a_{kind}", data_type=kind) for kind in TYPES)
SOURCE = DataSource(7, "a", "b", "c", ephemeris_metadata_schema=SCHEMA)
PLAIN = DataSource(7, "a", "b", "c")
FIELDS = [*(field.field_name for field in SCHEMA), "undescribed"]
Row = dict[str, Any]
NO_PLACE = "no record"


# Files of every format with the same rows ------------------------------------------------------------------------------


def as_csv(rows: Sequence[Row]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, ["epoch", *(f"metadata.{name}" for name in names(rows))])
    writer.writeheader()
    writer.writerows({f"metadata.{name}": row.get(name) for name in names(rows)} | {"epoch": epoch}
                     for epoch, row in dated(rows))  # fmt: skip
    return file.getvalue().encode()


def as_workbook(rows: Sequence[Row]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["epoch", *(f"metadata.{name}" for name in names(rows))])
        for place, (epoch, row) in enumerate(dated(rows), start=1):
            sheet.write_row(place, 0, [epoch, *(row.get(name) for name in names(rows))])
    return file.getvalue()


def as_parquet(rows: Sequence[Row]) -> bytes:
    file = io.BytesIO()
    columns = {f"metadata.{name}": [row.get(name) for row in rows] for name in names(rows)}
    pl.DataFrame({"epoch": [epoch for epoch, _ in dated(rows)]} | columns).write_parquet(file)
    return file.getvalue()


def as_json(rows: Sequence[Row]) -> bytes:
    return json.dumps([flat(epoch, row) for epoch, row in dated(rows)]).encode()


def as_ndjson(rows: Sequence[Row]) -> bytes:
    return "\n".join(json.dumps(flat(epoch, row)) for epoch, row in dated(rows)).encode()


def flat(epoch: str, row: Row) -> Row:
    return {"epoch": epoch} | {f"metadata.{name}": value for name, value in row.items()}


def names(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def dated(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    return [(f"2020-01-01T{place // 60:02}:{place % 60:02}:00", row) for place, row in enumerate(rows)]


FORMATS = {
    "CSV": as_csv,
    "workbook": as_workbook,
    "Parquet": as_parquet,
    "JSON": as_json,
    "NDJSON": as_ndjson,
}
ReaderFinding = set[tuple[str, str]]


def read(content: bytes, source: DataSource, **chosen: Any) -> tuple[dict[str, Any], ReaderFinding]:
    """The metadata of the records by epoch; the rules that were told, with their columns."""
    findings, layout = (
        Findings(),
        Layout(EPHEMERIS.columns_of(source), {}, value_formats=ValueFormats(**chosen)),
    )
    found: dict[str, Any] = {}
    with open_table(io.BytesIO(content), layout) as table:
        assert not table.matching.unknown
        check = EPHEMERIS.batch_validator(source, findings, layout.value_formats)
        for batch in table.batches:
            for body in check.check(batch)["body"]:
                record = json.loads(body)
                found[record["epoch"]] = record["metadata"] or {}
    return found, {(group.rule.slug, group.column) for group in findings.groups()}


def exactly(value: Any) -> str:
    """Tells 1, 1.0, true and "1" apart."""
    return json.dumps(value, sort_keys=True)


# One value -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("int", "7", 7), ("int", " 5 ", 5), ("int", "true", "true"), ("int", "5.0", 5.0), ("int", "1e3", 1000.0),
        ("int", "0x10", "0x10"), ("int", "1_000", "1_000"), ("int", "٣", "٣"), ("int", "-0", 0), ("int", "007", "007"),
        ("int", "9007199254740993", 2**53 + 1), ("int", "1" + "0" * 30, 10**30), ("int", True, True), ("int", 5.0, 5.0),
        ("double", "1e3", 1000.0), ("double", "5", 5), ("double", "true", "true"), ("double", "51,05", "51,05"),
        ("double", "9007199254740993", 2**53 + 1), ("double", True, True),
        ("bool", "TRUE", True), ("bool", " False ", False), ("bool", "1", "1"), ("bool", 1, 1), ("bool", "yes", "yes"),
        ("string", "5", "5"), ("string", "true", "true"), ("string", 5, "5"), ("string", True, "true"), ("string", 0.5, "0.5"),
        ("string", "none", "none"), ("string", "na", "na"), ("string", " x ", " x "), ("string", [1], [1]),
        ("vector", "5", "5"), ("vector", 5, 5), ("undescribed", "5", "5"), ("undescribed", "TRUE", "TRUE"),
        ("undescribed", 5, 5), ("undescribed", True, True), ("undescribed", "Inf", "Inf"), ("undescribed", "1e400", "1e400"),
        ("string", "", None), ("int", None, None),
    ],
)  # fmt: skip
def test_a_cell_is_what_the_schema_says_and_else_what_it_is(kind: str, cell: object, value: object) -> None:
    described = None if kind == "undescribed" else MetadataField("x", data_type=kind)
    assert exactly(metadata_value(cell, described)) == exactly(value)


@pytest.mark.parametrize(
    ("kind", "cell", "rule"),
    [
        ("string", "NA", rules.NO_VALUE), ("string", " NULL ", rules.NO_VALUE), ("undescribed", "\\N", rules.NO_VALUE),
        ("undescribed", "   ", rules.NO_VALUE), ("vector", "None", rules.NO_VALUE), ("int", "none", rules.NO_VALUE),
        ("double", "NAN", rules.NO_VALUE), ("bool", "n/A", rules.NO_VALUE), ("double", float("nan"), rules.NO_VALUE),
        ("undescribed", float("nan"), rules.NO_VALUE), ("double", "Infinity", rules.NO_NUMBER),
        ("double", "1e400", rules.NO_NUMBER), ("int", "-inf", rules.NO_NUMBER), ("undescribed", float("inf"), rules.NO_NUMBER),
        ("int", "9" * 400, rules.NO_NUMBER), ("double", 10**309, rules.NO_NUMBER),
    ],
)  # fmt: skip
def test_a_cell_that_says_nothing_or_cannot_be_kept_is_told_apart(
    kind: str, cell: object, rule: Rule
) -> None:
    described = None if kind == "undescribed" else MetadataField("x", data_type=kind)
    with pytest.raises(InvalidValue) as refused:
        metadata_value(cell, described)
    assert refused.value.rule is rule


def test_a_decimal_comma_of_the_file_is_one_in_metadata_too() -> None:
    content = b"epoch;location_geo.lat;location_geo.lon;metadata.a_double;metadata.a_string;metadata.a_int\n"
    content += b"2020-01-01T00:00:00;51,05;-114,07;5,1784;5,1784;1,5\n"
    found, told = read(content, SOURCE)
    assert [*found.values()] == [{"a_double": 5.1784, "a_string": "5,1784", "a_int": "1,5"}]
    assert told == {(rules.METADATA_TYPE.slug, "metadata.a_int")}
    typed, _ = read(content, PLAIN, undescribed=AS_TYPED)
    assert [*typed.values()] == [{"a_double": 5.1784, "a_string": 5.1784, "a_int": 1.5}]


def test_a_word_that_the_schema_allows_is_meant() -> None:
    described = MetadataField("state", allowed_values=("NA", "definitive"))
    assert metadata_value("NA", described) == "NA"
    with pytest.raises(InvalidValue):
        metadata_value("NULL", described)


# All formats and the form ----------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(
        [
            "true", "TRUE", "False", "1", "0", "5.0", "0x10", "1e3", " 5 ", "NaN", "nan", "Infinity", "-Infinity", "inf",
            "1_000", "٣", "1e400", "-1E400", "9007199254740993", "12345678901234567890123", "007", "+5", ".5", "5.", "-0",
            "NA", "N/A", "none", "None", "null", "NULL", "\\N", "#N/A", "<NA>", "NaT", "0.1", "1e-7", "1e22", "[1]", "{}",
            '"5"', "t", "yes", "é", "a,b", "51,05", "ÎNF", "\xa05", "0.12345678901234567", "1E5", "tRuE",
        ]
    ),
    st.text("0123456789.eE+-_ trueTRUEfalsFALSnN\\/#<>Aix٣", min_size=1, max_size=9),
)  # fmt: skip


def by_the_form(text: str) -> Any:
    """What the form of one record would send, or that it sends nothing; a choice takes nothing but its values."""
    typed = {f"metadata.{name}": text for name in FIELDS if name not in ("undescribed", "a_bool")}
    form = EphemerisForm({"epoch": "2020-01-01T00:00:00", **typed}, kind=EPHEMERIS, source=SOURCE)
    return (form.record or {}).get("metadata") or {} if form.is_valid() else NO_PLACE


@pytest.mark.parametrize("typed", ["TRUE", " False ", "true"])
def test_true_and_false_are_taken_in_any_case_by_the_form_too(typed: str) -> None:
    form = EphemerisForm(
        {"epoch": "2020-01-01T00:00:00", "metadata.a_bool": typed}, kind=EPHEMERIS, source=SOURCE
    )
    assert form.is_valid(), form.errors
    assert form.record
    assert form.record["metadata"] == {"a_bool": "t" in typed.lower()[:2]}


@file_settings
@given(texts=values(TEXTS))
def test_a_text_is_the_same_value_in_every_format_and_in_the_form(texts: list[str]) -> None:
    rows = [dict.fromkeys(FIELDS, text) for text in texts]
    outcomes = {name: read(write(rows), SOURCE)[0] for name, write in FORMATS.items()}
    blanks = {epoch for epoch, row in dated(rows) if not row["undescribed"].strip(" ")}
    for name, found in outcomes.items():
        for epoch, _ in dated(rows):
            if epoch not in blanks:  # which are a text where texts have quotation marks, as in JSON
                assert exactly(found.get(epoch)) == exactly(outcomes["CSV"].get(epoch)), name
    for (epoch, _), text in zip(dated(rows), texts, strict=True):
        kept = {name for name in FIELDS if name not in ("undescribed", "a_bool")}
        found = outcomes["CSV"].get(epoch, NO_PLACE)
        if found != NO_PLACE:
            found = {name: value for name, value in found.items() if name in kept}
        assert exactly(by_the_form(text)) == exactly(found), text


# Without a schema ------------------------------------------------------------------------------------------------------

MEASURED: list[Row] = [
    {"orbit": 24567890, "gain": 0.25, "on": True, "mode": "low"},
    {"orbit": -7, "gain": 1.5, "on": False, "mode": "007"},
    {"orbit": 0, "gain": 1e-7, "on": True},
]
IN_TEXT: list[Row] = [{name: exactly(value).strip('"') for name, value in row.items()} for row in MEASURED]


@pytest.mark.parametrize("name", FORMATS)
def test_numbers_keep_their_type_where_the_format_has_types_and_else_the_page_says_so(name: str) -> None:
    found, told = read(FORMATS[name](MEASURED), PLAIN)
    rule, meant = (rules.NUMBER_AS_TEXT, IN_TEXT) if name == "CSV" else (rules.NUMBER_AS_NUMBER, MEASURED)
    if name == "CSV":
        meant = [row | {"on": str(typed["on"])} for row, typed in zip(meant, MEASURED, strict=True)]
    assert [exactly(each) for each in found.values()] == [exactly(each) for each in meant]
    assert {(rule.slug, f"metadata.{column}") for column in ("orbit", "gain", "on")} <= told
    assert (rule.slug, "metadata.mode") not in told


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("chosen", "meant"), [(AS_TYPED, MEASURED), (AS_TEXT, IN_TEXT)])
def test_all_formats_are_the_same_once_a_person_has_said_what_numbers_are(
    name: str, chosen: str, meant: list[Row]
) -> None:
    rows = [{key: value for key, value in row.items() if key != "mode"} for row in MEASURED]
    if name == "CSV":
        rows = [row | {"on": exactly(row["on"])} for row in rows]
    found, told = read(FORMATS[name](rows), PLAIN, undescribed=chosen)
    wanted = [{key: value for key, value in row.items() if key != "mode"} for row in meant]
    assert [exactly(each) for each in found.values()] == [exactly(each) for each in wanted]
    assert told == set()


@pytest.mark.parametrize("name", FORMATS)
def test_every_word_is_no_value_in_every_format_and_counted(name: str) -> None:
    words = ["NA", "N/A", "\\N", "NULL", "null", "None", "nan", "NaN", "#N/A", "<NA>", "NaT"]
    found, told = read(FORMATS[name]([dict.fromkeys(FIELDS, word) for word in words]), SOURCE)
    assert list(found.values()) == [{}] * len(words)
    assert {(rules.NO_VALUE.slug, f"metadata.{field}") for field in FIELDS} == told


@pytest.mark.parametrize("name", FORMATS)
def test_every_word_is_text_in_every_format_once_a_person_has_said_so(name: str) -> None:
    words = ["NA", "\\N", "NULL", "None", "nan", "#N/A"]
    found, told = read(FORMATS[name]([{"site": word} for word in words]), PLAIN, words=AS_TEXT)
    assert list(found.values()) == [{"site": word} for word in words]
    assert told == set()


@pytest.mark.parametrize("name", ["Parquet", "JSON", "NDJSON"])
@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_a_number_that_json_does_not_have_is_no_value_or_a_problem(name: str, number: float) -> None:
    _, told = read(FORMATS[name]([{"gain": 0.5}, {"gain": number}]), PLAIN)
    slugs = {slug for slug, column in told} - {rules.NUMBER_AS_NUMBER.slug}
    assert slugs, told
    assert all(rules.RULES[slug].severity is not NOTICE for slug in slugs) or slugs == {rules.NO_VALUE.slug}


@pytest.mark.parametrize("name", FORMATS)
def test_integers_beyond_doubles_arrive_to_the_last_digit(name: str) -> None:
    """A workbook has doubles only: there such a number is a text."""
    rows = [
        {"a_int": str(number), "a_double": str(number)} for number in (2**53 + 1, -(2**63), 2**64, 10**30)
    ]
    found, told = read(FORMATS[name](rows), SOURCE)
    assert list(found.values()) == [{key: int(value) for key, value in row.items()} for row in rows]
    assert told == set()


@pytest.mark.parametrize("text", ["3.0", "3", "3.00", "-0.0", "1e3"])
def test_a_whole_number_fits_an_integer_however_it_is_written(text: str) -> None:
    """As pandas writes the integers of a column in which one is missing."""
    quality = MetadataField("quality", data_type="int")
    value = metadata_value(text, quality)
    assert equal(value, float(text))
    assert has_type(value, "int")
    assert has_type(float(text), "int")


@pytest.mark.parametrize("text", ["3.5", "1e-3", "3.", "0x3"])
def test_another_number_does_not(text: str) -> None:
    assert metadata_value(text, MetadataField("quality", data_type="int")) == text
    assert not has_type(3.5, "int")
