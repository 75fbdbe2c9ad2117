"""Bad days in Chromium: AuroraX down, a session that ends, files that are none. Nothing typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.test_the_whole_story import sign_in
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

NO_ANSWER = "AuroraX does not answer"
MINE = "/sources/?mine=on"


@contextmanager
def aurorax_down(stack: Stack) -> Iterator[None]:
    """The sandbox cuts every connection for the length of the block."""
    switch(stack, drop_before=1)
    try:
        yield
    finally:
        switch(stack, drop_before=0)


def switch(stack: Stack, **switches: float) -> None:
    requests.post(f"{stack.sandbox_url}/sandbox/faults", json=switches, timeout=10).raise_for_status()


@pytest.fixture
def source(page: Page) -> str:
    """The address of a data source of owner@example.org, who is signed in."""
    sign_in(page, "owner")
    page.goto(MINE)
    return page.locator("#source-table tbody a").first.get_attribute("href") or ""


def test_a_wrong_password_is_told_where_the_eye_is_and_the_address_stays(page: Page, stack: Stack) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill("owner@example.org")
    page.get_by_label("Password").fill("not this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Check the e-mail address and the password")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("owner@example.org")
    expect(page.get_by_label("Password")).to_have_value("")


def test_a_session_that_ends_over_a_form_is_renewed_in_place_and_the_form_arrives(
    page: Page, stack: Stack, source: str
) -> None:
    page.goto(f"{source}edit/")
    page.get_by_label("Display name").fill("Typed before “it” ended")
    requests.post(f"{stack.sandbox_url}/sandbox/sessions/expire", json={}, timeout=10).raise_for_status()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing you typed is lost")).to_be_visible()
    page.get_by_label("Password").fill("sandbox-owner")
    page.get_by_role("button", name="Sign in and go on").click()
    expect(page.get_by_text("Saved: display name")).to_be_visible()
    expect(page.get_by_role("heading", name="Typed before “it” ended")).to_be_visible()


def test_an_aurorax_that_is_down_keeps_what_is_typed_until_it_is_back(
    page: Page, stack: Stack, source: str
) -> None:
    page.goto(f"{source}edit/")
    page.get_by_label("Display name").fill("Typed while it was down")
    with aurorax_down(stack):
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name=NO_ANSWER)).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Saved: display name")).to_be_visible()


def test_a_schema_row_that_cannot_be_added_now_leaves_the_others_as_they_are(
    page: Page, stack: Stack, source: str
) -> None:
    page.goto(f"{source}edit/")
    schema = page.locator("#ephemeris-metadata-schema")
    names = schema.get_by_label("Field name")
    there = names.count()
    schema.get_by_role("button", name="Add a row to").click()
    expect(names).to_have_count(there + 1)
    names.last.fill("typed_before")
    with aurorax_down(stack):
        schema.get_by_role("button", name="Add a row to").click()
        expect(schema.get_by_role("alert")).to_contain_text(NO_ANSWER)
        expect(names.last).to_have_value("typed_before")
    schema.get_by_role("button", name="Add a row to").click()
    expect(names).to_have_count(there + 2)
    expect(names.nth(there)).to_have_value("typed_before")
    expect(schema.get_by_role("alert")).to_have_count(0)


def test_a_filter_that_cannot_be_answered_says_so_and_works_again_afterwards(
    page: Page, stack: Stack, source: str
) -> None:
    page.goto("/sources/")
    with aurorax_down(stack):
        page.get_by_label("Show record counts").check()  # the list itself is remembered for half a minute
        expect(page.locator("#source-table").get_by_role("alert")).to_contain_text(NO_ANSWER)
        expect(page.get_by_role("navigation", name="Main")).to_have_count(1)
    page.get_by_label("Program").select_option("themis-asi")
    expect(page.locator("#source-table tbody tr").first).to_be_visible()


def test_a_filter_that_makes_no_sense_says_so_while_it_is_typed(page: Page, source: str) -> None:
    page.goto("/activity/")
    events = page.locator("#event-table")
    page.get_by_label("Data source", exact=True).press_sequentially("x")
    expect(events).to_contain_text("Nothing was looked for Data source: Write the number of a data source")
    expect(page.get_by_label("Data source", exact=True)).to_be_focused()
    page.get_by_label("Data source", exact=True).fill(source.strip("/").rpartition("/")[2])
    expect(events).not_to_contain_text("Nothing was looked for")
    page.goto("/activity/?source=x")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Data source: Write the number").click()
    expect(page.get_by_label("Data source", exact=True)).to_be_focused()


def test_a_file_of_100_mb_is_refused_with_the_limit_and_the_form_is_there_again(
    page: Page, source: str, tmp_path: Path
) -> None:
    file = tmp_path / "year.csv"
    with file.open("wb") as large:
        large.truncate(100 * 1024 * 1024)
    page.goto(f"{source}ephemeris/upload/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The file is larger than 64 MB.")
    expect(page.get_by_label("File")).to_be_visible()
    page.goto("/uploads/")
    expect(page.get_by_role("heading", name="Uploads")).to_be_visible()
    expect(page.get_by_text("year.csv")).to_have_count(0)
