"""Every page of the catalogue in Chromium: axe-core in light and dark, all widths, without motion, and its weight.

The suite looks at every fifth page, at the others on the next four days; `EVERY_PAGE=1`, as `make pages` has it, at all of them.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession
from playwright.sync_api import Page as Tab

from tests.browser.conftest import PATIENCE, is_fault
from tests.catalogue.pages import PAGES, Page
from tests.catalogue.stack import PreparedStack

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
RUN_AXE = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations.map(
  rule => `${rule.id}: ${rule.nodes.length} times, such as ${rule.nodes[0].html.slice(0, 200)} `
    + `(${rule.nodes[0].failureSummary.split("\\n").slice(1, 3).join(" ").trim()})`)"""
# And wait until it is painted so.
WEAR = """theme => {
  document.documentElement.dataset.bsTheme = theme;
  return new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)));
}"""
WIDTHS = (390, 640, 768, 1280, 1920)  # pixels; 640 is what 1280 are at a zoom of 200 %
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.outerHTML.slice(0, 120)).slice(-3)"""
MOVING = """() => document.getAnimations().filter(each => each.playState === "running")
  .map(each => each.effect.target.outerHTML.slice(0, 120))"""
FIRST_LOAD = 150_000  # bytes on the wire
TODAY = PAGES if os.environ.get("EVERY_PAGE") else PAGES[datetime.now(UTC).toordinal() % 5 :: 5]


class Weights:
    """What each address weighs on the wire, headers included, when it is not in the browser's cache."""

    def __init__(self, session: CDPSession) -> None:
        self.known: dict[str, int] = {}
        self._addresses: dict[str, str] = {}
        self._loaded: set[str] = set()
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")

    def begin(self) -> None:
        """From here on a new page."""
        self._loaded.clear()

    def of_page(self, origin: str) -> int:
        """The sum of everything from this origin that was loaded since."""
        return sum(self.known.get(address, 0) for address in self._loaded if address.startswith(origin))

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]
        self._loaded.add(event["request"]["url"])

    def _came(self, event: dict[str, Any]) -> None:
        address = self._addresses.get(event["requestId"], "")
        self.known[address] = max(self.known.get(address, 0), int(event["encodedDataLength"]))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedStack]:
    with PreparedStack(tmp_path_factory.mktemp("catalogue")).prepared() as stack:
        yield stack


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Tab]:
    """One tab for all pages, for somebody who wants no motion."""
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def weights(tab: Tab) -> Weights:
    return Weights(tab.context.new_cdp_session(tab))


@pytest.mark.parametrize("page", TODAY, ids=lambda page: page.name)
def test_page(page: Page, prepared: PreparedStack, tab: Tab, weights: Weights) -> None:
    faults: list[str] = []
    tab.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.set_viewport_size({"width": 1280, "height": 900})
    weights.begin()
    prepared.open(tab, page)
    weight = weights.of_page(prepared.url)
    if weight > FIRST_LOAD:
        faults.append(f"weighs {weight:,} bytes")
    faults += [f"moves: {each}" for each in tab.evaluate(MOVING)]
    faults += too_wide(tab) + found_by_axe(tab)
    assert not faults, "\n".join(faults)


def too_wide(tab: Tab) -> list[str]:
    """Widths at which the page scrolls sideways, and what sticks out."""
    faults = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        faults += [f"at {width} pixels sticks out: {each}" for each in tab.evaluate(TOO_WIDE)]
    return faults


def found_by_axe(tab: Tab) -> list[str]:
    """What axe-core finds in both themes. They differ in colours only, and so do their rules."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.evaluate(AXE.read_text())
    faults = []
    for theme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
        tab.evaluate(WEAR, theme)
        faults += [f"{theme}: {each}" for each in tab.evaluate(RUN_AXE, rules)]
    return faults
