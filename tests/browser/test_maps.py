"""Maps as Chromium draws them: with and without JavaScript, by toggles and by address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_the_whole_story import sign_in
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

DAY = "/sources/3/ephemeris/map/?start=2020-01-01T00:00:00"
NARROW = 390  # pixels


@pytest.fixture
def without_javascript(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """Somebody signed in whose browser runs no scripts."""
    context = chromium.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "owner")
    yield page
    context.close()


@pytest.fixture
def signed_in(page: Page) -> Page:
    """Somebody signed in."""
    sign_in(page, "owner")
    return page


def test_tracks_go_and_come_with_their_boxes(signed_in: Page) -> None:
    signed_in.goto(DAY)
    dashed = signed_in.locator(".map-picture.is-world .is-dashed")
    expect(dashed).to_be_visible()
    signed_in.get_by_label("North B-trace").uncheck()
    expect(dashed).to_be_hidden()
    expect(signed_in.locator(".map-picture.is-world .is-solid")).to_be_visible()
    signed_in.get_by_label("North B-trace").check()
    expect(dashed).to_be_visible()


def test_one_picture_can_be_shown_large(signed_in: Page) -> None:
    signed_in.goto(DAY)
    south, world = (signed_in.locator(f".map-picture.is-{name}") for name in ("south", "world"))
    before = south.bounding_box()
    signed_in.get_by_label("South", exact=True).check()
    expect(world).to_be_hidden()
    after = south.bounding_box()
    assert before
    assert after
    assert after["width"] > 1.5 * before["width"]


def test_without_javascript_an_address_keeps_what_was_chosen(without_javascript: Page) -> None:
    page = without_javascript
    page.goto(DAY)
    page.get_by_label("Geographic location").uncheck()
    page.get_by_label("North", exact=True).check()
    page.get_by_role("button", name="Show").click()
    assert "tracks=nbtrace&tracks=sbtrace&picture=north" in page.url
    expect(page.locator(".map-picture.is-north .is-solid")).to_be_hidden()
    expect(page.locator(".map-picture.is-world")).to_be_hidden()
    expect(page.get_by_label("South B-trace")).to_be_checked()


def test_the_page_of_a_day_has_its_map_soon_after(signed_in: Page) -> None:
    signed_in.goto("/sources/3/ephemeris/?day=2020-01-01")
    expect(signed_in.locator("#day-map .map-picture")).to_have_count(3)
    signed_in.get_by_role("link", name="Larger map, with positions").click()
    expect(signed_in.get_by_label("Start (UTC)")).to_have_value("2020-01-01T00:00:00")


def test_without_javascript_the_page_of_a_day_leads_to_its_map(without_javascript: Page) -> None:
    without_javascript.goto("/sources/3/ephemeris/?day=2020-01-01")
    without_javascript.get_by_role("link", name="Map of this day").click()
    expect(without_javascript.locator(".map-picture")).to_have_count(3)


def test_coastlines_are_loaded_and_lie_under_the_tracks(signed_in: Page) -> None:
    loaded = []
    signed_in.on("response", lambda answer: loaded.append((answer.status, answer.url.rpartition("/")[2])))
    signed_in.goto(DAY)
    signed_in.wait_for_load_state("networkidle")
    maps = {name.partition(".")[0] for status, name in loaded if name.endswith(".svg") and status == 200}
    assert {"world", "north", "south"} <= maps
    boxes = signed_in.locator(".map-picture image").evaluate_all(
        "all => all.map(each => each.getBBox().width)"
    )
    assert boxes == [720, 360, 360]


def test_sites_are_found_after_the_page_and_lead_to_their_sources(signed_in: Page) -> None:
    signed_in.goto("/")
    signed_in.get_by_role("link", name="Map of ground sources").click()
    pin = signed_in.locator(".map-picture.is-region .map-pin")
    expect(pin).to_have_count(1)
    pin.focus()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("tr:target")).to_contain_text("gillam")
    signed_in.locator("tr:target").get_by_role("link", name="TREx RGB GILL").click()
    expect(signed_in).to_have_url(f"{signed_in.url.partition('/sources')[0]}/sources/103/")


@pytest.mark.parametrize("address", [DAY, "/sources/map/?located=on", "/sources/3/ephemeris/?day=2020-01-01"])
def test_on_a_telephone_nothing_is_wider_than_the_screen(signed_in: Page, address: str) -> None:
    signed_in.set_viewport_size({"width": NARROW, "height": 844})
    signed_in.goto(address)
    expect(signed_in.locator(".map-picture.is-world")).to_be_visible()
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= NARROW
