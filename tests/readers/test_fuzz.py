"""Any bytes: rows or a sentence, never anything else.

`make fuzz` tries ten thousand files of each format, one in ten of them on the form as well; FUZZ_EXAMPLES says how many.
"""

import gzip
import io
import json
import os
import zipfile
from contextlib import suppress

import polars as pl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.aurorax.records import MetadataField
from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Dialect, Layout, open_table
from apps.readers.dialect import DELIMITERS, ENCODINGS
from apps.readers.errors import UnreadableFile
from apps.validation.findings import Findings

pytestmark = pytest.mark.any_database

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
ON_THE_FORM = max(EXAMPLES // 10, 1)
SCHEMA = (MetadataField("a", data_type="int"), MetadataField("b", allowed_values=("x",)))
SOURCES = st.sampled_from(
    [
        DataSource(1, "program", "platform", "instrument"),
        DataSource(1, "program", "platform", "instrument", ephemeris_metadata_schema=SCHEMA),
    ]
)
RECORD = {
    "epoch": "2020-01-01T00:00:00",
    "location_geo": {"lat": 51.05, "lon": -114.07},
    "metadata": {"a": 1},
}

PIECES = [
    b"epoch", b"lat", b"lon", b"metadata", b"metadata.a", b",", b";", b"\t", b"\n", b"\r\n", b"\r", b'"', b'""', b"[", b"]", b"{",
    b"}", b":", b"2020-01-01T00:00:00", b"51", b"-999", b"1e31", b"\\", b"\\ud800", b"\\u0000", b"null", b"NaN", b"\xe9", b"\xff",
    b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"-", b"e", b"program", b"'", b"data_source", b'{"result": [', b"true", b" ", b".",
]  # fmt: skip


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(
            [["epoch", "lat", "lon"], ["2020-01-01T00:00:00", 51.05, -114.07], ["soon", None, True]]
        ):
            sheet.write_row(number, 0, cells)
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    pl.DataFrame(
        {"epoch": ["2020-01-01T00:00:00"] * 9, "lat": [51.05] * 9, "lon": [-114.07] * 9}
    ).write_parquet(file)
    return file.getvalue()


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day.csv", content)
    return file.getvalue()


CSV = b"epoch,lat,lon,metadata.a\n" + b'2020-01-01T00:00:00,51.05,-114.07,"x"\n' * 5
JSON = json.dumps([RECORD] * 3, indent=1).encode()
NDJSON = json.dumps(RECORD).encode() * 3
STARTS = {
    "csv": CSV,
    "json": JSON,
    "ndjson": NDJSON.replace(b"}{", b"}\n{"),
    "utf-16": CSV.decode().encode("utf-16"),
    "workbook": workbook(),
    "parquet": parquet(),
    "gzip": gzip.compress(CSV),
    "zip": zipped(CSV),
}


def changed(content: bytes) -> st.SearchStrategy[bytes]:
    """The file with some of its bytes replaced, cut out, doubled, or with pieces put in."""
    place = st.integers(0, len(content))
    edit = st.tuples(place, st.integers(0, 8), st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)))

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        found = content
        for start, length, piece in edits:
            found = found[:start] + piece + found[start + length :]
        return found

    return st.one_of(st.lists(edit, max_size=6).map(apply), place.map(lambda end: content[:end]))


def anything(name: str) -> st.SearchStrategy[bytes]:
    text = st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join)
    return st.one_of(changed(STARTS[name]), changed(STARTS[name]), text, st.binary(max_size=200))


DIALECTS = st.builds(
    Dialect,
    encoding=st.sampled_from([None, *ENCODINGS]),
    delimiter=st.sampled_from([None, *DELIMITERS]),
    decimal_comma=st.sampled_from([None, True, False]),
    sheet=st.sampled_from([None, "Sheet1", "Sheet 9"]),
)


@pytest.mark.parametrize("name", STARTS)
def test_no_bytes_bring_anything_but_records_or_a_sentence(name: str) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=[*HealthCheck], database=None)
    @given(
        content=anything(name),
        source=SOURCES,
        dialect=st.one_of(st.just(Dialect()), st.just(Dialect()), DIALECTS),
    )
    def read(content: bytes, source: DataSource, dialect: Dialect) -> None:
        layout = Layout(EPHEMERIS.columns_of(source), {"soon": "", "Sheet1": ""}, dialect)
        with suppress(UnreadableFile), open_table(io.BytesIO(content), layout) as table:
            if table.matching.unknown:
                return
            checking = EPHEMERIS.batch_validator(source, Findings(), layout.value_formats)
            for batch in table.batches:
                for body in checking.check(batch)["body"]:
                    assert json.loads(body)["epoch"]

    read()


@pytest.mark.parametrize("name", STARTS)
def test_no_file_brings_a_fault_of_the_form_or_the_page_after_it(
    as_owner: Client, source: DataSource, name: str
) -> None:
    form = reverse("ephemeris-upload", args=[source.identifier])

    @settings(max_examples=ON_THE_FORM, suppress_health_check=[*HealthCheck], database=None)
    @given(content=anything(name))
    def send(content: bytes) -> None:
        answer = as_owner.post(form, {"file": SimpleUploadedFile("any.dat", content)})
        assert answer.status_code in (302, 422)
        if answer.status_code == 302:
            assert as_owner.get(answer.headers["Location"]).status_code == 200

    send()
