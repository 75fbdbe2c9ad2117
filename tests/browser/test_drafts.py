"""A long form in Chromium: kept while it is typed, asked about when it is left, offered on return."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.test_the_whole_story import sign_in

pytestmark = pytest.mark.browser


def test_leaving_asks_and_what_was_typed_is_there_on_return(page: Page) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if len(asked) == 1:
            dialog.dismiss()  # stay
        else:
            dialog.accept()

    sign_in(page, "owner")
    page.on("dialog", answer)
    page.goto("/sources/new/")
    page.get_by_label("Display name").fill("Half a name")
    page.get_by_role("button", name="Add a row to the ephemeris").click()
    row = page.get_by_role("group", name="Ephemeris metadata schema, row 1")
    row.get_by_label("Field name").press_sequentially("stat")
    expect(page.get_by_text("Nothing is sent yet.")).to_be_visible()

    page.get_by_role("link", name="Cancel").click(no_wait_after=True)
    expect(page.get_by_label("Display name")).to_have_value("Half a name")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/sources/")
    assert asked == ["beforeunload"] * 2

    page.goto("/sources/new/")
    expect(page.get_by_label("Display name")).to_have_value("")
    page.get_by_role("link", name="Go on with what you typed").click()
    expect(page.get_by_label("Display name")).to_have_value("Half a name")
    expect(row.get_by_label("Field name")).to_have_value("stat")

    page.get_by_label("Program").fill("draft-program")
    page.get_by_label("Platform").fill("draft-platform")
    page.get_by_label("Instrument type").fill("draft-imager")
    page.get_by_label("Source type").select_option("ground")
    page.get_by_role("button", name="Create data source").click()
    expect(page.get_by_text("is created.")).to_be_visible()
    assert asked == ["beforeunload"] * 2
    page.goto("/sources/new/")
    expect(page.get_by_text("did not send it")).to_have_count(0)
