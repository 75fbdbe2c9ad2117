"""Looking at one data source."""

import json

from django.test import Client
from django.urls import reverse

from tests.conftest import NewSource

SCHEMA = [
    {
        "field_name": "state",
        "description": "orbit",
        "data_type": "string",
        "allowed_values": ["final"],
        "searchable": True,
    }
]


def test_all_attributes_are_there(as_user: Client, new_source: NewSource) -> None:
    source = new_source(metadata={"lat": 56.38}, maintainers=["maintainer@example.org"])
    html = as_user.get(reverse("source-detail", args=[source.identifier])).content.decode()
    for text in (
        source.display_name,
        source.platform,
        source.program,
        "Ground: a station",
        "&quot;lat&quot;: 56.38",
    ):
        assert text in html
    assert 'href="mailto:owner@example.org"' in html
    assert 'href="mailto:maintainer@example.org"' in html


def test_who_may_not_is_told_whom_to_ask(as_user: Client, as_owner2: Client, new_source: NewSource) -> None:
    source = new_source()
    address = reverse("source-detail", args=[source.identifier])
    assert "It takes one of these roles" in as_user.get(address).content.decode()
    assert "Ask its owner, owner@example.org." in as_owner2.get(address).content.decode()


def test_only_what_is_allowed_is_offered(as_owner: Client, as_owner2: Client, new_source: NewSource) -> None:
    source = new_source()
    address = reverse("source-detail", args=[source.identifier])
    for name in ("source-edit", "source-delete", "source-replace"):
        link = f'href="{reverse(name, args=[source.identifier])}"'
        assert link in as_owner.get(address).content.decode()
        assert link not in as_owner2.get(address).content.decode()


def test_counts_come_after_the_page(as_user: Client, new_source: NewSource) -> None:
    source = new_source()
    page = as_user.get(reverse("source-detail", args=[source.identifier])).content.decode()
    stats = reverse("source-stats", args=[source.identifier])
    assert f'hx-get="{stats}" hx-trigger="load"' in page
    fragment = as_user.get(
        stats, headers={"HX-Request": "true", "HX-Target": "div#source-stats"}
    ).content.decode()
    assert fragment.startswith('<div id="source-stats"')
    assert "hx-trigger" not in fragment
    assert "none" in fragment


def test_counts_have_a_page_without_javascript(as_user: Client) -> None:
    html = as_user.get(reverse("source-stats", args=[103])).content.decode()
    assert "<html" in html
    assert "What it holds" in html
    assert "2,880" in html


def test_an_unknown_data_source_is_not_found(as_user: Client) -> None:
    answer = as_user.get(reverse("source-detail", args=[999_999]))
    assert answer.status_code == 404
    assert "AuroraX has no data source 999999" in answer.content.decode()


def test_both_schemas_are_shown_and_can_be_downloaded(as_user: Client, new_source: NewSource) -> None:
    source = new_source(ephemeris_metadata_schema=SCHEMA)
    html = as_user.get(reverse("source-schema", args=[source.identifier])).content.decode()
    assert "<code>state</code>" in html
    assert "No fields are described" in html
    download = reverse("source-schema-json", args=[source.identifier, "ephemeris_metadata_schema"])
    assert json.loads(as_user.get(download).content) == SCHEMA


def test_there_is_no_third_schema(as_user: Client, new_source: NewSource) -> None:
    address = reverse("source-schema-json", args=[new_source().identifier, "owner"])
    assert as_user.get(address).status_code == 404
