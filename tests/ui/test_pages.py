"""Page or fragment: one helper decides, by what htmx is about to fill."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.ui.pages import htmx_target, root_id

pytestmark = pytest.mark.any_database

FRAGMENT = '<div id="source-table"'


def htmx(target: str) -> dict[str, str]:
    """The headers htmx 4 sends."""
    return {"HX-Request": "true", "HX-Target": target}


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [("sources/_source_table.html", "source-table"), ("ui/_pages.html", "pages")],
)
def test_a_fragment_is_called_like_its_root_element(fragment: str, expected: str) -> None:
    assert root_id(fragment) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({}, ""), (htmx("div#source-table"), "source-table"), (htmx("body"), ""), ({"HX-Target": "div#a"}, "")],
)
def test_the_target_is_read_from_what_htmx_sends(headers: dict[str, str], expected: str) -> None:
    assert htmx_target(RequestFactory(headers=headers).get("/")) == expected


def test_without_htmx_the_whole_page_is_answered(as_user: Client) -> None:
    page = as_user.get(reverse("source-list")).content.decode()
    assert (page.startswith("<!DOCTYPE html>"), FRAGMENT in page) == (True, True)


def test_for_its_own_place_only_the_fragment_is_answered(as_user: Client) -> None:
    part = as_user.get(reverse("source-list"), headers=htmx("div#source-table")).content.decode()
    assert part.lstrip().startswith(FRAGMENT)


def test_for_any_other_place_the_whole_page_is_answered(as_user: Client) -> None:
    page = as_user.get(reverse("source-list"), headers=htmx("div#elsewhere")).content.decode()
    assert page.startswith("<!DOCTYPE html>")


def test_caches_are_told_that_the_answer_depends_on_htmx(as_user: Client) -> None:
    varies = as_user.get(reverse("source-list")).headers["Vary"]
    assert ("HX-Request" in varies, "HX-Target" in varies) == (True, True)


def test_a_redirect_moves_the_whole_page_and_never_lands_in_a_part_of_it(client: Client, db: None) -> None:
    answer = client.get(reverse("source-list"), headers=htmx("div#source-table"))
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(reverse("sign-in"))
