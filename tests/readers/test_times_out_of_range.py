"""Times that no library turns into a date are problems of their rows, in every format and for both kinds of records."""

import io
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from apps.ephemeris.record_type import EPHEMERIS
from apps.products.record_type import PRODUCTS
from apps.readers import Layout, open_table
from apps.records.types import RecordType
from apps.validation.findings import Findings
from tests.validation.batches.test_validator import PLAIN

Told = list[tuple[int, str, str]]
KINDS = pytest.mark.parametrize("kind", [EPHEMERIS, PRODUCTS], ids=lambda kind: kind.slug)
GOOD = "2020-01-01T00:00:00"
YEARS = ["0000-01-01T00:00:00", "10000-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-14:00",
         "9999-12-31T23:59:59.9999", "-0001-01-01T00:00:00"]  # fmt: skip
A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def problems_of(kind: RecordType, content: bytes) -> tuple[int, Told]:
    """How many rows are right, and what is said of the others: row, rule and value."""
    told: Told = []
    findings = Findings(lambda found: told.append((found.line, found.rule.slug, found.value)))
    layout = Layout(kind.columns_of(PLAIN), {}, key=kind.validator_class.key_column)
    with open_table(io.BytesIO(content), layout) as table:
        checking = kind.batch_validator(PLAIN, findings, layout.value_formats)
        right = sum(len(checking.check(batch)) for batch in table.batches)
        checking.conclude()
    return right, told


def columns_of(kind: RecordType, times: Any) -> dict[str, Any]:
    """Columns of a file with two of these times."""
    if kind is EPHEMERIS:
        return {"epoch": times}
    return {"start": times, "end": times, "url": ["1.jpg", "2.jpg"], "data_product_type": ["movie", "movie"]}


def records_of(kind: RecordType, *times: object) -> list[dict[str, object]]:
    columns = columns_of(kind, times)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def as_csv(kind: RecordType, time: str) -> bytes:
    rows = records_of(kind, GOOD, time)
    return "\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]).encode()


def as_json(kind: RecordType, time: object) -> bytes:
    return json.dumps(records_of(kind, GOOD, time)).encode()


def as_ndjson(kind: RecordType, time: object) -> bytes:
    return "\n".join(map(json.dumps, records_of(kind, GOOD, time))).encode()


def as_parquet(kind: RecordType, times: Any, **more: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns_of(kind, times) | more), target)
    return target.getvalue()


def as_workbook(kind: RecordType, *days: float) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        rows = records_of(kind, *days)
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row.values()):
                if isinstance(cell, str):
                    sheet.write(number, place, cell)
                else:
                    sheet.write_number(number, place, cell, form)
    return target.getvalue()


@KINDS
@pytest.mark.parametrize("write", [as_csv, as_json, as_ndjson])
@pytest.mark.parametrize("time", YEARS)
def test_a_year_that_is_none_is_a_problem_of_its_row(
    kind: RecordType, write: Callable[[RecordType, str], bytes], time: str
) -> None:
    right, told = problems_of(kind, write(kind, time))
    assert right == 1
    assert {value for _, _, value in told} == {time}
    assert {rule for _, rule, _ in told} <= {"no-such-time", "not-a-time", "year"}


@KINDS
@pytest.mark.parametrize("write", [as_json, as_ndjson])
@pytest.mark.parametrize("time", [10**18, -(2**63), 1e300])
def test_a_number_where_times_are_texts_is_a_problem_of_its_row(
    kind: RecordType, write: Callable[[RecordType, object], bytes], time: object
) -> None:
    right, told = problems_of(kind, write(kind, time))
    assert right == 1
    assert {rule for _, rule, _ in told} == {"not-a-time"}


@KINDS
@pytest.mark.parametrize("zone", [None, "UTC", "+05:30", "America/Edmonton"])
@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("moment", [2**63 - 1, -(2**63) + 1, -62_135_596_801, 253_402_300_800])
def test_a_timestamp_of_parquet_out_of_range_is_a_problem_of_its_row(
    kind: RecordType, zone: str | None, unit: str, moment: int
) -> None:
    parts = A_SECOND[unit]
    far = moment * parts if abs(moment * parts) < 2**63 else moment if abs(moment) > 2**62 else 2**63 - 1
    times = pa.array([1_577_836_800 * parts, far], pa.int64()).cast(pa.timestamp(unit, tz=zone))
    right, told = problems_of(kind, as_parquet(kind, times))
    assert right == 1
    assert {line for line, _, _ in told} == {2}
    assert {rule for _, rule, _ in told} <= {"no-such-time", "not-a-time", "year"}


@KINDS
@pytest.mark.parametrize("days", [2**31 - 1, -(2**31), 2_932_897, -719_163])
def test_a_date_of_parquet_out_of_range_is_a_problem_of_its_row(kind: RecordType, days: int) -> None:
    times = pa.array([18_262, days], pa.int32()).cast(pa.date32())
    right, told = problems_of(kind, as_parquet(kind, times))
    assert right == 1
    assert {line for line, _, _ in told} == {2}


@KINDS
def test_times_of_a_dictionary_are_read_and_a_column_of_nothing_is_missing(kind: RecordType) -> None:
    words = pa.array([GOOD, "2020-01-01T00:01:00"]).dictionary_encode()
    assert problems_of(kind, as_parquet(kind, words)) == (2, [])
    right, told = problems_of(kind, as_parquet(kind, pa.nulls(2)))
    assert right == 0
    assert {(line, rule) for line, rule, _ in told} == {(1, "required"), (2, "required")}


@pytest.mark.parametrize("kept", [pa.timestamp("us"), pa.date32(), pa.list_(pa.timestamp("us"))], ids=str)
def test_metadata_of_parquet_out_of_range_is_a_problem_of_its_row(kept: pa.DataType) -> None:
    inner = kept.value_type if pa.types.is_list(kept) else kept
    whole = pa.int32() if inner == pa.date32() else pa.int64()
    far = [2**31 - 1 if inner == pa.date32() else 2**63 - 1, 1]
    values = pa.array([[each] for each in far], pa.list_(whole)) if inner != kept else pa.array(far, whole)
    content = as_parquet(EPHEMERIS, [GOOD, "2020-01-01T00:01:00"], **{"metadata.t": values.cast(kept)})
    right, told = problems_of(EPHEMERIS, content)
    assert right == 1
    assert [(line, rule) for line, rule, _ in told] == [(1, "no-form")]


@KINDS
@pytest.mark.parametrize("days", [-1.0, 2_958_466.0, 1e10, 1e300])
def test_a_date_of_a_workbook_out_of_range_is_a_problem_of_its_row(kind: RecordType, days: float) -> None:
    right, told = problems_of(kind, as_workbook(kind, 43_831.5, days))
    assert right == 1
    assert {line for line, _, _ in told} == {3}
