"""Wrong rows mended with the keyboard alone, the same done to next month's file, and products out of their names."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.aurorax import AuroraX, DataSource
from tests.browser.keyboard import Keyboard
from tests.browser.test_the_whole_story import sign_in
from tests.browser.test_uploads import aurorax, send, source, upload  # noqa: F401

pytestmark = pytest.mark.browser
ROWS = [
    "epoch,lat,lon,metadata.state",
    "2020-01-01T00:00:00,51.05,-114.07,on",
    "2020-01-02T00:00:00,114.07,51.05,on",
]
SWAP = "Do this with all such rows"


def test_a_group_and_a_cell_are_mended_with_the_keyboard_and_next_month_in_one_press(
    page: Page,
    source: DataSource,  # noqa: F811
    aurorax: AuroraX,  # noqa: F811
    tmp_path: Path,
) -> None:
    keys = Keyboard(page)
    upload(page, source, "\n".join([*ROWS, "2020-01-03T00:00:00,north,-114.07,on"]), tmp_path)
    keys.link("Mend the wrong rows")
    keys.button(SWAP)
    expect(page.locator("#upload-problems")).to_contain_text("A value that was changed as you said")
    keys.link("Mend the wrong rows")
    cell = page.get_by_label("location_geo.lat, line 4")
    expect(cell).to_have_accessible_description("Not a number")
    keys.go_to(cell)
    keys.press("Control+a")
    page.keyboard.type("60.5")
    keys.press("Enter")
    send(page, "3 new records")
    expect(page.get_by_role("heading", name="Verified")).to_be_visible()

    upload(page, source, "\n".join(ROWS).replace("2020-01", "2020-02"), tmp_path)
    keys.link("Mend the wrong rows")
    keys.button("Do the same with this file")
    send(page, "2 new records")
    expect(page.get_by_role("heading", name="Verified")).to_be_visible()


def test_thirty_urls_become_products_by_a_pattern(
    page: Page,
    source: DataSource,  # noqa: F811
) -> None:
    sign_in(page, "owner")
    page.goto(f"/sources/{source.identifier}/products/upload/")
    page.get_by_role("link", name="Only a list of URLs?").click()
    urls = "\n".join(
        f"https://data.example.org/202001{day:02}__gako_rego-649_full-keogram.jpg" for day in range(1, 31)
    )
    page.get_by_label("URLs, one a line").fill(urls)
    page.get_by_role("button", name="Show what the names say").click()
    expect(page.get_by_text("30 names fit the pattern, 0 do not.")).to_be_visible()
    page.get_by_label("Pattern of the names").fill("{date:%Y%m%d}__{site}_{device}_full-keogram.jpg")
    page.get_by_role("button", name="Show what the names say").click()
    expect(page.get_by_text("site: gako, device: rego-649").first).to_be_visible()
    page.get_by_role("button", name="Upload 30 data products").click()
    send(page, "30 new records")
    expect(page.get_by_role("heading", name="Verified")).to_be_visible()
