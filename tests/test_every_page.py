"""Every page of the catalogue, as HTML: nothing is forgotten, and every page says where one is and what to do."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.template import engines
from django.test import override_settings
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from tests.catalogue.pages import NOBODY, PAGES
from tests.catalogue.preparing import Preparation
from tests.catalogue.visiting import Visit, visit
from tests.catalogue.world import World
from tests.support.sandbox import SandboxProcess
from tests.test_access import site_map

pytestmark = pytest.mark.django_db

# Addresses that answer no page of their own. Everything else has to be in the catalogue: that is meant.
NO_PAGE = {
    # For machines
    "healthz", "readyz", "metrics",
    "api-openapi", "api-token", "api-new-file", "api-records", "api-file", "api-file-upload", "api-upload-list", "api-upload",
    "api-upload-findings", "api-upload-problems", "api-upload-receipt", "api-upload-send", "api-upload-resume",
    "api-upload-cancel", "api-upload-undo", "api-nothing",
    # Buttons that lead back to their page
    "source-health-look", "upload-unusual",
    # Files
    "activity-export", "activity-export-ndjson", "snapshot-download", "upload-file", "source-export-csv", "source-export-json", "source-schema-json",
    "ephemeris-export-csv", "ephemeris-export-json", "ephemeris-template", "products-template", "upload-problems",
    "upload-corrected", "upload-records", "upload-rejected",
    "upload-receipt", "ephemeris-records-csv", "ephemeris-selection-csv", "products-records-csv", "products-selection-csv",
    # Acts that lead on to another page
    "session-sign-out", "sign-out-everywhere", "search-delete", "upload-compare", "upload-send", "upload-pause", "upload-resume", "upload-cancel",
    "upload-check-again", "upload-again", "upload-mend-cells", "upload-mend-fix", "upload-mend-back", "upload-mend-recipe", "maintainers-split",
    "feed-run", "feed-pause", "feed-resume", "feed-delete",
    "handover-resume", "handover-cancel", "draft-keep", "draft-forget",
    "ephemeris-columns", "ephemeris-selection", "products-columns", "products-selection", "token-revoke",
    "notification-open", "notification-read-all", "webhook-secret", "webhook-try",
}  # fmt: skip
# Templates that no page of the catalogue has in it.
NOT_DRAWN = {
    "ui/_trouble.html",  # instead of a fragment that AuroraX cannot answer: tests/browser/test_bad_input.py
    "ui/server_error.html",  # needs a fault of the portal
    "ui/unavailable.html",  # needs a database that is away: tests/ui/test_unavailable.py
}
# Forms that write, or would have: what is there is looked at once more right before.
LOOKS_AGAIN = {"source-edit-conflict", "maintainers-changed", "undo-bulk-done"}
SAME_PAGE = {"source-stats": "source-detail", "overview-counted": "overview"}  # with its counts
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
FRAGMENT = 15_000  # bytes on the wire, for 50 rows
TOP_LEVEL = {"overview", "overview-counted", "sign-in", "source-list", "maintainers-all", "maintainers-change", "upload-list", "activity-list", "people",
             "search-list", "permissions", "account", "notification-list"}  # fmt: skip


@pytest.fixture(scope="module")
def visits(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, sandbox_process: SandboxProcess
) -> Iterator[tuple[World, list[Visit]]]:
    """The prepared world, and every page of it, opened once."""
    sandbox_process.reset()
    loaded_by_jinja().clear()
    with (
        django_db_blocker.unblock(),
        override_settings(AURORAX_API_URL=sandbox_process.url),
        transaction.atomic(),
    ):
        world = Preparation(sandbox_process).world()
        yield world, [visit(page, world, sandbox_process) for page in PAGES]
        transaction.set_rollback(True)


def loaded_by_jinja() -> Any:
    """The templates of long lists, by loader and name: Jinja2 keeps what it has loaded."""
    return engines["jinja2"].env.cache  # type: ignore[attr-defined]


class Outline(HTMLParser):
    """What a page says about itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {"title": [], "h1": [], "li.breadcrumb-item": []}
        self.in_body = False  # pictures have titles too
        self.empty_states: list[set[str]] = []  # the classes of what is in each
        self._depth = 0
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        css = dict(attributes).get("class") or ""
        self.in_body = self.in_body or tag == "body"
        self._look_at_empty_state(tag, css)
        for kind in self.texts:
            name, _, wanted = kind.partition(".")
            if tag == name and wanted in css and not (tag == "title" and self.in_body):
                self._inside = kind
                self.texts[kind].append("")

    def _look_at_empty_state(self, tag: str, css: str) -> None:
        if tag == "div" and css == "empty":
            self.empty_states.append(set())
            self._depth = 1
        elif self._depth:
            self._depth += tag == "div"
            self.empty_states[-1] |= set(css.split())

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth) and tag == "div"
        if self._inside and tag == self._inside.partition(".")[0]:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside][-1] += data

    def of(self, kind: str) -> list[str]:
        """The texts of these elements, without surplus blanks."""
        return [" ".join(text.split()) for text in self.texts[kind]]


def test_every_address_that_answers_a_page_is_in_the_catalogue(visits: tuple[World, list[Visit]]) -> None:
    world, _ = visits
    found = set()
    for page in PAGES:
        address = world.address(page.address).partition("?")[0]
        if not page.name.startswith("trouble"):
            found.add(resolve(address).url_name)
    assert {name for name, _ in site_map()} - NO_PAGE - found == set()
    assert found & NO_PAGE == set()


def test_every_template_is_on_some_page_of_the_catalogue(visits: tuple[World, list[Visit]]) -> None:
    drawn = {name for each in visits[1] for name in each.templates}
    drawn |= {name for _, name in loaded_by_jinja()}
    there = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")}
    assert there - drawn == NOT_DRAWN


def test_every_page_answers_as_the_catalogue_says(visits: tuple[World, list[Visit]]) -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    answers = {each.page.name: each.answer.status_code for each in visits[1]}
    assert answers == {page.name: page.status for page in PAGES}


def test_every_page_says_in_its_title_and_heading_where_one_is(visits: tuple[World, list[Visit]]) -> None:
    surprises = []
    for each in visits[1]:
        outline = Outline(each.html)
        titles, headings = outline.of("title"), outline.of("h1")
        if len(titles) != 1 or not re.fullmatch(r"(Error: )?\S.* · AuroraX Provider Portal", titles[0]):
            surprises.append(f"{each.page.name}: title {titles}")
        if len(headings) != 1 or not headings[0]:
            surprises.append(f"{each.page.name}: h1 {headings}")
        if each.page.status == 422 and not titles[0].startswith("Error: "):
            surprises.append(f"{each.page.name}: nothing of the error in the title {titles}")
    assert not surprises, "\n".join(surprises)


def test_titles_tell_pages_apart(visits: tuple[World, list[Visit]]) -> None:
    """Two addresses with the same title are two tabs nobody can tell apart."""
    titles: dict[str, set[str]] = {}
    for each in visits[1]:
        if each.page.status == 200:
            name = resolve(each.answer.request["PATH_INFO"]).url_name or ""
            name = SAME_PAGE.get(name, name)
            titles.setdefault(Outline(each.html).of("title")[0], set()).add(name)
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}


def test_below_the_top_level_breadcrumbs_lead_back(visits: tuple[World, list[Visit]]) -> None:
    without = [
        each.page.name
        for each in visits[1]
        if not Outline(each.html).of("li.breadcrumb-item") and not _is_top_level(each)
    ]
    assert without == []


def _is_top_level(each: Visit) -> bool:
    """Pages of the menu, and what stands in the place of a page that cannot be shown."""
    page = each.page
    if page.who == NOBODY or page.status in (401, 403, 404, 502, 503):
        return True
    return str(resolve(each.answer.request["PATH_INFO"]).url_name) in TOP_LEVEL


def test_empty_states_say_what_to_do_next(visits: tuple[World, list[Visit]]) -> None:
    """Who may do something about it is offered it; everybody is told more than that there is nothing."""
    found = [(each.page.name, state) for each in visits[1] for state in Outline(each.html).empty_states]
    assert len(found) > 10
    assert [name for name, state in found if not state & {"empty-action", "empty-subtitle"}] == []


def test_what_goes_on_by_itself_is_announced_politely(visits: tuple[World, list[Visit]]) -> None:
    """A part that is renewed over and over is morphed, so that the live region in it stays the same element."""
    renewed = [each for each in visits[1] if re.search(r'hx-trigger="every \d+s"', each.html)]
    assert len(renewed) > 5
    for each in renewed:
        assert re.search(r'<\w+[^>]*hx-trigger="every \d+s"[^>]*hx-swap="outerMorph"', each.html), (
            each.page.name
        )
        if each.page.name.startswith(("upload-", "deletion-")):
            assert 'aria-live="polite"' in each.html.partition('id="messages"')[2][25:], each.page.name


def test_no_page_asks_aurorax_the_same_thing_twice(visits: tuple[World, list[Visit]]) -> None:
    """But where AuroraX does not answer, and right before a write, which must not overwrite what somebody just did."""
    surprises = [
        f"{each.page.name}: {question} ({times} times)"
        for each in visits[1]
        if not each.page.switches and each.page.name not in LOOKS_AGAIN
        for question, times in Counter(each.asked).items()
        if times > 1
    ]
    assert not surprises, "\n".join(surprises)


def test_fragments_of_tables_are_light(
    visits: tuple[World, list[Visit]], sandbox_process: SandboxProcess
) -> None:
    """At most 15 kB for 50 rows, as it is compressed on the way."""
    world, pages = visits
    heavy, seen = [], 0
    for each in pages:
        for target in set(re.findall(r'hx-target="#([a-z-]+)"', each.html)):
            if each.page.posted is not None or each.page.status != 200:
                continue
            headers = {"HX-Request": "true", "HX-Target": f"div#{target}"}
            html = visit(each.page, world, sandbox_process, **headers).html
            if "<!DOCTYPE" in html:
                continue
            seen += 1
            weight = len(gzip.compress(html.encode()))
            allowed = FRAGMENT * max(1, html.count("<tr") / 50)
            if weight > allowed:
                heavy.append(f"{each.page.name} #{target}: {weight:,} bytes")
    assert seen > 10
    assert not heavy, "\n".join(heavy)
