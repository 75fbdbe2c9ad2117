"""Blocks and single rows agree: what is fast is never different."""

import json
import random
from collections.abc import Mapping
from math import inf, nan
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.records.types import RecordType
from apps.validation import rules
from apps.validation.batches import Batch
from apps.validation.batches.seen_keys import SeenMinutes, SeenTexts
from apps.validation.findings import Findings
from apps.validation.time_formats import DECLARED, TimeFormat
from apps.validation.value_formats import (
    ALL_DAY,
    AS_NONE,
    AS_TEXT,
    AS_TYPED,
    DAY_FIRST,
    DAY_MONTH,
    MIDNIGHT,
    MONTH_DAY,
    MONTH_FIRST,
    NEAREST,
    ValueFormats,
)
from tests.support.properties import property_settings, values

SCHEMA = (
    MetadataField("state", allowed_values=("definitive", "predicted")),
    MetadataField("distance", data_type="double", allowed_values=("0.5", "1")),
    MetadataField("is_on", data_type="bool", allowed_values=("true", "false")),
    MetadataField("count", data_type="int"),
)
SOURCE = DataSource(7, "a", "b", "c", ephemeris_metadata_schema=SCHEMA, data_product_metadata_schema=SCHEMA)
PLAIN = DataSource(7, "a", "b", "c")
GROUND = DataSource(7, "a", "b", "c", source_type="ground")

TIMES = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "", "2020-01-01T00:00:00", "2020-01-01 00:01", " 2020-01-01T00:02:00Z ", "2020-01-01T00:03:30",
            "2020-01-01T00:04:00.000", "2020-01-01T00:05:00.5", "2020-01-01T00:00:00+00:00", "2020-01-01T09:00:00+09:30",
            "2020-01-01T00:00:00-0730", "2020-01-01T00:00:00+15:00", "2020/01/01 00:06", "2020/1/1 0:07", "2020-001T00:08:00",
            "2020-366T00:08", "2021-366T00:08", "2020-02-30T00:00:00", "2020-01-01", "01/02/2020 00:00", "2020-01-01T24:00:00",
            "2020-01-01T00:00:60", "1899-12-31T23:59:00", "1900-01-01T00:00:00+00:01", "2100-12-31T23:59:00", "soon",
            "1577836800", "2020-01-01T00:00:00 UTC", "2020-01-01t00:00:00z", "٢٠٢٠-01-01T00:00:00", "0020-01-01T00:00:00",
            "2020-01-01T00:09:59.9995", "2020-01-01T00:09:59.9994999", "2020-01-01 00:09:59.999999759",
            "2020-01-01T00:11:00.000000194", "2020-01-01T00:12:00.0004999999", "2020-01-01T23:59:59.9999",
            "2020-01-01T23:59:59,999", "2020-01-01T16:59:59.9999-07:00", "1969-12-31T23:59:59.9995", "2100-12-31T23:59:59.9999",
            "1899-12-31T23:59:59.9999", "1950-01-01T00:00:59.5", "2095-01-01T00:00:00", "2020-01-01T00:29:29.9996",
            "2020-01-01T00:29:30", "2020-01-01T23:59:30", "2020-13-05T00:00:00", "2020-05-13T00:00:00", "2020/08/03 00:00",
            "2020-01-01 00:00+00", "2019-12-31 17:00:00-07", "20200101T000100Z", "01-Jan-2020 00:01:00", "01-Jan-2020",
            "2020-01-01/00:01:00", "2020:001:00:01:00.000", "Wed Jan 01 00:01:00 2020", "2020-01-01 12:01:00 AM", "2020/01/01",
            "0000-01-01T00:00:00", "2020-01-01T00:00 GMT", "02/01/2020 00:00", "13/01/2020 00:00:30", "01/13/2020 00:00",
        ]
    ),
)  # fmt: skip
UNIX_TIMES = [
    "1577836859.9995", "1577836859.9994", "1577836859.999499", "1577836859.999996", "1577836799.9999", "-0.0004", "-0.0005",
    "-0.0006", "-60.0005", "-59.9995", "1577836859999.5", "1577836859999.499", "1577836859999.4999", "1577836800.0005",
    "1.5778368e9", "1577836859.99949999999", "-86400.0001", "1577836799999.9",
]  # fmt: skip
NUMBERS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "", "0", "51.05", "-114.07", "90", "-90.0001", "150.25", "180", "-180", "180.5", "245.933334", "360", "361",
            "-999", "-9999.0", "1e31", "-1E31", "NaN", "nan", "inf", "-Infinity", "null", "None", " 7 ", "+5", ".5", "5.",
            "1e2", "1e400", "51,05", "1_000", "51.05N", "--1", "-0", "00012", "0x10", "1 000", "\u0661", "NA", " N/A ", "na", "\\N",
            "#N/A", "<NA>", "NaT", "-nan", "none", " ",
        ]
    ),
)  # fmt: skip
METADATA = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "", " ", "definitive", "guessed", "0.5", "0.50", "1", "1.0", "7", "007", "+1", "1e3", "1e400", "true", "TRUE",
            "yes", 'a"b', "back\\slash", "two\nlines", "é", "\u2028", "12345678901234567890", "0." + "1" * 30, "nan", "\x7f", "NA", " NA", "None ", "none",
            "NULL", "\\N", "#N/A", "Infinity", "-inf", "5", " 5 ", "True", "-0", "\u06635", "\xa05", "1" * 400, "1E5", "5.", "0,5", "1,2,3", "0," + "1" * 30, ",5",
        ]
    ),
)  # fmt: skip
OBJECTS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "", "{}", "null", '{"state": "definitive"}', '{"state": "guessed", "x": [1, {"y": null}]}', '{"distance": 0.5}',
            '{"distance": "far"}', '{"count": 1.5, "is_on": true}', '{"is_on": "true"}', "[1]", "{", '{"a": NaN}', "7",
            "NA", " NA ", "NaN", '{"a": [1, {"b": -Infinity}]}', '{"a": 1e400}', '{"state": "NA", "x": " NULL ", "y": ["NA"]}',
            '{"other": "name", "no": true, "n": 5.5}',
            '{"state": null}', '{"big": 123456789012345678901234567890}', '{"nul": "\\u0000"}', '{"half": "\\ud800"}',
        ]
    ),
)  # fmt: skip
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "date-order": st.sampled_from([DAY_FIRST, MONTH_FIRST]),
        "year-last": st.sampled_from([DAY_MONTH, MONTH_DAY]),
        "day-ends": st.sampled_from([ALL_DAY, MIDNIGHT]),
        **{f"seconds:{name}": st.just(NEAREST) for name in ("epoch", "start", "end")},
    },
)
IDENTITY = st.sampled_from([None, "", "a", "other", "NA"])
PLACES = ["location_geo.lat", "location_geo.lon", "location_gsm.lat", "location_gsm.lon"]
FIELDS = ["state", "distance", "is_on", "count", "other"]
# A row that is right, and what may stand in its columns instead.
EPHEMERIS_ROW = {**dict.fromkeys(PLACES, "51.05"), "metadata.state": "definitive"}
EPHEMERIS_CHANGES = {
    "epoch": st.one_of(TIMES, st.sampled_from(["NA", "NaT", " "])),
    **dict.fromkeys(PLACES, NUMBERS),
    **dict.fromkeys([f"metadata.{field}" for field in FIELDS], METADATA),
    "metadata": OBJECTS,
    "program": IDENTITY,
}
PRODUCT_ROW = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T00:00:00", "data_product_type": "movie"}
PRODUCT_CHANGES = {
    "start": TIMES,
    "end": TIMES,
    "url": st.sampled_from([None, "", " ", "NA", " b.jpg ", 'quote".jpg', "c\x00d", "é.jpg"]),
    "url_json": st.sampled_from(
        [None, "", " ", '" b.jpg"', "b.jpg", '""', "5", '{"url": "b.jpg"}', '"=1"', '"\\u0000"']
    ),
    "data_product_type": st.sampled_from([None, "", "keogram", " Movie ", "MOVIE", "gridded_data"]),
    "metadata.state": METADATA,
    "metadata": OBJECTS,
}


def rows_of(
    plain: Mapping[str, Any], changes: Mapping[str, st.SearchStrategy[Any]], most: int = 3
) -> st.SearchStrategy[list[Any]]:
    """Rows that are right but for a few cells: with more of them wrong, no row would come out plain."""
    cell = st.sampled_from(sorted(changes)).flatmap(lambda name: st.tuples(st.just(name), changes[name]))
    return values(st.lists(cell, max_size=most)).map(
        lambda found: [{**plain, **_key(place), **dict(cells)} for place, cells in enumerate(found)]
    )


def _key(place: int) -> dict[str, str]:
    """No two rows the same, but for those that hypothesis makes so."""
    return {"epoch": f"2021-01-01T00:{place:02}:00", "url": f"{place}.jpg"}


Row = Mapping[str, Any]


def as_columns(rows: list[Row]) -> Batch:
    """The rows as a file of text would bring them."""
    names = dict.fromkeys(name for row in rows for name in row)
    cells = {name: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names}
    return Batch(pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32), pl.DataFrame(cells))


def as_typed_columns(rows: list[Row]) -> Batch:
    """The rows as a workbook or Parquet would bring them: metadata as JSON values."""
    members = frozenset(name for row in rows for name in row if name.startswith("metadata."))
    texts: list[Row] = [
        {name: json.dumps(value) if name in members else value for name, value in row.items()} for row in rows
    ]
    cells = as_columns(texts).cells
    cells = cells.with_columns(cells[name].set(cells[name] == "null", None) for name in members)
    return Batch(pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32), cells, encoded=members)


def one_by_one(rows: list[Row]) -> Batch:
    """The same rows, each to be looked at by itself."""
    names = dict.fromkeys(name for row in rows for name in row)
    return Batch.of_loose_rows(
        [(line, {name: row.get(name) for name in names}) for line, row in enumerate(rows, 2)], []
    )


def outcome(
    kind: RecordType, source: DataSource, batch: Batch, value_formats: ValueFormats
) -> tuple[list[Any], list[Any]]:
    """Records with their lines, keys and spans; findings with their counts and first examples; questions."""
    listed: list[Any] = []
    findings = Findings(lambda found: listed.append((found.line, found.rule.slug, found.column, found.value)))
    checking = kind.batch_validator(source, findings, value_formats)
    records = checking.check(batch)
    checking.conclude()
    groups = sorted(
        (group.rule.slug, group.column, group.count, [found.line for found in group.examples])
        for group in findings.groups()
    )
    decoded = [(*row[:4], json.loads(row[4])) for row in records.iter_rows()]
    asked = [(each.name, each.text, each.samples) for each in checking.questions()]
    return decoded, [groups, sorted(listed), asked]


NOTATIONS = st.fixed_dictionaries(
    {
        "decimal_comma": st.booleans(),
        "has_types": st.booleans(),
        "words": st.sampled_from([None, AS_NONE, AS_TEXT]),
        "undescribed": st.sampled_from([None, AS_TYPED, AS_TEXT]),
        "answers": ANSWERS,
    }
)


@pytest.mark.parametrize("source", [SOURCE, PLAIN], ids=["schema", "no schema"])
@settings(max_examples=60)
@given(rows=rows_of(EPHEMERIS_ROW, EPHEMERIS_CHANGES), written=NOTATIONS)
def test_ephemeris_rows_come_out_alike_together_and_one_by_one(
    source: DataSource, rows: list[Row], written: dict[str, Any]
) -> None:
    together = outcome(EPHEMERIS, source, as_columns(rows), ValueFormats(**written))
    assert together == outcome(EPHEMERIS, source, one_by_one(rows), ValueFormats(**written))


TRACES = ["nbtrace.lat", "nbtrace.lon", "sbtrace.lat", "sbtrace.lon"]
TRACED_CHANGES = {
    "epoch": st.one_of(
        TIMES, st.sampled_from(["1985-01-01T00:00:00", "2029-12-31T23:59:00", "2030-01-01T00:00:00"])
    ),
    **dict.fromkeys(["location_geo.lat", "location_geo.lon", *TRACES], NUMBERS),
    "metadata": OBJECTS,
}


@settings(max_examples=30)
@given(
    rows=rows_of({"location_geo.lat": "56", "location_geo.lon": "-94"}, TRACED_CHANGES),
    answers=st.sampled_from([{}, {"b-traces": "fill"}, {"b-traces": "as given"}]),
)
def test_traces_come_out_alike_together_and_one_by_one(rows: list[Row], answers: dict[str, str]) -> None:
    together = outcome(EPHEMERIS, GROUND, as_columns(rows), ValueFormats(answers=answers))
    assert together == outcome(EPHEMERIS, GROUND, one_by_one(rows), ValueFormats(answers=answers))


VALUES = st.one_of(
    METADATA,
    st.sampled_from(
        [5, -7, 2**63, 0.5, 5.0, 1e-7, 1e22, True, False, nan, inf, [1, "NA"], {"a": None}, 10**30]
    ),
)
TYPED_CHANGES = {f"metadata.{field}": VALUES for field in FIELDS} | {"epoch": TIMES, "metadata": OBJECTS}


@pytest.mark.parametrize("source", [SOURCE, PLAIN], ids=["schema", "no schema"])
@property_settings
@given(rows=rows_of({"metadata.state": "definitive"}, TYPED_CHANGES), written=NOTATIONS, exact=st.booleans())
def test_metadata_with_types_comes_out_alike_together_and_one_by_one(
    source: DataSource, rows: list[Row], written: dict[str, Any], exact: bool
) -> None:
    written |= {"has_types": True, "has_null": exact}
    together = outcome(EPHEMERIS, source, as_typed_columns(rows), ValueFormats(**written))
    assert together == outcome(EPHEMERIS, source, one_by_one(rows), ValueFormats(**written))


@settings(max_examples=60)
@given(rows=rows_of(PRODUCT_ROW, PRODUCT_CHANGES), exact=st.booleans(), answers=ANSWERS)
def test_data_products_come_out_alike_together_and_one_by_one(
    rows: list[Row], exact: bool, answers: dict[str, str]
) -> None:
    written: dict[str, Any] = {"exact_texts": exact, "answers": answers}
    together = outcome(PRODUCTS, SOURCE, as_columns(rows), ValueFormats(**written))
    assert together == outcome(PRODUCTS, SOURCE, one_by_one(rows), ValueFormats(**written))


# Near the numbers of 2020, and of 1972, when leap seconds begin; and with the noise of doubles.
COUNTED = st.one_of(
    st.tuples(
        st.sampled_from([58849, 2458849.5, 737791, 43831, 42369, 18262, 1577836800, 1261872018, 63745056000000]),
        st.integers(-2000, 2000).map(lambda minutes: minutes / 1440),
    ).map(lambda parts: repr(float(sum(parts)))),
    st.integers(-10, 10).map(lambda minutes: str(631108869184000000 + minutes * 60_000_000_000)),
    st.integers(-10, 10).map(lambda seconds: str(536500867184000000 + seconds * 500_000_000)),
    st.integers(-3, 3).map(lambda seconds: str(-883655957816000000 + seconds * 1_000_000_000)),
    st.integers(-3, 3).map(lambda seconds: str(1167264017 + seconds)),
    st.sampled_from(
        [
            "20200101", "2020010101", "202001010001", "20200101000159", "202013010001", "20200101.0", "2.0200101e7", "20200101.5",
            "1.577836800000000000e+09", "1.577836859999500000e+09", "1.577836859999499999e+09", "1.577836860000001e+09",
            "1.577836800e+18", "-1e400", "1e30", "5.884900069444445e4", "1.5778368e12", "1.577836859999499e12",
        ]
    ),
)  # fmt: skip


@property_settings
@given(rows=rows_of(EPHEMERIS_ROW, EPHEMERIS_CHANGES, most=9), written=NOTATIONS)
def test_rows_with_several_problems_are_told_alike_together_and_one_by_one(
    rows: list[Row], written: dict[str, Any]
) -> None:
    together = outcome(EPHEMERIS, SOURCE, as_columns(rows), ValueFormats(**written))
    assert together == outcome(EPHEMERIS, SOURCE, one_by_one(rows), ValueFormats(**written))


@property_settings
@given(rows=rows_of(PRODUCT_ROW, PRODUCT_CHANGES, most=6), answers=ANSWERS)
def test_products_with_several_problems_are_told_alike_together_and_one_by_one(
    rows: list[Row], answers: dict[str, str]
) -> None:
    together = outcome(PRODUCTS, SOURCE, as_columns(rows), ValueFormats(answers=answers))
    assert together == outcome(PRODUCTS, SOURCE, one_by_one(rows), ValueFormats(answers=answers))


@pytest.mark.parametrize("spelling", DECLARED)
@settings(max_examples=50)
@given(
    values=st.lists(
        st.one_of(
            st.integers(-(10**16), 10**16).map(str),
            TIMES,
            NUMBERS,
            COUNTED,
            st.sampled_from(UNIX_TIMES),
            st.integers(-(10**13), 10**13).map(lambda tenths: f"{tenths // 10_000}.{tenths % 10_000:04}"),
        ),
        min_size=1,
        max_size=9,
    )
)
@example(values=["99999999999999", "-99999999999999"])
def test_declared_times_come_out_alike(spelling: TimeFormat, values: list[str | None]) -> None:
    rows: list[Row] = [{"epoch": value} for value in values]
    together = outcome(EPHEMERIS, PLAIN, as_columns(rows), ValueFormats(time_formats={"epoch": spelling}))
    assert together == outcome(
        EPHEMERIS, PLAIN, one_by_one(rows), ValueFormats(time_formats={"epoch": spelling})
    )


def test_unix_seconds_and_milliseconds_are_minutes_since_1970() -> None:
    for spelling, value in (
        (TimeFormat.UNIX_SECONDS, "1577836830"),
        (TimeFormat.UNIX_MILLISECONDS, "1577836830000"),
    ):
        records, (groups, *_) = outcome(
            EPHEMERIS, PLAIN, as_columns([{"epoch": value}]), ValueFormats(time_formats={"epoch": spelling})
        )
        assert records[0][4]["epoch"] == "2020-01-01T00:00:00"
        assert groups == [("seconds-cut", "epoch", 1, [2])]


def test_a_column_of_times_is_spelt_in_one_way() -> None:
    rows: list[Row] = [
        {"epoch": "2020-001T00:00"},
        {"epoch": "2020-01-02T00:00"},
        {"epoch": "2020-003T00:00"},
    ]
    records, (groups, *_) = outcome(EPHEMERIS, PLAIN, as_columns(rows), ValueFormats())
    assert [key for _, key, *_ in records] == ["2020-01-01T00:00:00", "2020-01-03T00:00:00"]
    assert groups == [("other-spelling", "epoch", 1, [3])]


def test_repeated_keys_are_found_across_batches() -> None:
    generator = random.Random(7)
    minutes = [generator.randrange(50_000) for _ in range(30_000)]
    known, told = SeenMinutes(), []
    for start in range(0, len(minutes), 7_000):
        part = minutes[start : start + 7_000]
        frame = pl.DataFrame(
            {"first": pl.Series([minute * 60_000_000 for minute in part]).cast(pl.Datetime("us"))}
        )
        told += known.mark_duplicates(frame).to_list()
    places = {minute: place for place, minute in reversed([*enumerate(minutes)])}
    expected = [places[minute] < place for place, minute in enumerate(minutes)]
    assert told == expected
    texts, by_text = [f"{minute}.jpg" for minute in minutes], SeenTexts()
    halves = (texts[:11_000], texts[11_000:])
    assert [
        each for half in halves for each in by_text.mark_duplicates(pl.DataFrame({"key": half}))
    ] == expected


def test_a_zero_character_is_a_problem_of_its_row_only() -> None:
    rows: list[Row] = [
        {"epoch": f"2020-01-01T00:0{minute}:00", "metadata.note": "a\x00b" if minute == 1 else "fine"}
        for minute in (0, 1)
    ]
    records, (groups, *_) = outcome(EPHEMERIS, PLAIN, as_columns(rows), ValueFormats())
    assert len(records) == 1
    assert groups == [(rules.NOT_STORABLE.slug, "", 1, [3])]


@pytest.mark.parametrize("values", [["0.5", "1"], ["0.5", None], [None, None]])
def test_metadata_of_nothing_but_numbers_come_out_alike(values: list[str | None]) -> None:
    rows: list[Row] = [
        {"epoch": f"2020-01-01T00:0{minute}:00", "metadata.distance": value}
        for minute, value in enumerate(values)
    ]
    together = outcome(EPHEMERIS, SOURCE, as_columns(rows), ValueFormats())
    assert together == outcome(EPHEMERIS, SOURCE, one_by_one(rows), ValueFormats())
    assert [record[-1]["metadata"] for record in together[0]] == [
        None if value is None else {"distance": float(value)} for value in values
    ]
