"""The availability calendar with the keyboard alone, and as Chromium draws it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

STOP = '[data-calendar] a[tabindex="0"]'


@pytest.fixture
def calendar(page: Page) -> Page:
    """The ephemeris of TREx RGB Gillam, who has records on 1 and 2 January 2020, with its calendar loaded."""
    page.goto("/sign-in/")
    page.fill("input[name=email]", "user@example.org")
    page.fill("input[name=password]", "sandbox-user")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.goto("/sources/103/ephemeris/")
    expect(page.locator("[data-calendar]")).to_be_visible()
    return page


def test_one_tab_stop_arrows_move_and_enter_opens(calendar: Page) -> None:
    stop, told = calendar.locator(STOP), calendar.locator("[data-calendar-day]")
    expect(stop).to_have_count(1)
    expect(calendar.locator("[data-calendar]")).to_have_attribute("role", "application")
    calendar.get_by_role("link", name="Count anew").focus()
    calendar.keyboard.press("Tab")
    expect(stop).to_be_focused()
    expect(told).to_have_text("2020-01-02: 1,440")
    for key, day in [
        ("ArrowUp", "01"),
        ("ArrowDown", "02"),
        ("ArrowLeft", "01"),
        ("End", "02"),
        ("Home", "01"),
    ]:
        calendar.keyboard.press(key)
        expect(told).to_have_text(f"2020-01-{day}: 1,440")
        expect(stop).to_have_count(1)
        expect(stop).to_be_focused()
    calendar.keyboard.press("Tab")
    expect(calendar.locator("summary", has_text="by month")).to_be_focused()
    calendar.keyboard.press("Shift+Tab")
    calendar.keyboard.press("Enter")
    calendar.wait_for_url("**/sources/103/ephemeris/?day=2020-01-01")


def test_pointing_tells_and_clicking_opens(calendar: Page) -> None:
    told = calendar.locator("[data-calendar-day]")
    calendar.locator('path:has(title:text("2020-06-01: none"))').hover()
    expect(told).to_have_text("2020-06-01: none")
    calendar.locator('[data-calendar] a[href$="day=2020-01-02"]').click()
    calendar.wait_for_url("**/sources/103/ephemeris/?day=2020-01-02")


def test_the_table_says_the_same_without_a_script(calendar: Page) -> None:
    calendar.locator("summary", has_text="by month").click()
    link = calendar.get_by_role("link", name=re.compile("2020-01: 2,880"))
    expect(link).to_be_visible()
    link.click()
    calendar.wait_for_url("**/sources/103/ephemeris/?day=2020-01-01")


def test_nothing_of_it_makes_a_narrow_page_scroll_sideways(calendar: Page) -> None:
    calendar.set_viewport_size({"width": 390, "height": 800})
    assert calendar.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_calendar_brings_the_days_with_records_beside_it(calendar: Page) -> None:
    steps = calendar.locator("nav#day-steps")
    expect(steps).to_have_count(1)
    expect(steps).to_have_attribute("aria-label", "Days with records")
    expect(steps.get_by_role("link", name="Previous day")).to_be_visible()
    expect(calendar.locator("#availability nav")).to_have_count(0)
