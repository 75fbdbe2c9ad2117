"""JSON as it stands in files: names given twice and numbers JSON does not have are told of, in whichever way it is read."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.aurorax import DataSource
from apps.ephemeris.record_type import EPHEMERIS
from apps.readers import Layout, open_table
from apps.validation import json_decoding, rules
from apps.validation.findings import Findings
from apps.validation.rules import Rule
from tests.support.properties import property_settings
from tests.support.uploads import UploadFile

pytestmark = pytest.mark.any_database

SOURCE = DataSource(1, "program", "platform", "instrument")
RECORD = '{"epoch": "2020-01-01T00:0%d:00", "lat": 51, "lon": -114, "metadata": %s}'


def found_in(content: bytes) -> tuple[list[Any], list[tuple[Rule, int, str]]]:
    """Metadata of the records that can be sent, and what is told: rule, number and key."""

    told: list[tuple[Rule, int, str]] = []
    layout = Layout(EPHEMERIS.columns, {}, key="epoch")
    findings = Findings(lambda found: told.append((found.rule, found.line, found.key)))
    with open_table(io.BytesIO(content), layout) as table:
        check = EPHEMERIS.batch_validator(SOURCE, findings, layout.value_formats)
        bodies = [body for batch in table.batches for body in check.check(batch)["body"]]
    return [json.loads(body)["metadata"] for body in bodies], told


def files(records: list[str]) -> dict[str, bytes]:
    quoted = "\n".join(
        ",".join(
            [f"2020-01-01T00:0{n}:00", '"' + r.partition('"metadata": ')[2][:-1].replace('"', '""') + '"']
        )
        for n, r in enumerate(records)
    )
    return {
        "json": f"[{', '.join(records)}]".encode(),
        "indented": ("[\n" + ",\n".join(records) + "\n]").encode(),
        "ndjson": "\n".join(records).encode(),
        "csv": f"epoch,metadata\n{quoted}\n".encode(),
    }


@pytest.mark.parametrize("name", ["json", "indented", "ndjson", "csv"])
@pytest.mark.parametrize(
    ("metadata", "rule"),
    [
        ('{"a": 1, "a": 2}', rules.REPEATED_NAME),
        ('{"b": {"c": [{"a": 1, "a" : 1}]}}', rules.REPEATED_NAME),
        ('{"a": 1, "\\u0061": 2}', rules.REPEATED_NAME),
        ('{"a": NaN}', rules.NO_NUMBER),
        ('{"b": [1, {"c": -Infinity}]}', rules.NO_NUMBER),
        ('{"b": [[1e400]]}', rules.NO_NUMBER),
        ('{"b": [%s]}' % ("9" * 400), rules.NO_NUMBER),
    ],
)
def test_what_the_form_refuses_is_a_problem_of_its_record(name: str, metadata: str, rule: Rule) -> None:
    texts = ['{"a": "x"}', metadata, '{"a": "z"}']
    content = files([RECORD % (n, text) for n, text in enumerate(texts)])[name]
    found, told = found_in(content)
    assert found == [{"a": "x"}, {"a": "z"}]
    assert told == [(rule, 3 if name == "csv" else 2, "2020-01-01T00:01:00")]


@pytest.mark.parametrize("name", ["json", "ndjson"])
@pytest.mark.parametrize(
    "record",
    [
        '{"epoch": "2020-01-01T00:01:00", "lat": 51, "lon": 9, "lon": 10}',
        '{"epoch": "2020-01-01T00:01:00", "lat": 51, "longitude": 9, "lon": 10}',
        '{"epoch": "2020-01-01T00:01:00", "lat": 51, "lon": 9, "location_geo": {"lon": 10}}',
        '{"epoch": "2020-01-01T00:01:00", "lat": 51, "lon": 9, "metadata": {"a": 1}, "metadata.a": 2}',
        '{"epoch": "2020-01-01T00:01:00", "lat": 51, "lat": 52, "metadata": {}}',
    ],
    ids=["name", "synonym", "nested", "metadata", "another missing"],
)
def test_a_column_that_is_given_twice_is_a_problem_of_its_record(name: str, record: str) -> None:
    content = files([RECORD % (0, "{}"), record, RECORD % (2, "{}")])[name]
    found, told = found_in(content)
    assert len(found) == 2
    assert told == [(rules.REPEATED_NAME, 2, "2020-01-01T00:01:00")]


def test_metadata_given_in_two_ways_is_a_problem_in_csv() -> None:
    found, told = found_in(b'epoch,metadata,metadata.a\n2020-01-01T00:00:00,"{""a"": 1}",2\n')
    assert (found, told) == ([], [(rules.REPEATED_NAME, 2, "2020-01-01T00:00:00")])


NAMES = st.sampled_from(["a", "b", 'a":', "é", " ", '"', "\\", ":", "a\n"])
VALUES = st.recursive(
    st.one_of(st.none(), st.integers(0, 9), st.sampled_from(['":', '": "', ' ":', "\\", "x", "\\u0022:"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.lists(st.tuples(NAMES, inner), max_size=3).map(tuple)
    ),
    max_leaves=8,
)


def written(value: Any, gap: str, ascii_only: bool) -> str:
    """As JSON; a tuple is an object whose members may repeat."""
    if isinstance(value, tuple):
        members = [
            f"{json.dumps(n, ensure_ascii=ascii_only)}{gap}:{written(v, gap, ascii_only)}" for n, v in value
        ]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(each, gap, ascii_only) for each in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


def repeats(value: Any) -> bool:
    if isinstance(value, tuple):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(repeats(inner) for _, inner in value)
    return isinstance(value, list) and any(map(repeats, value))


@property_settings
@given(
    values=st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple),
    gap=st.sampled_from(["", " ", "\n"]),
    ascii_only=st.booleans(),
)
def test_no_repeated_name_passes(values: Any, gap: str, ascii_only: bool) -> None:
    text = written(values, gap, ascii_only)
    decoder = json_decoding.Decoder()
    decoded = decoder.decode(text)
    assert bool(decoder.repeated) == repeats(values)
    if repeats(values):
        assert json_decoding.may_repeat(text.encode(), decoded)
    one_line = text.replace("\n", " ")
    found, told = found_in(f"[{RECORD % (0, one_line)}, {RECORD % (1, '{}')}]".encode())
    assert [rule for rule, *_ in told] == ([rules.REPEATED_NAME] if repeats(values) else [])
    assert len(found) == 2 - repeats(values)


def test_findings_of_json_name_the_record_and_its_key(as_owner: Client, upload_file: UploadFile) -> None:
    records = [RECORD % (n, "{}") for n in range(4)]
    records[2] = records[2].replace("51", "91")
    upload = upload_file(f"[{','.join(records)}]".encode(), name="day.json")
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "record 3 (2020-01-01T00:02:00)" in page
    assert "line 1" not in page
    answer = as_owner.get(reverse("upload-problems", args=[upload.pk]))
    listing = b"".join(answer).decode().splitlines()
    assert listing[0].startswith("record,key,column,value,severity")
    assert listing[1].startswith("3,2020-01-01T00:02:00,location_geo.lat,91")


def test_findings_of_csv_name_the_line(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(b"epoch,lat,lon\n2020-01-01T00:00:00,91,1\n2020-01-01T00:01:00,51,1\n")
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "line 2" in page
    listing = b"".join(as_owner.get(reverse("upload-problems", args=[upload.pk]))).decode()
    assert listing.startswith("line,column,value,severity")
