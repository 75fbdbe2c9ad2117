"""Whatever the portal writes of records, its readers take for these records again: value by value, in every format."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.aurorax import DataProductRecord, DataSource, EphemerisRecord
from apps.aurorax.records import DATA_PRODUCT_TYPES, MetadataField
from apps.aurorax.records.rows import DataProductRow, EphemerisRow, Place
from apps.ephemeris.record_type import EPHEMERIS
from apps.ephemeris.views.browsing import json_array
from apps.products.record_type import PRODUCTS
from apps.readers import Layout, open_table
from apps.records.exports import Export
from apps.records.listing_csv import csv_text
from apps.records.types import RecordRow, RecordType
from apps.ui.spreadsheets import is_formula
from apps.validation.findings import Findings
from apps.validation.metadata_values import METADATA_TYPES
from apps.validation.rules import PROBLEM, Rule
from tests.support.properties import property_settings
from tests.support.strange_records import EVERY_TYPE, STRANGE, WORDS
from tests.support.strange_records import URLS as STRANGE_URLS

START = datetime(2020, 1, 1, tzinfo=UTC)
Schema = tuple[MetadataField, ...]
Writer = Callable[[RecordType, DataSource, Sequence[RecordRow]], bytes]

TEXTS = st.sampled_from(WORDS) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)
NUMBERS = (
    st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([5, 5.0, 1e300, 5e-324, 0, -0.0, -999, -9999.0, 1e31, 2**53 + 1, 0.1 + 0.2])
)
SINGLE = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SINGLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
NAMES = TEXTS | st.sampled_from(
    [
        "state",
        "State",
        "a.b",
        "a=b",
        "two words",
        "url",
        "epoch",
        "lat",
        "metadata",
        "metadata.x",
        "location_geo",
        "1",
        "x;y;z",
    ]
)
TYPES = st.sampled_from([*METADATA_TYPES, "Double", "timestamp", ""])
SCHEMAS = st.lists(
    st.builds(
        MetadataField,
        field_name=NAMES,
        data_type=TYPES,
        allowed_values=st.lists(TEXTS, max_size=2).map(tuple),
    ),
    max_size=4,
).map(tuple)
URLS = TEXTS.filter(str.strip) | st.builds(
    "{}{}{}".format, TEXTS, st.just("https://example.org/1.jpg"), TEXTS
)


def places(most: float) -> st.SearchStrategy[Place | None]:
    within = st.floats(-most, most), st.floats(-180, 180)
    return st.none() | st.just(Place()) | st.builds(Place, *within)


def metadata_of(schema: Schema) -> st.SearchStrategy[dict[str, Any] | None]:
    """Of the fields of the schema and of others, of the types it says and of others."""
    fitting: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXTS, bool: st.booleans(), int: st.integers(), (int, float): NUMBERS,
    }  # fmt: skip
    typed = {
        field.field_name: fitting.get(METADATA_TYPES.get(field.data_type.lower()), VALUES) | VALUES
        for field in schema
    }
    described = st.fixed_dictionaries({}, optional=typed)
    others = st.dictionaries(NAMES, VALUES, max_size=3)
    return st.none() | st.builds(lambda other, own: {**other, **own}, others, described)


@st.composite
def records(draw: st.DrawFn) -> tuple[RecordType, DataSource, list[RecordRow]]:
    schema: Schema = draw(st.just(()) | SCHEMAS)
    source = DataSource(
        7, "a", "b", "c", ephemeris_metadata_schema=schema, data_product_metadata_schema=schema
    )
    metadata = metadata_of(schema)
    if draw(st.booleans()):
        minutes = draw(st.lists(st.integers(0, 100_000_000), min_size=1, max_size=4, unique=True))
        return EPHEMERIS, source, [_ephemeris(draw, n, metadata) for n in minutes]
    urls = draw(st.lists(URLS, min_size=1, max_size=4, unique=True))
    return PRODUCTS, source, [_product(draw, url, metadata) for url in urls]


def _ephemeris(draw: st.DrawFn, minute: int, metadata: st.SearchStrategy[Any]) -> EphemerisRow:
    moment = datetime(1900, 1, 1) + timedelta(minutes=minute)  # noqa: DTZ001 - as AuroraX writes it
    globe, gsm = places(90), places(90)
    four = draw(globe), draw(gsm), draw(globe), draw(globe)
    return EphemerisRow(moment.isoformat(), *four, draw(metadata))


def _product(draw: st.DrawFn, url: str, metadata: st.SearchStrategy[Any]) -> DataProductRow:
    kind = draw(st.sampled_from(DATA_PRODUCT_TYPES))
    return DataProductRow("2020-01-01T00:00:00", "2020-01-01T23:59:00", url, kind, draw(metadata))


# Everything that writes records for people ---------------------------------------------------------------------------


def exported(wanted: str) -> Writer:
    """The Export page."""

    def write(kind: RecordType, source: DataSource, rows: Sequence[RecordRow]) -> bytes:
        found = SimpleNamespace(window=lambda *_: lambda: list(rows), touching=lambda *_: list(rows))
        client: Any = SimpleNamespace(ephemeris=found, products=found, stopped_by=lambda _: client)
        export = Export(kind, client, source, START, START)
        return b"".join(getattr(export, wanted)())

    return write


def listed(kind: RecordType, source: DataSource, rows: Sequence[RecordRow]) -> bytes:
    """The day's CSV, the selection's, and what is copied."""
    record = EphemerisRecord if kind is EPHEMERIS else DataProductRecord
    return csv_text(kind, source, [record.from_api(msgspec.to_builtins(row)) for row in rows]).encode()


def day_as_json(kind: RecordType, source: DataSource, rows: Sequence[RecordRow]) -> bytes:
    """The day's JSON, which only ephemeris has."""
    if kind is not EPHEMERIS:
        return exported("json")(kind, source, rows)
    return json_array(source, [EphemerisRecord.from_api(msgspec.to_builtins(row)) for row in rows]).encode()


def kept(kind: RecordType, source: DataSource, rows: Sequence[RecordRow]) -> bytes:
    """A snapshot, as it is downloaded and restored."""
    lines = (json.dumps(source.key | kind.record_of(row), ensure_ascii=False) + "\n" for row in rows)
    return "".join(lines).encode()


WRITERS: Mapping[str, Writer] = {
    **{wanted: exported(wanted) for wanted in ("csv", "json", "ndjson", "parquet")},
    "listing": listed, "day as JSON": day_as_json, "snapshot": kept,
}  # fmt: skip


def read_again(kind: RecordType, source: DataSource, content: bytes) -> tuple[list[RecordRow], list[Rule]]:
    """The records that an upload of the file would send, and what it would tell of it."""
    findings = Findings()
    layout = Layout(kind.columns_of(source), {})
    bodies: list[str] = []
    with open_table(io.BytesIO(content), layout) as table:
        assert not table.matching.unknown
        checking = kind.batch_validator(source, findings, layout.value_formats)
        for batch in table.batches:
            bodies.extend(checking.check(batch)["body"])
    return kind.rows_of(f"[{','.join(bodies)}]".encode()), [group.rule for group in findings.groups()]


def assert_comes_back(name: str, kind: RecordType, source: DataSource, rows: Sequence[RecordRow]) -> None:
    content = WRITERS[name](kind, source, rows)
    again, told = read_again(kind, source, content)
    assert PROBLEM not in {rule.severity for rule in told}, content
    assert list(map(kind.key, again)) == list(map(kind.key, rows))
    for ours, theirs in zip(again, rows, strict=True):
        assert kind.same(ours, theirs), (content, [*kind.differing(ours, theirs)])


DESCRIBED = DataSource(
    7, "a", "b", "c", ephemeris_metadata_schema=EVERY_TYPE, data_product_metadata_schema=EVERY_TYPE
)


def product(url: str, metadata: dict[str, Any] | None = None) -> DataProductRow:
    return DataProductRow("2020-01-01T00:00:00", "2020-01-01T23:59:00", url, "keogram", metadata)


@pytest.mark.parametrize("name", WRITERS)
@given(written=records())
@example(written=(PRODUCTS, DESCRIBED, [product(url, STRANGE) for url in STRANGE_URLS]))
@example(written=(EPHEMERIS, DESCRIBED, [EphemerisRow("2020-01-01T00:00:00", metadata=STRANGE)]))
@example(
    written=(EPHEMERIS, DataSource(7, "a", "b", "c"), [EphemerisRow("2020-01-01T00:00:00", metadata=STRANGE)])
)
@property_settings
def test_every_record_that_is_written_is_read_as_it_was(
    name: str, written: tuple[RecordType, DataSource, list[RecordRow]]
) -> None:
    assert_comes_back(name, *written)


@given(written=records())
@example(written=(PRODUCTS, DESCRIBED, [product(url, STRANGE) for url in STRANGE_URLS]))
@property_settings
def test_no_cell_of_a_file_of_records_runs_as_a_formula(
    written: tuple[RecordType, DataSource, list[RecordRow]],
) -> None:
    rows = csv.reader(io.StringIO(listed(*written).decode(), newline=""))
    numbers = [cell for row in rows for cell in row if is_formula(cell)]
    assert [cell for cell in numbers if not isinstance(json.loads(cell), int | float)] == []


@given(written=records())
@property_settings
def test_the_export_page_and_the_tables_write_the_very_same_text(
    written: tuple[RecordType, DataSource, list[RecordRow]],
) -> None:
    assert listed(*written) == exported("csv")(*written)
