"""Words that stand for no value, from file to AuroraX: counted, never sent as text unless somebody says so."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource, Location
from apps.aurorax.records import MetadataField
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.validation import rules
from apps.validation.rules import Rule
from tests.conftest import NewSource
from tests.ephemeris.test_editing import form_of
from tests.readers.test_formats import parquet, workbook
from tests.support.uploads import UploadFile, act

pytestmark = pytest.mark.any_database

R_FILE = (Path(__file__).parent.parent / "cases" / "r-4.2.2-NA-in-metadata.csv").read_bytes()
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, 0, 59, tzinfo=UTC)


def held(aurorax: AuroraX, source: DataSource) -> list[dict[str, Any] | None]:
    return [record.metadata for record in aurorax.ephemeris.search(source, START, END)]


def counted(upload: Upload) -> dict[tuple[str, str], int]:
    return {(group.slug, group.column): group.count for group in upload.problems.all()}


def read_again(client: Client, upload: Upload, **chosen: str) -> str:
    columns = {f"column-{place}": name for place, (_, name) in enumerate(upload.columns)}
    page = client.post(reverse("upload-read", args=[upload.pk]), columns | chosen, follow=True)
    upload.refresh_from_db()
    return page.content.decode()


def test_na_of_r_is_no_value_in_metadata_and_counted(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    upload = upload_file(R_FILE)
    assert (upload.state, upload.valid) == (State.CHECKED, 10)
    assert counted(upload) == {
        (rules.NO_VALUE.slug, "metadata.site"): 1,
        (rules.NO_VALUE.slug, "metadata.q"): 2,
        (rules.NO_VALUE.slug, "metadata.ok"): 1,
        (rules.NUMBER_AS_TEXT.slug, "metadata.q"): 7,
        (rules.NUMBER_AS_TEXT.slug, "metadata.ok"): 9,
    }
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert rules.NO_VALUE.message in page
    assert rules.NUMBER_AS_TEXT.message in page
    act(as_owner, upload, "send")
    assert held(aurorax, source) == [
        {"site": "CALG", "q": "1", "ok": "TRUE"},
        None,
        {"site": "CALG", "ok": "FALSE"},
        {"site": "CALG", "q": "Inf", "ok": "TRUE"},
        *({"site": "CALG", "q": str(number), "ok": "TRUE"} for number in range(5, 11)),
    ]


def test_a_person_can_say_that_a_word_is_meant_as_text_and_it_is_remembered(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    upload = upload_file(R_FILE)
    page = read_again(as_owner, upload, no_value="text", undescribed="typed")
    assert "NA and the like are text" in page
    assert "metadata without a description is numbers, true and false" in page
    assert counted(upload) == {}
    act(as_owner, upload, "send")
    assert held(aurorax, source) == [
        {"site": "CALG", "q": 1, "ok": True},
        {"site": "NA", "q": "NA", "ok": "NA"},
        {"site": "CALG", "q": "NA", "ok": False},
        {"site": "CALG", "q": "Inf", "ok": True},
        *({"site": "CALG", "q": number, "ok": True} for number in range(5, 11)),
    ]
    following = upload_file(R_FILE)
    assert (following.state, following.identical) == (State.DONE, 10)
    assert following.chosen_dialect["no_value"] == "text"


def test_fields_of_the_schema_without_a_value_are_none_not_of_another_type(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    schema = [
        MetadataField("q", data_type="int").to_api(),
        MetadataField("ok", data_type="bool").to_api(),
        MetadataField("site", allowed_values=("CALG",)).to_api(),
    ]
    aurorax.sources.update(source.identifier, {"ephemeris_metadata_schema": schema})
    upload = upload_file(R_FILE.replace(b"Inf", b"7"))
    assert {slug for slug, _ in counted(upload)} == {rules.NO_VALUE.slug}
    act(as_owner, upload, "send")
    assert held(aurorax, source) == [
        {"site": "CALG", "q": 1, "ok": True},
        None,
        {"site": "CALG", "ok": False},
        {"site": "CALG", "q": 7, "ok": True},
        *({"site": "CALG", "q": number, "ok": True} for number in range(5, 11)),
    ]


WORDS = ["NA", "\\N", "NULL", "None", "nan", "#N/A", "n/a", "none"]
ROWS = [[f"2020-01-01T00:0{place}:00", word, word] for place, word in enumerate(WORDS)]
HEADER = ["epoch", "lat", "lon"]


def records(values: list[list[str]]) -> list[dict[str, Any]]:
    return [dict(zip(HEADER, row, strict=True)) for row in values]


PLACES = {
    "csv": "\n".join(",".join(row) for row in [HEADER, *ROWS]).encode(),
    "workbook": workbook([HEADER, *ROWS]),
    "parquet": parquet(pl.DataFrame(records(ROWS))),
    "json": json.dumps(records(ROWS)).encode(),
    "ndjson": "\n".join(map(json.dumps, records(ROWS))).encode(),
}


@pytest.mark.parametrize("name", PLACES)
def test_words_in_places_are_no_value_in_every_format_and_counted(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX, name: str
) -> None:
    upload = upload_file(PLACES[name])
    assert upload.state == State.CHECKED, counted(upload)
    found = counted(upload)
    for column in ("location_geo.lat", "location_geo.lon"):
        assert found[rules.NO_VALUE.slug, column] == len(WORDS) - 1
        assert found[rules.FILL_VALUE.slug, column] == 1  # nan, as ever
    act(as_owner, upload, "send")
    stored = list(aurorax.ephemeris.search(source, START, END))
    assert [record.location_geo for record in stored] == [Location()] * len(WORDS)


@pytest.mark.parametrize("word", ["NA", "NaT", "null", " ", "<NA>"])
def test_a_required_time_that_is_a_word_is_missing(upload_file: UploadFile, word: str) -> None:
    rows = [["epoch", "lat", "lon"], ["2020-01-01T00:00:00", "51", "10"], [word, "51", "10"]]
    files = {
        "csv": "\n".join(",".join(row) for row in rows).encode(),
        "workbook": workbook(rows),
        "json": json.dumps(records(rows[1:])).encode(),
        "parquet": parquet(pl.DataFrame(records(rows[1:]))),
    }
    for name, content in files.items():
        upload = upload_file(content)
        assert counted(upload) == {(rules.REQUIRED.slug, "epoch"): 1}, name
        assert upload.valid == 1


def test_a_url_that_is_a_word_is_missing_where_cells_have_no_other_way_to_say_so(
    upload_file: UploadFile,
) -> None:
    values = ["keogram", "2020-01-01T00:00:00", "2020-01-01T23:59:00", "NA"]
    header = ["data_product_type", "start", "end", "url"]
    upload = upload_file(f"{','.join(header)}\n{','.join(values)}\n".encode(), kind="products")
    assert counted(upload) == {(rules.REQUIRED.slug, "url"): 1}
    whole = upload_file(json.dumps([dict(zip(header, values, strict=True))]).encode(), kind="products")
    assert (whole.valid, counted(whole)) == (1, {})


OBJECTS = [{"epoch": "2020-01-01T00:00:00", "metadata": {"site": "NA", "name": "Nain", "deep": {"a": "NA"}}}]


@pytest.mark.parametrize(
    ("chosen", "rule", "sent"),
    [
        ("", rules.NO_VALUE_TEXT, {"site": "NA", "name": "Nain", "deep": {"a": "NA"}}),
        ("none", rules.NO_VALUE, {"name": "Nain", "deep": {"a": "NA"}}),
        ("text", None, {"site": "NA", "name": "Nain", "deep": {"a": "NA"}}),
    ],
)
@pytest.mark.parametrize("name", ["json", "csv"])
def test_a_text_inside_a_json_object_is_a_text_unless_a_person_says_otherwise(
    as_owner: Client,
    upload_file: UploadFile,
    source: DataSource,
    aurorax: AuroraX,
    name: str,
    chosen: str,
    rule: Rule | None,
    sent: dict[str, Any],
) -> None:
    quoted = json.dumps(OBJECTS[0]["metadata"]).replace('"', '""')
    content = f'epoch,metadata\n2020-01-01T00:00:00,"{quoted}"\n' if name == "csv" else json.dumps(OBJECTS)
    upload = upload_file(content.encode())
    read_again(as_owner, upload, no_value=chosen)
    assert counted(upload) == ({(rule.slug, "metadata.site"): 1} if rule else {})
    act(as_owner, upload, "send")
    assert held(aurorax, source) == [sent]


def test_metadata_that_is_a_word_as_a_whole_is_none(
    as_owner: Client, upload_file: UploadFile, source: DataSource, aurorax: AuroraX
) -> None:
    upload = upload_file(
        b'epoch,metadata\n2020-01-01T00:00:00,NA\n2020-01-01T00:01:00,"{""a"": 1}"\n2020-01-01T00:02:00, NaN \n'
    )
    assert counted(upload) == {(rules.NO_VALUE.slug, "metadata"): 2}
    act(as_owner, upload, "send")
    assert held(aurorax, source) == [None, {"a": 1}, None]


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": [1, {"b": -Infinity}]}', '{"a": 1e400}'])
def test_a_number_that_json_does_not_have_is_a_problem_at_any_depth(
    upload_file: UploadFile, text: str
) -> None:
    quoted = text.replace('"', '""')
    for content in (
        f'epoch,metadata\n2020-01-01T00:00:00,"{quoted}"\n',
        f'[{{"epoch": "2020-01-01T00:00:00", "metadata": {text}}}]',
        f'{{"epoch": "2020-01-01T00:00:00", "metadata": {text}}}',
    ):
        upload = upload_file(content.encode())
        assert (upload.valid, upload.with_problems) == (0, 1), content
        assert rules.NO_VALUE.slug not in {slug for slug, _ in counted(upload)}


def test_a_word_typed_for_one_record_is_no_value_and_told(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source(ephemeris_metadata_schema=[MetadataField("state").to_api()])
    address = reverse("ephemeris-add", args=[source.identifier])
    typed = form_of(as_owner, address) | {"epoch": "2020-01-01T00:00:00", "metadata.state": "NA"}
    page = as_owner.post(address, typed, follow=True).content.decode()
    assert "What you typed for state is a word for no value" in page
    assert held(aurorax, source) == [None]
    meant = form_of(as_owner, address) | {
        "epoch": "2020-01-01T00:01:00",
        "other_metadata": '{"state": "NA"}',
    }
    as_owner.post(address, meant)
    assert held(aurorax, source) == [None, {"state": "NA"}]
