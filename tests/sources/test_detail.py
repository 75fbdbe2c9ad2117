"""Looking at one data source."""

import json
from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, EphemerisRecord
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
    assert "none yet" in fragment
    assert "no records yet" in fragment


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


def test_an_empty_one_says_what_comes_next_to_who_may_do_it(
    as_user: Client, as_owner: Client, as_maintainer: Client, new_source: NewSource
) -> None:
    source = new_source(maintainers=["maintainer@example.org"])
    address = reverse("source-stats", args=[source.identifier])
    maintainers = f'<a href="{reverse("maintainers-source", args=[source.identifier])}">add one</a>'
    template = reverse("ephemeris-template", args=[source.identifier])
    found = {
        client: as_client.get(address).content.decode()
        for client, as_client in (("user", as_user), ("owner", as_owner), ("maintainer", as_maintainer))
    }
    assert {client for client, html in found.items() if template in html} == {"owner", "maintainer"}
    assert {client for client, html in found.items() if maintainers in html} == {"owner"}
    assert "Next steps" not in as_owner.get(reverse("source-stats", args=[103])).content.decode()


def test_it_says_in_a_word_how_it_stands(as_user: Client, aurorax: AuroraX, new_source: NewSource) -> None:
    quiet, late = new_source(), new_source()
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    for source, days in ((quiet, range(29, 40)), (late, range(9, 10))):
        records = [EphemerisRecord(noon - timedelta(days=ago)) for ago in days]
        aurorax.ephemeris.upload(source.identifier, records, source=source)
    for source, words in ((quiet, "quiet 29 days"), (late, "late 9 days")):
        assert words in as_user.get(reverse("source-stats", args=[source.identifier])).content.decode()
    assert "dormant since 2020" in as_user.get(reverse("source-stats", args=[103])).content.decode()


def test_a_ground_source_stands_on_a_small_map(as_user: Client, new_source: NewSource) -> None:
    url = reverse("source-place", args=[103])
    assert f'hx-get="{url}"' in as_user.get(reverse("source-stats", args=[103])).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "section#source-place"}
    fragment = as_user.get(url, headers=headers).content.decode()
    assert fragment.startswith('<section id="source-place"')
    assert "map-pin" in fragment
    empty = as_user.get(reverse("source-place", args=[new_source().identifier])).content.decode()
    assert "has no geographic location" in empty
