"""The gallery as Chromium draws it: pictures in their places, and those that do not come."""

import time

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.test_the_whole_story import sign_in
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

DAY = "/sources/103/products/?first=2020-01-01&view=gallery"


@pytest.fixture
def gallery(page: Page, stack: Stack) -> Page:
    """A day of keograms of TREx RGB Gillam, of which two are gone, and a montage that is gone."""
    key = {"program": "trex", "platform": "gillam", "instrument_type": "RGB ASI"}
    montage = {
        "data_product_type": "montage",
        "start": "2020-01-01T03:00:00",
        "end": "2020-01-01T03:59:00",
        "url": f"{stack.sandbox_url}/gone/montage.jpg",
    }
    answer = requests.post(
        f"{stack.sandbox_url}/api/v1/data_sources/103/data_products",
        json=[key | montage],
        headers={"x-aurorax-api-key": "sandbox-key-admin"},
        timeout=60,
    )
    assert answer.status_code == 202  # and stored a little later
    sign_in(page, "user")
    montages = page.get_by_role("heading", name="Montages")
    deadline = time.monotonic() + 60
    page.goto(DAY)
    while not montages.count() and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        page.reload()
    expect(montages).to_be_visible()
    return page


def test_keograms_are_aligned_in_time(gallery: Page) -> None:
    day, hour = (
        gallery.get_by_role("img", name=f"Keogram, 2020-01-01 {times} UTC")
        for times in ("00:00 to 23:59", "03:00 to 03:59")
    )
    expect(hour).to_be_visible()
    whole, third = day.bounding_box(), hour.bounding_box()
    assert whole
    assert third
    assert third["width"] == pytest.approx(whole["width"] / 24, abs=1)
    assert third["x"] - whole["x"] == pytest.approx(whole["width"] * 3 / 24, abs=1)
    assert hour.evaluate("picture => picture.complete && picture.naturalWidth > 0")


def test_a_picture_that_does_not_come_says_so_and_keeps_its_link(gallery: Page, stack: Stack) -> None:
    address = f"{stack.sandbox_url}/gone/montage.jpg"
    told = gallery.get_by_text("Montage, 2020-01-01 03:00 to 03:59 UTC: cannot be shown")
    gallery.get_by_role("heading", name="Montages").scroll_into_view_if_needed()
    expect(told).to_contain_text(address)
    link = gallery.locator("a.tile-picture", has=told)
    assert link.get_attribute("href") == address
    assert link.evaluate("link => link.scrollWidth <= link.clientWidth")
    expect(gallery.locator("a.strip.is-broken")).to_have_count(2)


def test_no_picture_asks_with_a_referrer(gallery: Page, stack: Stack) -> None:
    referrers: list[str | None] = []
    gallery.on(
        "request",
        lambda request: (
            referrers.append(request.headers.get("referer"))
            if request.resource_type == "image" and request.url.startswith(stack.sandbox_url)
            else None
        ),
    )
    gallery.reload()
    gallery.locator("section").last.scroll_into_view_if_needed()
    gallery.wait_for_load_state("networkidle")
    assert referrers
    assert not any(referrers)


def test_one_switches_to_the_table_and_back(gallery: Page) -> None:
    gallery.get_by_role("link", name="Table", exact=True).click()
    expect(gallery.get_by_role("columnheader", name="Start (UTC)")).to_be_visible()
    gallery.get_by_role("link", name="Overview", exact=True).last.click()
    tabs = gallery.get_by_role("navigation", name="Data source")
    tabs.get_by_role("link", name="Data products").click()
    expect(gallery.get_by_role("columnheader", name="Start (UTC)")).to_be_visible()
    gallery.get_by_role("link", name="Gallery", exact=True).click()
    expect(gallery.locator("[data-gallery]")).to_be_visible()
