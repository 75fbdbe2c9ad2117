"""Creating a data source, with its metadata schemas."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource
from tests.conftest import NewSource
from tests.sources.forms import example_form, posted_by, rows
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

EPHEMERIS, PRODUCTS = "ephemeris_metadata_schema", "data_product_metadata_schema"
META1 = {
    "field_name": "example_meta1",
    "description": "example metadata field 1",
    "data_type": "string",
}
META2 = {
    "field_name": "example_meta2",
    "description": "example metadata field 2",
    "data_type": "double",
    "allowed_values": "1.5\r\n\r\n 2.5 \r\n",
    "additional_description": "more\r\nwords",
    "searchable": "True",
}


def found(aurorax: AuroraX) -> list[DataSource]:
    return aurorax.sources.list(program="example-program")


def test_the_example_of_the_documentation_can_be_created(as_owner: Client, aurorax: AuroraX) -> None:
    form = example_form() | rows(EPHEMERIS, META1, META2) | rows(PRODUCTS, META1)
    answer = as_owner.post(reverse("source-create"), form, follow=True)
    [source] = found(aurorax)
    assert answer.redirect_chain == [(reverse("source-detail", args=[source.identifier]), 302)]
    assert "is created" in answer.content.decode()
    assert source.owner == "owner@example.org"
    assert [field.to_api() for field in source.ephemeris_metadata_schema] == [
        META1 | {"allowed_values": []},
        {
            "field_name": "example_meta2",
            "description": "example metadata field 2",
            "data_type": "double",
            "allowed_values": ["1.5", "2.5"],
            "additional_description": "more\nwords",
            "searchable": True,
        },
    ]
    assert [field.field_name for field in source.data_product_metadata_schema] == ["example_meta1"]


def test_every_optional_attribute_arrives(as_admin: Client, aurorax: AuroraX) -> None:
    form = example_form(
        identifier="4711",
        owner="owner2@example.org",
        maintainers="a@example.org\r\nb@example.org\r\nA@example.org\r\n",
        metadata='{"site": {"name": "Gillam", "lat": 56.38}, "open": true}',
    )
    asked = as_admin.post(reverse("source-create"), form).content.decode()
    assert "No AuroraX account has the address b@example.org" in asked
    as_admin.post(reverse("source-create"), form | {"sure": ["A@example.org", "b@example.org"]})
    [source] = found(aurorax)
    assert (source.identifier, source.owner) == (4711, "owner2@example.org")
    assert source.maintainers == ("A@example.org", "b@example.org")
    assert source.metadata == {"site": {"name": "Gillam", "lat": 56.38}, "open": True}


def test_the_creation_is_in_the_activity(as_owner: Client, aurorax: AuroraX) -> None:
    as_owner.post(reverse("source-create"), example_form())
    [source] = found(aurorax)
    event = Event.objects.get(action="source.create")
    assert (event.actor, event.source_identifier, event.outcome) == (
        "owner@example.org",
        source.identifier,
        "done",
    )
    assert event.after == source.to_api()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("program", "", "Give the program."),
        ("program", "x" * 201, "At most 200 characters; this has 201."),
        ("platform", "x" * 51, "At most 50 characters; this has 51."),
        ("instrument_type", "x" * 201, "At most 200 characters; this has 201."),
        ("display_name", "x" * 51, "At most 50 characters; this has 51."),
        ("source_type", "", "Choose the source type."),
        ("source_type", "submarine", "Select a valid choice"),
        ("identifier", "0", "1 or more"),
        ("identifier", "2147483648", "up to 2147483647"),
        ("identifier", "four", "whole number"),
        ("metadata", "{'a': 1}", "This is not JSON"),
        ("metadata", "[1]", "Write a JSON object"),
        ("metadata", '{"a": NaN}', "NaN is not a value in JSON"),
        ("metadata", '{"a": 1, "a": 2}', "stands twice"),
        ("metadata", '{"a": 1e999}', "larger than any number"),
        ("metadata", '{"a": ' + "9" * 5000 + "}", "far too many digits"),
        ("metadata", '{"a": "\\u0000"}', "cannot be kept"),
        ("metadata", '{"a": ["\\ud800"]}', "cannot be kept"),
        ("metadata", '{"a": ' + "[" * 5000, "nested too deeply"),
        ("maintainers", "nobody", "“nobody” is not an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_everything_typed_stays(
    as_owner: Client, aurorax: AuroraX, field: str, value: str, message: str
) -> None:
    form = example_form(**{field: value}) | rows(EPHEMERIS, META1)
    answer = as_owner.post(reverse("source-create"), form)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert message in html
    kept = posted_by(answer)
    assert kept["ephemeris_metadata_schema-0-description"] == "example metadata field 1"
    assert kept[field] == ("" if value == "submarine" else value)  # a list cannot show what is not in it
    assert found(aurorax) == []


def test_exactly_the_limit_passes(as_owner: Client, aurorax: AuroraX) -> None:
    form = example_form(platform="p" * 50, display_name="d" * 50, instrument_type="i" * 200)
    assert as_owner.post(reverse("source-create"), form).status_code == 302
    assert len(found(aurorax)) == 1


def test_a_key_that_is_taken_is_told_in_the_form(as_owner: Client, new_source: NewSource) -> None:
    source = new_source()
    form = example_form(**source.key)
    answer = as_owner.post(reverse("source-create"), form)
    assert answer.status_code == 422
    assert posted_by(answer)["display_name"] == "Example Instrument"
    assert f"href='{reverse('source-detail', args=[source.identifier])}'" in answer.content.decode()
    assert Event.objects.get(action="source.create").outcome == "refused"


def test_the_owner_is_offered_to_administrators_only(
    as_owner: Client, as_admin: Client, aurorax: AuroraX
) -> None:
    assert 'name="owner"' not in as_owner.get(reverse("source-create")).content.decode()
    assert 'name="owner"' in as_admin.get(reverse("source-create")).content.decode()
    as_owner.post(reverse("source-create"), example_form(owner="owner2@example.org"))
    assert [source.owner for source in found(aurorax)] == ["owner@example.org"]


@pytest.mark.parametrize("person", ["as_user", "as_maintainer"])
def test_others_may_not_create(person: str, request: pytest.FixtureRequest, aurorax: AuroraX) -> None:
    client: Client = request.getfixturevalue(person)
    assert client.get(reverse("source-create")).status_code == 403
    assert client.post(reverse("source-create"), example_form()).status_code == 403
    assert found(aurorax) == []


def test_a_row_is_added_and_nothing_is_lost(as_owner: Client, aurorax: AuroraX) -> None:
    form = example_form(platform="x" * 99) | rows(EPHEMERIS, META1) | {"rows": f"add:{EPHEMERIS}"}
    answer = as_owner.post(reverse("source-create"), form)
    assert answer.status_code == 200
    kept = posted_by(answer)
    assert kept["ephemeris_metadata_schema-TOTAL_FORMS"] == "2"
    assert kept["ephemeris_metadata_schema-0-field_name"] == "example_meta1"
    assert kept["ephemeris_metadata_schema-1-data_type"] == "string"
    assert kept["platform"] == "x" * 99
    assert found(aurorax) == []


def test_a_row_is_removed_and_the_others_keep_what_was_typed(as_owner: Client) -> None:
    half = {"field_name": "", "description": "not yet named", "allowed_values": "a\nb", "searchable": "False"}
    form = example_form() | rows(PRODUCTS, META1, META2, half) | {"rows": f"remove:{PRODUCTS}:1"}
    kept = posted_by(as_owner.post(reverse("source-create"), form))
    assert kept[f"{PRODUCTS}-TOTAL_FORMS"] == "2"
    assert kept[f"{PRODUCTS}-0-field_name"] == "example_meta1"
    assert {name: kept[f"{PRODUCTS}-1-{name}"] for name in half} == half


def test_htmx_gets_the_editor_alone(as_owner: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "section#ephemeris-metadata-schema"}
    form = example_form() | {"rows": f"add:{EPHEMERIS}"}
    html = as_owner.post(reverse("source-create"), form, headers=headers).content.decode()
    assert html.startswith('<section id="ephemeris-metadata-schema"')
    assert "<form" not in html
    assert f'name="{EPHEMERIS}-0-field_name"' in html


@pytest.mark.parametrize(
    "command",
    [
        "add:nothing",
        "remove:",
        "remove:ephemeris_metadata_schema:99",
        "::",
        "json:x:y",
        "remove:ephemeris_metadata_schema:" + "9" * 5000,
    ],
)
def test_a_nonsense_command_changes_nothing(as_owner: Client, command: str, aurorax: AuroraX) -> None:
    form = example_form(display_name="") | rows(EPHEMERIS, META1) | {"rows": command}
    answer = as_owner.post(reverse("source-create"), form)
    assert answer.status_code in (200, 422)
    assert posted_by(answer)[f"{EPHEMERIS}-TOTAL_FORMS"] == "1"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"field_name": "", "description": "has no name", "data_type": "string"}, "Give the field name"),
        ({"field_name": "x", "data_type": ""}, "Give the data type"),
        (META1, "stands in more than one row"),
    ],
)
def test_what_is_wrong_in_a_row_is_said(
    as_owner: Client, aurorax: AuroraX, row: dict[str, str], message: str
) -> None:
    answer = as_owner.post(reverse("source-create"), example_form() | rows(EPHEMERIS, META1, row))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert found(aurorax) == []


def test_a_row_left_empty_does_not_count(as_owner: Client, aurorax: AuroraX) -> None:
    as_owner.post(reverse("source-create"), example_form() | rows(EPHEMERIS, {"data_type": "string"}, META1))
    [source] = found(aurorax)
    assert [field.field_name for field in source.ephemeris_metadata_schema] == ["example_meta1"]


def test_a_schema_is_read_from_pasted_json(as_owner: Client, aurorax: AuroraX) -> None:
    schema = [
        {"field_name": "tii_on", "data_type": "bool", "allowed_values": [True, "false"], "searchable": None},
        {"field_name": "state", "description": "orbit", "data_type": "string", "additional_description": "x"},
    ]
    form = example_form() | rows(EPHEMERIS, META1)
    form |= {f"{EPHEMERIS}-json": json.dumps(schema), "rows": f"json:{EPHEMERIS}"}
    kept = posted_by(as_owner.post(reverse("source-create"), form))
    assert kept[f"{EPHEMERIS}-TOTAL_FORMS"] == "2"
    assert kept[f"{EPHEMERIS}-0-allowed_values"] == "true\nfalse"
    assert kept[f"{EPHEMERIS}-json"] == ""
    as_owner.post(reverse("source-create"), kept)
    [source] = found(aurorax)
    assert [field.field_name for field in source.ephemeris_metadata_schema] == ["tii_on", "state"]


def test_a_schema_is_read_from_a_json_file(as_owner: Client) -> None:
    file = SimpleUploadedFile("schema.json", b'\xef\xbb\xbf[{"field_name": "from a file"}]')
    form = example_form() | {f"{PRODUCTS}-file": file, "rows": f"json:{PRODUCTS}"}
    kept = posted_by(as_owner.post(reverse("source-create"), form))
    assert kept[f"{PRODUCTS}-0-field_name"] == "from a file"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is nothing to read"),
        ("[{", "This is not JSON"),
        ("{}", "A schema is a JSON list"),
        ("[1]", "Row 1 is not an object"),
        ('[{"description": "x"}]', "Row 1 has no field_name"),
        ('[{"field_name": "a", "type": "x"}]', "Row 1 has type, which AuroraX does not know"),
        ('[{"field_name": 5}]', "field_name must be a text"),
        ('[{"field_name": "a", "searchable": "yes"}]', "searchable must be true, false or null"),
        ('[{"field_name": "a", "allowed_values": "yes"}]', "allowed_values must be a list"),
    ],
)
def test_json_that_is_no_schema_is_explained_and_kept(as_owner: Client, text: str, message: str) -> None:
    form = example_form() | rows(EPHEMERIS, META1) | {f"{EPHEMERIS}-json": text, "rows": f"json:{EPHEMERIS}"}
    answer = as_owner.post(reverse("source-create"), form)
    kept = posted_by(answer)
    assert message in answer.content.decode()
    assert kept[f"{EPHEMERIS}-json"] == text
    assert kept[f"{EPHEMERIS}-0-field_name"] == "example_meta1"


def test_a_binary_file_is_no_schema(as_owner: Client) -> None:
    file = SimpleUploadedFile("schema.json", b"\x89PNG\xff\xfe")
    form = example_form() | {f"{PRODUCTS}-file": file, "rows": f"json:{PRODUCTS}"}
    answer = as_owner.post(reverse("source-create"), form)
    assert "not a text file in UTF-8" in answer.content.decode()


def test_json_that_was_not_put_into_the_editor_is_not_forgotten(as_owner: Client, aurorax: AuroraX) -> None:
    form = example_form() | {f"{EPHEMERIS}-json": '[{"field_name": "a"}]'}
    answer = as_owner.post(reverse("source-create"), form)
    assert answer.status_code == 422
    assert "is not in the editor yet" in answer.content.decode()
    assert found(aurorax) == []


def test_a_schema_file_that_is_far_too_large_is_refused(as_owner: Client) -> None:
    file = SimpleUploadedFile("schema.json", b"[" + b" " * (1024 * 1024) + b"]")
    form = example_form() | {f"{PRODUCTS}-file": file, "rows": f"json:{PRODUCTS}"}
    answer = as_owner.post(reverse("source-create"), form)
    assert "larger than 1 MB" in answer.content.decode()


def test_more_rows_than_any_schema_has_are_refused(as_owner: Client, aurorax: AuroraX) -> None:
    answer = as_owner.post(reverse("source-create"), example_form() | {f"{EPHEMERIS}-TOTAL_FORMS": "201"})
    assert answer.status_code == 422
    assert "at most 200 rows" in answer.content.decode()


def test_an_aurorax_in_maintenance_leaves_the_form_as_it_was(
    as_owner: Client, portal: SandboxProcess, aurorax: AuroraX
) -> None:
    portal.switch(maintenance=True)
    answer = as_owner.post(reverse("source-create"), example_form() | rows(EPHEMERIS, META1))
    assert answer.status_code == 422
    assert "maintenance mode" in answer.content.decode()
    kept = posted_by(answer)
    assert (kept["display_name"], kept[f"{EPHEMERIS}-0-field_name"]) == (
        "Example Instrument",
        "example_meta1",
    )
    assert Event.objects.get(action="source.create").outcome == "failed"


def test_a_lost_answer_still_creates_exactly_one(
    as_owner: Client, portal: SandboxProcess, aurorax: AuroraX
) -> None:
    portal.switch(drop_after=1, times=1, only="POST /api/v1/data_sources")
    as_owner.post(reverse("source-create"), example_form())
    assert len(found(aurorax)) == 1


def test_a_form_without_its_counts_is_refused_with_a_sentence(as_owner: Client, aurorax: AuroraX) -> None:
    answer = as_owner.post(reverse("source-create"), {**example_form(), f"{EPHEMERIS}-TOTAL_FORMS": "many"})
    assert answer.status_code == 422
    assert found(aurorax) == []
