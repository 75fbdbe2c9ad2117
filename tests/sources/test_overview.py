"""The first page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.conftest import NewSource


def test_it_shows_what_i_own_and_what_i_maintain(
    as_owner: Client, as_maintainer: Client, new_source: NewSource
) -> None:
    new_source(display_name="Tended", owner="owner2@example.org", maintainers=["Maintainer@example.org"])
    new_source(display_name="Owned")
    mine = as_maintainer.get(reverse("overview")).content.decode()
    assert "Tended" in mine
    assert "Owned" not in mine
    assert "Owned" in as_owner.get(reverse("overview"), {"stats": "on"}).content.decode()


def test_records_are_counted_after_the_page(as_maintainer: Client) -> None:
    page = as_maintainer.get(reverse("overview")).content.decode()
    assert 'hx-get="/?stats=on" hx-trigger="load"' in page
    headers = {"HX-Request": "true", "HX-Target": "div#my-sources"}
    fragment = as_maintainer.get(reverse("overview"), {"stats": "on"}, headers=headers).content.decode()
    assert fragment.startswith('<div id="my-sources"')
    assert "2,880" in fragment
    assert "hx-trigger" not in fragment


def test_an_empty_account_is_told_what_to_do_next(as_user: Client) -> None:
    html = as_user.get(reverse("overview")).content.decode()
    assert "You look after no data source yet" in html
    assert "add user@example.org as a maintainer" in html


@pytest.mark.parametrize(("person", "offered"), [("as_owner", True), ("as_maintainer", False)])
def test_only_those_who_may_are_offered_a_new_data_source(
    person: str, offered: bool, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(person)
    assert (reverse("source-create") in client.get(reverse("overview")).content.decode()) == offered


def test_my_uploads_that_are_not_finished_are_there(
    as_owner: Client, as_owner2: Client, new_source: NewSource
) -> None:
    file = SimpleUploadedFile("waiting.csv", b"epoch\n2020-01-01T00:00:00\n")
    as_owner.post(reverse("ephemeris-upload", args=[new_source().identifier]), {"file": file})
    assert "waiting.csv" in as_owner.get(reverse("overview")).content.decode()
    assert "waiting.csv" not in as_owner2.get(reverse("overview")).content.decode()
