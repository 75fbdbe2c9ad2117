"""Parquet columns of every type: each value arrives as it is, or its row is told of."""

import io
import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Layout, open_table
from apps.validation import rules
from apps.validation.findings import Findings
from tests.readers.test_readers import refusal, rows
from tests.support.properties import property_settings

CASES = Path(__file__).parents[1] / "cases"
SOURCE = DataSource(1, "program", "platform", "instrument")
PROBLEMS = (rules.NO_FORM, rules.NOT_STORABLE)
EPOCHS = [f"2020-01-01T00:{n:02}:00" for n in range(60)]


def parquet(columns: dict[str, pa.Array]) -> bytes:
    file = io.BytesIO()
    count = len(next(iter(columns.values())))
    pq.write_table(pa.table({"epoch": pa.array(EPOCHS[:count]), **columns}), file)
    return file.getvalue()


def arrived(content: bytes) -> tuple[dict[str, Any], set[str]]:
    """Metadata by epoch, and the epochs whose rows have a problem."""
    told, found = set[str](), dict[str, Any]()
    findings = Findings(lambda each: told.add(EPOCHS[each.line - 1]) if each.rule in PROBLEMS else None)
    layout = Layout(EPHEMERIS.columns, {})
    with open_table(io.BytesIO(content), layout) as table:
        assert not table.matching.unknown
        check = EPHEMERIS.batch_validator(SOURCE, findings, layout.value_formats)
        for batch in table.batches:
            for body in check.check(batch)["body"]:
                record = json.loads(body)
                found[record["epoch"]] = record["metadata"] or {}
    return found, told


# What is right, by Arrow's own values ----------------------------------------------------------------------------------


class NoForm(Exception):
    pass


def expected(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return {field.name: expected(value[field.name], field.type) for field in kind}
    if pa.types.is_map(kind):
        keys = [key for key, _ in value]
        if not all(isinstance(key, str) for key in keys):
            raise NoForm
        return {key: expected(inner, kind.item_type) for key, inner in dict(value).items()}  # the last counts
    if isinstance(value, list):
        return [expected(inner, kind.value_type) for inner in value]
    return _single(value)


def _single(value: Any) -> Any:
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, Decimal):
        if value != value.to_integral_value() and Decimal(repr(float(value))) != value:
            raise NoForm
        return value
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.replace(tzinfo=None).isoformat() + ("Z" if value.tzinfo else "")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta) or (isinstance(value, float) and not math.isfinite(value)):
        raise NoForm
    return value


def _decoded(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise NoForm from None
    if "\0" in text:  # AuroraX cannot store it
        raise NoForm
    return text


def same(found: Any, meant: Any) -> bool:
    if isinstance(meant, dict):
        return found.keys() == meant.keys() and all(same(found[name], meant[name]) for name in meant)
    if isinstance(meant, list):
        return len(found) == len(meant) and all(map(same, found, meant))
    if isinstance(meant, Decimal):
        return Decimal(repr(found)) == meant and not isinstance(found, bool)
    if isinstance(meant, str) and isinstance(found, str):
        return found in (
            meant,
            meant.replace("000Z", "Z"),
            meant.removesuffix("000"),
            meant.replace("000Z", "Z"),
        )
    return type(found) is type(meant) and bool(found == meant)


# Random types and values -------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001
SINGLE: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.int8(), st.integers(-128, 127)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float64(), st.floats()),
    (pa.float32(), st.floats(width=32)),
    (pa.float16(), st.floats(width=16)),
    (pa.bool_(), st.booleans()),
    (pa.string(), TEXTS),
    (pa.large_string(), TEXTS),
    (pa.binary(), st.binary(max_size=3)),
    (pa.binary(2), st.binary(min_size=2, max_size=2)),
    (pa.null(), st.none()),
    (pa.decimal128(20, 3), st.decimals(-(10**16), 10**16, places=3)),
    (pa.decimal128(18, 0), st.decimals(-(10**17), 10**17, places=0)),
    (pa.date32(), st.dates(date(1900, 1, 1), date(2200, 1, 1))),
    (pa.time32("s"), st.times().map(lambda t: t.replace(microsecond=0))),
    (pa.time64("us"), st.times()),
    (pa.duration("us"), st.timedeltas(timedelta(-9999), timedelta(9999))),
    (pa.timestamp("us"), MOMENTS),
    (pa.timestamp("ms", "UTC"), MOMENTS.map(lambda t: t.replace(microsecond=0, tzinfo=UTC))),
    (pa.timestamp("us", "America/Edmonton"), MOMENTS.map(lambda t: t.replace(tzinfo=UTC))),
]
Typed = tuple[pa.DataType, st.SearchStrategy[Any]]


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, st.none())


def _list(inner: Typed) -> Typed:
    return pa.list_(inner[0]), st.lists(_maybe(inner[1]), max_size=3)


def _fixed(inner: Typed) -> Typed:
    return pa.list_(inner[0], 2), st.lists(_maybe(inner[1]), min_size=2, max_size=2)


def _map(inner: Typed) -> Typed:
    return pa.map_(pa.string(), inner[0]), st.lists(st.tuples(TEXTS, _maybe(inner[1])), max_size=3)


def _map_of_numbers(inner: Typed) -> Typed:
    return pa.map_(pa.int32(), inner[0]), st.lists(st.tuples(st.integers(0, 9), _maybe(inner[1])), max_size=2)


def _struct(inner: Typed, other: Typed) -> Typed:
    return (
        pa.struct([("a", inner[0]), ("b c", other[0])]),
        st.fixed_dictionaries({"a": _maybe(inner[1]), "b c": _maybe(other[1])}),
    )


TYPES = st.recursive(
    st.sampled_from(SINGLE),
    lambda inner: st.one_of(
        st.builds(_list, inner),
        st.builds(_fixed, inner),
        st.builds(_map, inner),
        st.builds(_map_of_numbers, inner),
        st.builds(_struct, inner, inner),
    ),
    max_leaves=4,
)


@st.composite
def columns(draw: st.DrawFn) -> pa.Array:
    kind, values = draw(TYPES)
    return pa.array(draw(st.lists(_maybe(values), min_size=1, max_size=5)), kind)


@property_settings
@given(column=columns(), as_struct=st.booleans())
def test_every_value_of_every_arrow_type_arrives_equal_or_is_told(column: pa.Array, as_struct: bool) -> None:
    if as_struct:
        content = parquet({"metadata": pa.StructArray.from_arrays([column], ["x"])})
    else:
        content = parquet({"metadata.x": column})
    found, told = arrived(content)
    for epoch, value in zip(EPOCHS, column.to_pylist(), strict=False):
        try:
            meant = expected(value, column.type)
        except NoForm:
            no_number = isinstance(value, float) and math.isnan(
                value
            )  # stands for none, and is told of as that
            assert found.get(epoch) == {} if no_number else epoch in told, (column.type, value, found)
        else:
            members = {} if meant is None else {"x": meant}
            assert epoch not in told, (column.type, value)
            assert same(found[epoch], members), (found[epoch], members)


def test_a_map_is_metadata() -> None:
    found = rows((CASES / "pyarrow-26.0.1-map-metadata.parquet").read_bytes())
    assert [json.loads(row["metadata"]) for _, row in found] == [{"site": "CALG"}, {"site": "CALG", "q": "1"}]
    assert [row["location_geo.lat"] for _, row in found] == [51.05, 51.05]


def test_a_map_beside_columns_of_metadata_keeps_the_types_of_both() -> None:
    kind = pa.map_(pa.string(), pa.int64())
    metadata = pa.array([[("a", 1)], None, []], kind)
    found, told = arrived(parquet({"metadata": metadata, "metadata.n": pa.array([7, 8, None])}))
    assert [found[epoch] for epoch in EPOCHS[:3]] == [{"a": 1, "n": 7}, {"n": 8}, {}]
    assert not told


def test_dictionaries_of_texts_and_of_numbers_arrive_as_their_values() -> None:
    numbers = pa.array([3, 4, 3]).dictionary_encode()
    texts = pa.array(["x", None, "y"]).dictionary_encode()
    found, _ = arrived(parquet({"metadata.n": numbers, "metadata.t": texts}))
    assert [found[epoch] for epoch in EPOCHS[:3]] == [{"n": 3, "t": "x"}, {"n": 4}, {"n": 3, "t": "y"}]


def test_nanoseconds_of_times_are_kept_in_metadata() -> None:
    moment = pa.array([1577836800_000000001], pa.timestamp("ns", "UTC"))
    clock = pa.array([1], pa.time64("ns"))
    nested = pa.StructArray.from_arrays([moment, clock], ["m", "c"])
    found, _ = arrived(parquet({"metadata.m": moment, "metadata.c": clock, "metadata.n": nested}))
    own = {"m": "2020-01-01T00:00:00.000000001Z", "c": "00:00:00.000000001"}
    assert found[EPOCHS[0]] == {**own, "n": own}


@pytest.mark.parametrize(
    "column",
    [
        pa.array([timedelta(seconds=1)]),
        pa.array([[51.05]]),
        pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        pa.array([b"\xff"]),
    ],
    ids=["duration", "list", "map", "binary"],
)
def test_a_place_or_a_time_of_a_type_that_is_none_is_told_of(column: pa.Array) -> None:
    for name in ("lat", "program"):
        _, told = arrived(parquet({name: column}))
        assert told == {EPOCHS[0]}


def test_decimals_are_places() -> None:
    found = rows(parquet({"lat": pa.array([Decimal("51.05")]), "lon": pa.array([Decimal(-114)])}))
    assert (found[0][1]["location_geo.lat"], found[0][1]["location_geo.lon"]) == (51.05, -114.0)


def test_a_structure_and_a_column_of_one_name_are_refused() -> None:
    metadata = pa.StructArray.from_arrays([pa.array([1])], ["a"])
    content = parquet({"metadata": metadata, "metadata.a": pa.array([2])})
    assert refusal(content) == "There are two columns “metadata.a”. Keep one of them."


def test_structures_in_structures_are_columns() -> None:
    place = pa.StructArray.from_arrays([pa.array([51.05]), pa.array([-114.07])], ["lat", "lon"])
    nested = pa.StructArray.from_arrays([place, pa.array(["on"])], ["place", "state"])
    content = parquet({"data": nested})
    mapping = {
        "data.place.lat": "location_geo.lat",
        "data.place.lon": "location_geo.lon",
        "data.state": "metadata.state",
    }
    (_, row), *_ = rows(content, mapping)
    assert (row["location_geo.lat"], row["location_geo.lon"], row["metadata.state"]) == (51.05, -114.07, "on")


def test_infinity_in_metadata_is_a_problem_and_nan_a_notice() -> None:
    found, told = arrived(parquet({"metadata.x": pa.array([math.inf, math.nan, 1.0])}))
    assert told == {EPOCHS[0]}
    assert [found[epoch] for epoch in EPOCHS[1:3]] == [{}, {"x": 1.0}]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (pa.array([[1.5, math.nan, None]]), "[1.5, NaN, null]"),
        (pa.array([[[math.inf], []]]), "[[Infinity], []]"),
        (pa.array([{"a": [math.nan], "b": "é"}]), '{"a": [NaN], "b": "é"}'),
        (pa.array([[timedelta(seconds=1)]]), '["0:00:01"]'),
        (pa.array([[(1, 2)]], pa.map_(pa.int32(), pa.int32())), '{"1": 2}'),
        (pa.array([timedelta(seconds=1)]), "0:00:01"),
    ],
    ids=["list", "nested list", "structure", "durations", "map", "duration"],
)
def test_a_value_that_is_told_of_is_shown_as_json(column: pa.Array, value: str) -> None:
    with open_table(
        io.BytesIO(parquet({"metadata": pa.StructArray.from_arrays([column], ["x"])})),
        Layout(EPHEMERIS.columns, {}),
    ) as table:
        told = [each for batch in table.batches for each in batch.reported]
    assert told == [(rules.NO_FORM, 1, "metadata.x", value)]
