"""An upload in a browser: columns mapped by hand, the dialect put right, and what may happen while it is sent."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from tests.browser.test_the_whole_story import sign_in
from tests.support.stack import Stack

pytestmark = pytest.mark.browser

START = datetime(2020, 1, 1, tzinfo=UTC)
SLOW = {"latency": 0.7, "only": "POST /api/v1/data_sources/*/ephemeris"}
LONG = 10_000  # records: twenty chunks, two at a time
numbers = count(1)


@pytest.fixture
def aurorax(stack: Stack) -> AuroraX:
    """AuroraX as the owner sees it."""
    return AuroraX(AuroraXCredential("api_key", "sandbox-key-owner"), stack.sandbox_url)


@pytest.fixture
def source(aurorax: AuroraX) -> DataSource:
    """A data source of the owner's without records."""
    platform = f"platform {next(numbers)}"
    return aurorax.sources.create(
        {
            "program": "in-a-browser", "platform": platform, "instrument_type": "imager", "source_type": "leo",
            "display_name": f"Uploads in a browser, {platform}",
        }
    )  # fmt: skip


def minutes(number: int) -> Iterable[str]:
    return (f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:00}" for n in range(number))


def csv_of(number: int) -> str:
    return "\n".join(["epoch,lat,lon", *(f"{minute},51.05,-114.07" for minute in minutes(number))])


def upload(page: Page, source: DataSource, text: str, folder: Path) -> None:
    """From signing in to the page of the upload."""
    file = folder / "records.csv"
    file.write_text(text)
    sign_in(page, "owner")
    page.goto(f"/sources/{source.identifier}/ephemeris/upload/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/uploads/*-*/")


def send(page: Page, label: str) -> None:
    page.get_by_role("button", name=re.compile(f"^Send {label}")).click()


def is_verified(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", name="Verified")).to_be_visible()
    expect(page).to_have_title(re.compile("^Verified · "))  # the tab tells it, too
    expect(page.locator("#upload-progress")).to_contain_text(
        f"All {number:,} ephemeris records were read back"
    )


def stored(aurorax: AuroraX, source: DataSource) -> list[tuple[str, float | None]]:
    found = aurorax.ephemeris.search(source, START, START + timedelta(days=40))
    return [
        (f"{each.epoch:%Y-%m-%dT%H:%M:%S}", each.location_geo.lat if each.location_geo else None)
        for each in found
    ]


@contextmanager
def slow(stack: Stack) -> Iterator[None]:
    with stack.sandbox.switched(**SLOW):
        yield


def test_columns_nobody_knows_are_mapped_by_hand_and_remembered(
    page: Page, source: DataSource, aurorax: AuroraX, tmp_path: Path
) -> None:
    text = "\n".join(["moment,breite,lon,temp"] + [f"{minute},51.05,-114.07,20" for minute in minutes(3)])
    upload(page, source, text, tmp_path)
    expect(page.get_by_role("heading", name="Columns nobody knows")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what this column is, or ignore it.")
    page.get_by_label("moment", exact=True).select_option("epoch")
    page.get_by_label("breite", exact=True).select_option("location_geo.lat")
    page.get_by_label("temp", exact=True).select_option(label="Ignore this column")
    page.get_by_role("button", name="Go on").click()
    send(page, "3 new records")
    is_verified(page, 3)
    assert stored(aurorax, source) == [(minute, 51.05) for minute in minutes(3)]

    upload(page, source, text.replace("51.05", "51.06"), tmp_path)
    send(page, "3 changed records")
    is_verified(page, 3)


def test_a_file_read_with_the_wrong_dialect_is_put_right_on_the_page(
    page: Page, source: DataSource, aurorax: AuroraX, tmp_path: Path
) -> None:
    whole = [f"{minute}\t51\t-114" for minute in minutes(3000)]
    rows = ["epoch\tlat\tlon", *whole, "2020-02-01T00:00:00\t51,05\t-114,07"]
    upload(page, source, "\n".join(rows), tmp_path)
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    expect(page.locator("#upload-problems")).to_contain_text("A decimal comma")
    page.get_by_text("Change how the file is read").click()
    page.get_by_label("Decimal mark").select_option("comma")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("#upload-problems")).to_have_count(0)
    send(page, "3,001 new records")
    is_verified(page, 3001)
    assert stored(aurorax, source)[-1] == ("2020-02-01T00:00:00", 51.05)


def test_an_upload_is_paused_and_goes_on_where_it_was(
    page: Page, stack: Stack, source: DataSource, aurorax: AuroraX, tmp_path: Path
) -> None:
    upload(page, source, csv_of(LONG), tmp_path)
    with slow(stack):
        send(page, "10,000 new records")
        expect(page.locator("progress.upload-bar")).to_be_visible()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    progress = page.locator("#upload-progress")
    expect(progress).to_contain_text(re.compile(r"[\d,]+ of 10,000 records are accepted"))
    page.get_by_role("button", name="Resume").click()
    is_verified(page, LONG)
    assert len(stored(aurorax, source)) == LONG


def test_the_page_may_be_closed_and_opened_on_another_machine(
    page: Page, context: BrowserContext, stack: Stack, source: DataSource, aurorax: AuroraX, tmp_path: Path
) -> None:
    upload(page, source, csv_of(LONG), tmp_path)
    with slow(stack):
        send(page, "10,000 new records")
        expect(page.locator("progress.upload-bar")).to_be_visible()
        address = page.url
        page.close()
        assert context.browser
        elsewhere = context.browser.new_context(base_url=stack.url)
        other = elsewhere.new_page()
        sign_in(other, "owner")
        other.goto(address)
        expect(other.locator("progress.upload-bar")).to_be_visible()
    is_verified(other, LONG)
    elsewhere.close()
    assert len(stored(aurorax, source)) == LONG


def test_a_sign_in_that_expires_in_the_middle_pauses_and_goes_on_after_the_next(
    page: Page, stack: Stack, source: DataSource, aurorax: AuroraX, tmp_path: Path
) -> None:
    upload(page, source, csv_of(LONG), tmp_path)
    with slow(stack):
        send(page, "10,000 new records")
        expect(page.locator("progress.upload-bar")).to_be_visible()
        stack.sandbox.expire_sessions()
        expect(page.get_by_role("heading", name=re.compile("Paused: sign-in needed"))).to_be_visible()
    expect(page.locator("#upload-progress")).to_contain_text(re.compile(r"of 10,000 records are accepted"))
    page.get_by_role("button", name="Sign in again and resume").click()
    page.get_by_label("Password").fill("sandbox-owner")
    page.get_by_role("button", name=re.compile("^Sign in and go on")).click()
    is_verified(page, LONG)
    assert len(stored(aurorax, source)) == LONG
