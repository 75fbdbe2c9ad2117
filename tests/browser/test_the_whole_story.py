"""What a provider does from the first sign-in to the last deletion, in a browser, against the sandbox."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.support.stack import Stack

pytestmark = pytest.mark.browser

IDENTITY = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
}
FIELDS = ["example_meta1", "example_meta2"]
DAY = "2020-01-01"


def test_owner_and_maintainer_publish_and_remove_an_instrument(
    page: Page, stack: Stack, tmp_path: Path
) -> None:
    sign_in(page, "owner")
    source = create_the_documentations_source(page)
    add_maintainer(page, source)
    sign_out(page)

    sign_in(page, "maintainer")
    upload(page, source, "Upload ephemeris", a_day_of_ephemeris(tmp_path), "Send 1,440 ")
    edit_one_record(page)
    upload(page, source, "Upload data products", the_documentations_products(tmp_path), "Send 2 ")
    assert_aurorax_holds(stack, ephemeris=1440, products=2)
    sign_out(page)

    sign_in(page, "owner")
    be_told_that_data_remains(page, source)
    delete_everything(page, "1,440 ephemeris records")
    be_told_that_data_remains(page, source)
    delete_everything(page, "2 data products")
    delete_source(page, source)

    assert_aurorax_holds(stack, ephemeris=0, products=0)
    assert requests.get(f"{stack.sandbox_url}{source_path(source)}", timeout=60).status_code == 404


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(f"sandbox-{name}")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()


def create_the_documentations_source(page: Page) -> int:
    """The example of AuroraX's documentation, with two metadata fields in each schema. Returns its identifier."""
    page.goto("/sources/")
    page.get_by_role("button", name="New data source").click()
    page.get_by_label("Program").fill(IDENTITY["program"])
    page.get_by_label("Platform").fill(IDENTITY["platform"])
    page.get_by_label("Instrument type").fill(IDENTITY["instrument_type"])
    page.get_by_label("Source type").select_option("ground")
    page.get_by_label("Display name").fill("Example Instrument")
    for heading in ("Ephemeris metadata schema", "Data product metadata schema"):
        fill_in_schema(page.locator(".card", has=page.get_by_role("heading", name=heading)))
    page.get_by_role("button", name="Create data source").click()
    expect(page.get_by_role("heading", name="Example Instrument")).to_be_visible()
    found = re.search(r"/sources/(\d+)/", page.url)
    assert found
    return int(found[1])


def fill_in_schema(schema: Locator) -> None:
    """Add a row in place for each metadata field."""
    for place, name in enumerate(FIELDS):
        schema.get_by_role("button", name="Add a row to").click()
        row = schema.get_by_role("group").nth(place)
        row.get_by_label("Field name").fill(name)
        row.get_by_label(re.compile("^Description")).fill(f"example metadata field {place + 1}")
        row.get_by_label("Data type").fill("string")


def add_maintainer(page: Page, source: int) -> None:
    page.goto(f"/sources/{source}/")
    page.get_by_label("Data source", exact=True).get_by_role("link", name="Maintainers").click()
    page.get_by_label("E-mail address").fill("maintainer@example.org")
    page.get_by_role("button", name="Add maintainer").click()
    expect(page.get_by_role("cell", name="maintainer@example.org")).to_be_visible()


def upload(page: Page, source: int, link: str, file: Path, button: str) -> None:
    """From the source's page to the word "Verified" and the records read back."""
    page.goto(f"/sources/{source}/")
    page.get_by_role("link", name=link).click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_role("button", name=re.compile(button)).click()
    expect(page.get_by_role("heading", name="Verified")).to_be_visible()
    expect(page.get_by_role("heading", name="Read back from AuroraX")).to_be_visible()


def a_day_of_ephemeris(folder: Path) -> Path:
    """A CSV of 1,440 records, one a minute."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    lines = ["epoch,location_geo.lat,location_geo.lon,metadata.example_meta1,metadata.example_meta2"]
    for minute in range(1440):
        epoch = start + timedelta(minutes=minute)
        lines.append(f"{epoch:%Y-%m-%dT%H:%M:%S},51.05,-114.07,testing{minute},testing2")
    file = folder / "day.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def the_documentations_products(folder: Path) -> Path:
    """The two keograms of the documentation's example, as JSON in the API's own shape."""
    records = [
        {
            **IDENTITY,
            "data_product_type": "keogram",
            "start": f"2020-01-0{day}T00:00:00",
            "end": f"2020-01-0{day}T23:59:59",
            "url": f"example{day}.jpg",
            "metadata": {name: f"example{place}" for place, name in enumerate(FIELDS, start=1)},
        }
        for day in (1, 2)
    ]
    file = folder / "products.json"
    file.write_text(json.dumps(records))
    return file


def edit_one_record(page: Page) -> None:
    """From the records read back to one record, and its metadata changed as in the documentation."""
    page.get_by_role("link", name="Browse that day").click()
    page.get_by_role("link", name="2020-01-01 00:00:00").click()
    page.get_by_role("link", name="Edit record").click()
    page.get_by_label("example_meta1").fill("testing1_updated")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("testing1_updated")).to_be_visible()


def be_told_that_data_remains(page: Page, source: int) -> None:
    """Try to delete the source; AuroraX refuses, and the page leads to what has to go first."""
    page.goto(f"/sources/{source}/")
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Delete", exact=True).click()
    page.get_by_label("Type the display name or the identifier").fill("Example Instrument")
    page.get_by_role("button", name="Delete data source").click()
    expect(page.get_by_role("alert")).to_contain_text("Delete its records first")


def delete_everything(page: Page, what: str) -> None:
    """Follow the way forward, choose the whole span, look at what it covers, and delete it."""
    page.get_by_role("link", name=what).click()
    page.get_by_label("Start").fill("2020-01-01T00:00:00")
    page.get_by_label("End").fill("2020-01-02T23:59:59")
    page.get_by_role("button", name="Show what this covers").click()
    page.get_by_label("Number of records").fill(what.split(maxsplit=1)[0])
    page.get_by_role("button", name=f"Delete {what}").click()
    expect(page.get_by_role("heading", name="Deleted and checked")).to_be_visible()


def delete_source(page: Page, source: int) -> None:
    page.goto(f"/sources/{source}/delete/")
    page.get_by_label("Type the display name or the identifier").fill("Example Instrument")
    page.get_by_role("button", name="Delete data source").click()
    expect(page).to_have_url(re.compile("/sources/$"))


def source_path(source: int) -> str:
    return f"/api/v1/data_sources/{source}"


def assert_aurorax_holds(stack: Stack, *, ephemeris: int, products: int) -> None:
    """Ask the sandbox itself, not the portal."""
    query = {"data_sources": {"programs": [IDENTITY["program"]]}}
    span = {"start": f"{DAY}T00:00:00", "end": "2020-01-02T23:59:59"}
    for kind, count in (("ephemeris", ephemeris), ("data_products", products)):
        url = f"{stack.sandbox_url}/api/v1/{kind}/search_synchronous"
        answer = requests.post(url, json={"query": query | span}, timeout=60)
        assert len(answer.json()) == count, answer.text[:500]
