"""An Administrator finds who deleted something, and puts it back: in a few clicks from the overview."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.aurorax import AuroraX, AuroraXCredential, DataSource, EphemerisRecord
from apps.aurorax.polling import until
from tests.browser.test_the_whole_story import sign_in, sign_out
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

DAY = datetime(2020, 1, 1, tzinfo=UTC)
MOST_CLICKS = 5


class Clicks:
    """Counts what a person presses and chooses."""

    def __init__(self) -> None:
        self.count = 0

    def press(self, where: Locator) -> None:
        self.count += 1
        where.click()

    def choose(self, where: Locator, what: str) -> None:
        self.count += 1
        where.select_option(label=what)


def test_who_deleted_something_and_put_it_back_in_five_clicks(page: Page, stack: Stack) -> None:
    aurorax = AuroraX(AuroraXCredential("api_key", "sandbox-key-admin"), base_url=stack.sandbox_url)
    source = filled_source(aurorax)
    before = until(lambda: held(aurorax, source), lambda found: len(found) == 10, seconds=60)
    sign_in(page, "owner")
    delete_all_of_it(page, source)
    sign_out(page)
    assert held(aurorax, source) == []

    sign_in(page, "admin")
    clicks = Clicks()
    clicks.press(page.get_by_role("link", name="Activity"))
    clicks.choose(page.get_by_label("Kind"), "Delete ephemeris records")
    row = page.get_by_role("row").filter(has_text=source.display_name)
    expect(row).to_have_count(1)
    expect(row).to_contain_text("owner@example.org")
    expect(row).to_contain_text("the wrong camera")
    clicks.press(row.get_by_role("button", name=re.compile("^Restore")))
    clicks.press(page.get_by_role("button", name=re.compile("^Send 10 new records")))
    expect(page.get_by_role("heading", name="Verified")).to_be_visible()
    assert held(aurorax, source) == before
    assert clicks.count <= MOST_CLICKS


def filled_source(aurorax: AuroraX) -> DataSource:
    """A data source of the owner's with ten minutes of records."""
    source = aurorax.sources.create(
        {
            "program": "put-back",
            "platform": "put-back",
            "instrument_type": "imager",
            "source_type": "ground",
            "display_name": "Camera to put back",
            "owner": "owner@example.org",
        }
    )
    records = [EphemerisRecord(DAY + timedelta(minutes=n)) for n in range(10)]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    return source


def held(aurorax: AuroraX, source: DataSource) -> list[dict[str, object]]:
    return [each.to_api() for each in aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))]


def delete_all_of_it(page: Page, source: DataSource) -> None:
    page.goto(
        f"/sources/{source.identifier}/ephemeris/delete/?start=2020-01-01T00:00:00&end=2020-01-01T23:59:00"
    )
    page.get_by_role("button", name="Show what this covers").click()
    page.get_by_label("Number of records").fill("10")
    page.get_by_label("Why").fill("the wrong camera")
    page.get_by_role("button", name="Delete 10 ephemeris records").click()
    expect(page.get_by_role("heading", name="Deleted and checked")).to_be_visible()
