"""Chromium, and a portal to point it at."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.support.stack import Stack

# Everything Chromium would otherwise say to the outside at its start is switched off.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 60_000  # milliseconds, for a machine that does much else; what is there is not waited for
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The portal with its worker and sandbox, as processes of their own."""
    settings = {
        "UPLOAD_MAX_MEGABYTES": "64",
        "UPLOAD_CHUNK_RECORDS": "500",
        "UPLOAD_CONNECTIONS": "2",
        "SANDBOX_INGEST_DELAY": "0.5",
    }
    with Stack(tmp_path_factory.mktemp("stack"), **settings).running() as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One headless Chromium, the system's own, for the tests of a module.

    Not for the whole session: as long as Playwright is there its event loop counts as running, and Django refuses to
    ask the database from within one.
    """
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "No Chromium found: apt-get install chromium, or name it in CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, stack: Stack) -> Iterator[BrowserContext]:
    """A fresh browser profile that starts at the portal; a page that logs an error to its console fails the test."""
    context = chromium.new_context(base_url=stack.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; script errors and refused content on it fail the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if is_fault(message) else None,
    )
    yield page
    assert not errors, errors


def is_fault(message: ConsoleMessage) -> bool:
    """Chromium logs every 4xx answer as an error, which forms answer on purpose, and 502, which says that AuroraX does
    not answer; everything else is a fault."""
    answered = ("the server responded with a status of 4", "the server responded with a status of 502")
    return message.type == "error" and not any(each in message.text for each in answered)
