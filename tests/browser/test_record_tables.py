"""Tables of records with the keyboard, with a mouse, and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_the_whole_story import sign_in
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

DAY = "/sources/3/ephemeris/?day=2020-01-01"
STOP = "[data-record-table] [tabindex='0']"


@pytest.fixture
def table(page: Page) -> Page:
    """A day of Swarm A: 1,440 records."""
    sign_in(page, "maintainer")
    page.goto(DAY)
    return page


@pytest.fixture
def without_javascript(chromium: Browser, stack: Stack) -> Iterator[Page]:
    context = chromium.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "maintainer")
    yield page
    context.close()


def focused_row(page: Page) -> str:
    """The heading of the row that has the focus."""
    return str(page.evaluate("document.activeElement.closest('tr').querySelector('th').innerText.trim()"))


def test_one_tab_stop_and_the_keyboard_does_the_rest(table: Page) -> None:
    expect(table.locator(STOP)).to_have_count(1)
    table.locator(STOP).focus()
    for key, row in [
        ("ArrowDown", "00:01"),
        ("ArrowDown", "00:02"),
        ("ArrowUp", "00:01"),
        ("ArrowRight", "00:01"),
        ("End", "01:39"),
        ("ArrowDown", "01:39"),
        ("Home", "00:00"),
    ]:
        table.keyboard.press(key)
        assert focused_row(table) == f"2020-01-01 {row}:00"
        expect(table.locator(STOP)).to_be_focused()
    table.keyboard.press("PageDown")
    assert focused_row(table) > "2020-01-01 00:05:00"
    table.keyboard.press("PageUp")
    assert focused_row(table) == "2020-01-01 00:00:00"

    bar = table.locator("[data-selection]")
    table.keyboard.press("Space")
    expect(bar).to_contain_text("1 selected on 1 page")
    expect(table.locator("[data-selection-said]")).to_have_text("1 selected on 1 page")
    assert focused_row(table) == "2020-01-01 00:00:00"
    table.keyboard.press("Enter")
    table.wait_for_url("**/sources/3/ephemeris/2020-01-01T00:00:00/")


def test_tab_leaves_the_table(table: Page) -> None:
    table.locator(STOP).focus()
    table.keyboard.press("Tab")
    assert table.evaluate("document.activeElement.closest('[data-record-table]')") is None


def test_a_selection_goes_along_from_page_to_page(table: Page) -> None:
    bar, page_box = table.locator("[data-selection]"), table.locator("[data-tick-page]")
    table.get_by_label("Select 2020-01-01 00:03:00").check()
    expect(bar).to_contain_text("1 selected on 1 page")
    assert page_box.evaluate("box => box.indeterminate")
    table.get_by_role("button", name="Select this page").click()
    expect(bar).to_contain_text("100 selected on 1 page")
    expect(page_box).to_be_checked()

    table.get_by_role("link", name="Next", exact=True).click()
    table.get_by_label("Select 2020-01-01 01:41:00").check()
    expect(bar).to_contain_text("101 selected on 2 pages")
    table.reload()
    expect(table.get_by_label("Select 2020-01-01 01:41:00")).to_be_checked()

    table.get_by_role("button", name="Select all 1,440 that match").click()
    expect(bar).to_contain_text("All 1,440 that match are selected")
    table.get_by_label("Select 2020-01-01 01:41:00").uncheck()
    expect(bar).to_contain_text("1,439 selected: all that match but 1")
    table.get_by_role("button", name="Clear").click()
    expect(bar).to_contain_text("Nothing selected")


def test_the_last_of_many_quick_ticks_is_counted(table: Page) -> None:
    def answer_late(route: Route) -> None:
        table.wait_for_timeout(300)
        route.continue_()

    table.route("**/ephemeris/selection/**", answer_late)
    table.evaluate(
        "[...document.querySelectorAll('[data-record-table] tbody input')].slice(0, 5).forEach((tick) => tick.click())"
    )
    expect(table.locator("[data-selection]")).to_contain_text("5 selected on 1 page")


def test_headings_and_the_first_column_stay_while_the_table_scrolls(table: Page) -> None:
    table.set_viewport_size({"width": 390, "height": 844})
    box = table.locator(".records-box")
    heading, epoch = box.locator("thead .row-heading"), box.locator("tbody .row-heading").nth(40)
    epoch.scroll_into_view_if_needed()
    box.evaluate("box => box.scrollLeft = 300")
    frame, top, left = box.bounding_box(), heading.bounding_box(), epoch.bounding_box()
    assert frame
    assert top
    assert left
    assert top["y"] == pytest.approx(frame["y"], abs=3)
    assert left["x"] - frame["x"] < 60
    assert table.evaluate("document.documentElement.scrollWidth") == 390


def test_nothing_moves_while_a_page_loads_and_while_one_selects(table: Page) -> None:
    table.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { moved += entry.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    table.goto(DAY)
    expect(table.get_by_label("Days with records")).to_be_visible()
    table.get_by_label("Select 2020-01-01 00:03:00").check()
    expect(table.locator("[data-selection]")).to_contain_text("1 selected")
    table.wait_for_timeout(700)  # shifts right after an input do not count, so wait until one would
    assert table.evaluate("moved") < 0.01


def test_a_page_is_copied_as_csv(table: Page) -> None:
    table.context.grant_permissions(["clipboard-read", "clipboard-write"])
    table.get_by_role("link", name="Copy page as CSV").click()
    expect(table.locator(".copy-note")).to_have_text("Copied 100 records as CSV.")
    copied = table.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("epoch,location_geo.lat,location_geo.lon,")
    assert copied.count("\n") == 101


def test_where_a_page_may_not_copy_a_person_can(table: Page) -> None:
    table.add_init_script("delete Navigator.prototype.clipboard")
    table.goto(DAY)
    table.get_by_role("link", name="Copy page as CSV").click()
    text = table.get_by_label("Records as CSV")
    expect(text).to_be_focused()
    assert text.evaluate("area => area.selectionEnd - area.selectionStart === area.value.length")
    table.keyboard.press("Escape")
    expect(text).to_have_count(0)


def test_copying_what_has_changed_meanwhile_shows_why_not(table: Page) -> None:
    table.context.grant_permissions(["clipboard-read", "clipboard-write"])
    table.get_by_label("Select 2020-01-01 00:03:00").check()
    expect(table.locator("[data-selection]")).to_contain_text("1 selected")
    selected = table.locator(".selection-bar a[data-copy]")
    selected.evaluate("link => link.href = link.href.replace('2020-01-01', '2020-01-02')")
    selected.click()
    expect(table.get_by_text("Nothing is selected here. Tick some records first.")).to_be_visible()


def test_without_javascript_ticks_and_columns_are_kept_by_buttons(without_javascript: Page) -> None:
    page = without_javascript
    page.goto(DAY)
    page.get_by_label("Select 2020-01-01 00:03:00").check()
    page.get_by_role("button", name="Keep these ticks").click()
    expect(page.locator("[data-selection]")).to_contain_text("1 selected on 1 page")
    expect(page.get_by_label("Select 2020-01-01 00:03:00")).to_be_checked()

    page.locator("summary", has_text="Columns").click()
    page.get_by_label("GSM location").uncheck()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="GSM location")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="North B-trace").first).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "ephemeris-of-3-2020-01-01-selection.csv"
