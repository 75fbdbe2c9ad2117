"""Headers and what they stand for, where their names are much alike."""

import io
import json
from typing import Any

import polars as pl
import pytest

from apps.aurorax import DataSource, MetadataField
from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Layout, open_table
from apps.readers.headers import IGNORE, HeaderMatcher
from tests.readers.test_formats import parquet, workbook

ALIKE = ["B+", "B-", "mode", "Mode", "T_e", "te"]
EPOCH = "2020-01-01T00:00:00"


def columns_for(*fields: str) -> list[Any]:
    described = tuple(MetadataField(field, "", "string") for field in fields)
    return EPHEMERIS.columns_of(DataSource(1, "a", "b", "c", ephemeris_metadata_schema=described))


def meanings(headers: list[str], *fields: str, mapping: dict[str, str] | None = None) -> list[str | None]:
    return list(HeaderMatcher(columns_for(*fields), mapping or {}).match(headers).names)


VALUES = [f"value of {field}" for field in ALIKE]
FILES = {
    "csv": f"epoch,{','.join(ALIKE)}\n{EPOCH},{','.join(VALUES)}\n".encode(),
    "workbook": workbook([["epoch", *ALIKE], [EPOCH, *VALUES]]),
    "parquet": parquet(pl.DataFrame({"epoch": [EPOCH], **{f: [v] for f, v in zip(ALIKE, VALUES, strict=True)}})),
    "json": json.dumps([{"epoch": EPOCH, **dict(zip(ALIKE, VALUES, strict=True))}]).encode(),
    "ndjson": json.dumps({"epoch": EPOCH, **dict(zip(ALIKE, VALUES, strict=True))}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_fields_that_differ_only_in_case_or_punctuation_get_their_own_values(content: bytes) -> None:
    with open_table(io.BytesIO(content), Layout(columns_for(*ALIKE), {})) as table:
        assert not table.matching.unknown
        found = [row for batch in table.batches for _, row in batch.rows()]
    cells = {name.removeprefix("metadata."): value for name, value in found[0].items() if "." in name}
    assert cells == dict(zip(ALIKE, VALUES, strict=True))


@pytest.mark.parametrize("header", ["B", "b *", "MODE", "TE"])
def test_a_header_that_could_be_several_fields_is_asked_about(header: str) -> None:
    assert meanings(["epoch", header], *ALIKE) == ["epoch", None]


def test_a_header_in_other_letters_is_the_only_field_it_can_be() -> None:
    assert meanings(["b+", "MODE"], "B+", "mode") == ["metadata.B+", "metadata.mode"]


def test_of_two_headers_for_one_field_the_exact_one_is_it_and_the_other_is_asked_about() -> None:
    assert meanings(["B-", "B+"], "B+") == [None, "metadata.B+"]


@pytest.mark.parametrize("header", ["µ", "-", "Bµ"])
def test_a_header_of_other_letters_or_none_is_no_field(header: str) -> None:
    assert meanings([header], "π", "+", "B") == [None]


def test_a_field_that_is_called_like_a_column_does_not_take_the_place() -> None:
    assert meanings(["lat", "LON"], "lat", "lon") == ["location_geo.lat", "location_geo.lon"]


def test_what_was_chosen_for_headers_that_are_alike_is_for_each_of_them() -> None:
    mapping = {"B+": "metadata.up", "B-": "metadata.down", "q": IGNORE}
    assert meanings(["B-", "B+", "Q"], mapping=mapping) == ["metadata.down", "metadata.up", IGNORE]
    assert meanings(["B"], mapping=mapping) == [None]


def test_what_was_chosen_for_one_header_is_not_for_another_of_the_same_file() -> None:
    assert meanings(["B-", "B+"], mapping={"B+": "metadata.up"}) == [None, "metadata.up"]


def test_what_was_chosen_for_a_header_is_not_for_a_field_of_that_name() -> None:
    assert meanings(["mode"], "mode", mapping={"Mode": IGNORE}) == [None]
    assert meanings(["mode"], "mode", mapping={"Mode": "metadata.mode"}) == ["metadata.mode"]


def test_a_metadata_field_may_be_called_something_as_something() -> None:
    assert meanings(["known as x"], mapping={"known as x": "metadata.known as x"}) == ["metadata.known as x"]


def test_what_was_chosen_last_month_holds_in_other_letters() -> None:
    mapping = {"moment": "epoch as Unix seconds", "Breite": "location_geo.lat"}
    assert meanings(["Moment", "BREITE"], mapping=mapping) == ["epoch", "location_geo.lat"]
