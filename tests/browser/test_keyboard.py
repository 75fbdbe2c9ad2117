"""With the keyboard alone: the whole story of a provider, and the keys that work everywhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import Keyboard
from tests.browser.test_the_whole_story import (
    FIELDS,
    IDENTITY,
    a_day_of_ephemeris,
    assert_aurorax_holds,
    sign_in,
    the_documentations_products,
)
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

NAME = "Example Instrument"


class Provider(Keyboard):
    """What the people of the story do."""

    def sign_in(self, name: str) -> None:
        self.page.goto("/")
        self.write("E-mail address", f"{name}@example.org")
        self.write("Password", f"sandbox-{name}")
        self.press("Enter")
        expect(self.page.get_by_role("heading", name="Overview", level=1)).to_be_visible()

    def sign_out(self) -> None:
        self.button("Sign out")
        expect(self.page.get_by_label("Password")).to_be_visible()

    def create_source(self) -> None:
        self.link("Data sources", self.page.get_by_role("navigation", name="Main"))
        self.button("New data source")
        self.write("Program", IDENTITY["program"])
        self.write("Platform", IDENTITY["platform"])
        self.write("Instrument type", IDENTITY["instrument_type"])
        self.choose("Source type", "ground")
        self.write("Display name", NAME)
        for heading in ("Ephemeris metadata schema", "Data product metadata schema"):
            self._fill_in_schema(heading)
        self.button("Create data source")
        expect(self.page.get_by_role("heading", name=NAME, level=1)).to_be_visible()

    def _fill_in_schema(self, heading: str) -> None:
        schema = self.page.locator(".card", has=self.page.get_by_role("heading", name=heading))
        for place, name in enumerate(FIELDS):
            self.button("Add a row to", schema)
            row = schema.get_by_role("group").nth(place)
            expect(row.get_by_label("Field name")).to_be_focused()
            self.write("Field name", name, row)
            self.write("Data type", "string", row)
            self.write(re.compile("^Description"), f"example metadata field {place + 1}", row)

    def add_maintainer(self) -> None:
        self.link("Maintainers", self.page.get_by_label("Data source", exact=True))
        self.write("E-mail address", "maintainer@example.org")
        self.press("Enter")
        expect(self.page.get_by_role("cell", name="maintainer@example.org")).to_be_visible()

    def find_source(self) -> None:
        """By the key that searches, from wherever one is."""
        self.wait_for_scripts()
        self.page.keyboard.press("/")
        expect(self.page.get_by_label("Search", exact=True)).to_be_focused()
        self.page.keyboard.type(IDENTITY["program"])
        expect(self.page.get_by_role("status").filter(has_text=" of ")).to_be_visible()
        self.link(NAME)
        expect(self.page.get_by_role("heading", name=NAME, level=1)).to_be_visible()

    def upload(self, link: str, file: Path, button: str) -> None:
        self.find_source()
        self.link(link)
        self.choose_file("File", file)
        self.button("Upload", exact=True)
        self.button(re.compile(button))
        expect(self.page.get_by_role("heading", name="Verified")).to_be_visible()

    def edit_one_record(self) -> None:
        """Down the table by arrows, and into a record."""
        self.link("Browse that day")
        first = self.page.get_by_role("checkbox", name="Select 2020-01-01 00:00:00")
        self.go_to(first)
        self.press("ArrowDown", "Enter")
        expect(self.page.get_by_role("heading", name="2020-01-01 00:01:00 UTC")).to_be_visible()
        self.link("Edit record")
        self.write("example_meta1", "testing1_updated")
        self.press("Enter")
        expect(self.page.get_by_text("testing1_updated")).to_be_visible()

    def try_to_delete_source(self) -> None:
        """AuroraX refuses; the page leads to what has to go first."""
        self.find_source()
        self.go_to(self.page.locator("summary", has_text="More"))
        self.press("Enter")
        self.link("Delete", exact=True)
        self.write("Type the display name or the identifier", NAME)
        self.press("Enter")

    def delete_everything(self, what: str) -> None:
        self.try_to_delete_source()
        expect(self.page.get_by_role("alert")).to_be_focused()
        self.link(what)
        self.write("Start", "2020-01-01T00:00:00")
        self.write("End", "2020-01-02T23:59:59")
        self.press("Enter")
        self.write("Number of records", what.split(maxsplit=1)[0])
        self.press("Enter")
        expect(self.page.get_by_role("heading", name="Deleted and checked")).to_be_visible()


def test_owner_and_maintainer_publish_and_remove_an_instrument_without_a_mouse(
    page: Page, stack: Stack, tmp_path: Path
) -> None:
    person = Provider(page)
    person.sign_in("owner")
    person.create_source()
    person.add_maintainer()
    person.sign_out()

    person.sign_in("maintainer")
    person.upload("Upload ephemeris", a_day_of_ephemeris(tmp_path), "^Send 1,440 ")
    person.edit_one_record()
    person.upload("Upload data products", the_documentations_products(tmp_path), "^Send 2 ")
    assert_aurorax_holds(stack, ephemeris=1440, products=2)
    person.sign_out()

    person.sign_in("owner")
    person.delete_everything("1,440 ephemeris records")
    person.delete_everything("2 data products")
    person.try_to_delete_source()
    expect(page).to_have_url(re.compile("/sources/$"))
    assert_aurorax_holds(stack, ephemeris=0, products=0)


@pytest.fixture
def person(page: Page) -> Keyboard:
    sign_in(page, "owner")
    return Keyboard(page)


def test_the_first_stop_of_a_page_skips_to_its_content(person: Keyboard) -> None:
    person.page.goto("/sources/")
    person.press("Tab")
    skip = person.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    person.press("Enter")
    expect(person.page.get_by_role("main")).to_be_focused()
    person.press("Tab")
    assert person.page.evaluate("document.activeElement.closest('main') !== null")


def test_slash_goes_to_the_search_of_the_page_or_else_to_the_data_sources(person: Keyboard) -> None:
    person.page.goto("/activity/")
    person.press("/")
    expect(person.page.get_by_label("Person")).to_be_focused()
    person.page.keyboard.type("a/b?")
    expect(person.page.get_by_label("Person")).to_have_value("a/b?")
    person.page.goto("/permissions/")
    person.press("/")
    expect(person.page).to_have_url(re.compile("/sources/#id_q$"))
    expect(person.page.get_by_label("Search", exact=True)).to_be_focused()


def test_the_list_of_keys_opens_and_closes_and_gives_the_focus_back(person: Keyboard) -> None:
    person.page.goto("/")
    link = person.page.get_by_role("link", name="New data source").or_(
        person.page.get_by_role("button", name="New data source")
    )
    person.go_to(link)
    person.press("?")
    keys = person.page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    person.press("/")
    expect(keys).to_be_visible()
    person.press("Escape")
    expect(keys).to_be_hidden()
    expect(link).to_be_focused()
    person.button("List of keys")
    expect(keys).to_be_visible()
    person.button("Close", keys)
    expect(keys).to_be_hidden()


def test_single_keys_can_be_switched_off(person: Keyboard) -> None:
    """WCAG 2.1.4: who dictates to their computer would press them by talking."""
    person.page.goto("/permissions/")
    person.button("List of keys")
    person.go_to(person.page.get_by_role("checkbox", name="work on every page"))
    person.press("Space", "Escape")
    person.page.reload()
    person.press("?", "/")
    expect(person.page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(person.page).to_have_url(re.compile("/permissions/$"))


@pytest.mark.parametrize(
    ("address", "button", "field"),
    [
        ("/sources/new/", "Create data source", "Program"),
        ("/sources/103/ephemeris/upload/", "Upload", "File"),
        ("/sources/103/ephemeris/delete/", "Show what this covers", "Start"),
        ("/sources/103/ephemeris/add/", "Add record", "Epoch"),
        ("/sources/103/delete/", "Delete data source", "Type the display name"),
    ],
)
def test_what_is_wrong_is_summed_up_gets_the_focus_and_leads_to_the_fields(
    person: Keyboard, address: str, button: str, field: str
) -> None:
    """GOV.UK's error summary: title, focus, a link to each field, and the same words there."""
    page = person.page
    page.goto(address)
    person.button(button, exact=True)
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    link = summary.get_by_role("link").first
    words = link.inner_text().partition(": ")[2]
    person.go_to(link)
    person.press("Enter")
    wrong = page.locator(":focus")
    expect(wrong).to_have_accessible_name(re.compile(f"^{field}"))
    expect(wrong).to_have_accessible_description(re.compile(re.escape(words)))
