"""The overview as Chromium shows it: counts come by themselves, and so does what an upload does."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_the_whole_story import sign_in

pytestmark = pytest.mark.browser


def test_counts_come_after_the_page_and_lead_to_the_calendar(page: Page) -> None:
    sign_in(page, "maintainer")
    link = page.get_by_role("link", name="Ephemeris by month: 2020-01.").first
    expect(link).to_be_visible()
    expect(page.get_by_text("counting…")).to_have_count(0)
    link.click()
    page.wait_for_url("**/availability/")
    expect(page.locator("[data-calendar]").first).to_be_visible()


def test_without_a_script_a_link_counts(context: BrowserContext, page: Page) -> None:
    sign_in(page, "maintainer")
    browser = context.browser
    assert browser
    plain = browser.new_context(
        base_url=page.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    without = plain.new_page()
    without.goto("/")
    expect(without.locator(".heat")).to_have_count(0)
    without.get_by_role("link", name="Count the records").first.click()
    expect(without.locator(".heat").first).to_be_visible()
    plain.close()


def test_a_checked_file_shows_its_days_and_waits_on_the_overview(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "two-days.csv"
    file.write_text("epoch,lat,lon\n2020-01-02T23:59:00,50,-114\n2020-01-03T00:00:00,50,-114\n")
    sign_in(page, "maintainer")
    page.goto("/sources/103/ephemeris/upload/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/uploads/**")
    told = page.locator("#change-calendar [data-calendar-day]")
    page.locator("#change-calendar path:has(title:text('2020-01-03'))").hover()
    expect(told).to_have_text("2020-01-03: 0 now, 1 then (1 new)")
    page.locator("#change-calendar a[href$='day=2020-01-02']").hover()
    expect(told).to_have_text("2020-01-02: 1,440 now, 1,440 then (1 changed)")

    page.goto("/")
    item = page.get_by_role("listitem").filter(has_text="two-days.csv")
    item.get_by_role("link", name="Decide").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    page.goto("/")
    expect(page.locator(".coverage-strip").first).to_be_visible()
    expect(page.get_by_text("two-days.csv")).to_have_count(0)
    expect(page.get_by_role("link", name="Decide")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 768])
def test_only_the_table_scrolls_sideways_on_a_narrow_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "owner")
    expect(page.locator(".coverage-strip").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
