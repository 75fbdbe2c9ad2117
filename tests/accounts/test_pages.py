"""The pages about rights and people."""

import re

from django.test import Client

from apps.aurorax import AuroraX
from apps.permissions import Role
from apps.permissions.matrix import LABELS
from tests.conftest import NewSource


def test_permissions_show_the_whole_matrix_with_ones_own_column_marked(as_maintainer: Client) -> None:
    page = as_maintainer.get("/permissions/").content.decode()
    assert all(label in page for label in LABELS.values())
    assert all(role.description.split(".")[0] in page for role in Role)
    assert re.search(r'aria-current="true"[^>]*>Maintainer', page)
    assert page.count('aria-current="true"') == 1


def test_only_administrators_see_people(as_owner: Client, as_admin: Client) -> None:
    refused = as_owner.get("/people/")
    assert refused.status_code == 403
    assert "Administrator" in refused.content.decode()
    assert "/people/" not in as_owner.get("/permissions/").content.decode()
    assert "/people/" in as_admin.get("/permissions/").content.decode()


def test_people_are_counted_by_what_they_look_after(
    as_admin: Client, aurorax: AuroraX, new_source: NewSource
) -> None:
    new_source(owner="User@example.org", maintainers=["user@example.org"])
    page = as_admin.get("/people/", {"q": "user@"})
    (person,) = page.context["page"].object_list
    assert (person.account.email_address, person.owns, person.maintains) == ("user@example.org", 1, 1)


def test_people_are_filtered_by_role_and_by_words(as_admin: Client) -> None:
    owners = as_admin.get("/people/", {"role": "Owner"}).context["page"].object_list
    assert {person.account.role for person in owners} == {"Owner"}
    assert len(owners) >= 2
    nobody = as_admin.get("/people/", {"q": "nobody at all"})
    assert "No account matches" in nobody.content.decode()


def test_htmx_gets_only_the_table(as_admin: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#people-table"}
    fragment = as_admin.get("/people/", headers=headers).content.decode()
    assert fragment.startswith('<div id="people-table">')
    assert "<html" not in fragment
