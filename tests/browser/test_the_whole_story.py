"""What a provider does from the first sign-in to the last deletion, in a browser, against the sandbox."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.support.stack import Stack

pytestmark = pytest.mark.browser

FIELDS = ["example_meta1", "example_meta2"]
MIDNIGHT = datetime(2020, 1, 1)  # noqa: DTZ001 - AuroraX writes UTC without a zone
API = "/api/v1"


def test_owner_and_maintainer_publish_and_remove_an_instrument(page: Page, stack: Stack, tmp_path: Path) -> None:
    sign_in(page, "owner")
    source = create_the_documentations_source(page)
    add_maintainer(page, source, "maintainer@example.org")
    sign_out(page)

    sign_in(page, "maintainer")
    upload(page, source, "Upload ephemeris", a_day_of_ephemeris(tmp_path), "1,440")
    edit_one_record(page, source)
    upload(page, source, "Upload data products", the_documentations_products(tmp_path), "2")
    sign_out(page)

    sign_in(page, "owner")
    be_told_that_data_remains(page, source)
    delete_ephemeris(page, source)
    delete_products(page, source)
    delete_source(page, source)

    assert_nothing_is_left(stack, source)


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    form = page.locator("form", has=page.get_by_label("Password"))
    form.get_by_label("E-mail address").fill(f"{name}@example.org")
    form.get_by_label("Password").fill(f"sandbox-{name}")
    form.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
