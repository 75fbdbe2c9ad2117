"""`make screenshots`: every page of the catalogue, light and dark, on a telephone and on a desk, into var/screenshots.

With names of pages it takes only those: `python -m tests.catalogue.screenshots upload-checked receipt`. Whatever is taken,
the pictures of docs/tour.md among it are copied to docs/images.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.catalogue.pages import PAGES, Page
from tests.catalogue.stack import PreparedStack
from tests.support.stack import ROOT

FOLDER = ROOT / "var/screenshots"
IMAGES = ROOT / "docs/images"
WIDTHS = {390: 844, 1280: 900}  # and the height of the window, in pixels
THEMES = ("light", "dark")
TALLEST = 2400  # pixels; what is below is more of the same
# Pages of the tour: by name, the theme and the width in which they are shown there.
TOUR: dict[str, tuple[str, int]] = {
    "overview-maintainer": ("light", 1280),
    "source-counted": ("light", 1280),
    "ephemeris": ("dark", 1280),
    "ephemeris-map": ("light", 1280),
    "products": ("dark", 1280),
    "upload-needs-columns": ("light", 1280),
    "upload-checked": ("light", 1280),
    "upload-verified": ("dark", 1280),
    "upload-receipt": ("light", 1280),
    "deletion-ready": ("light", 1280),
    "activity-event": ("light", 1280),
    "permissions": ("light", 390),
}
TOUR_HEIGHT = 900  # pixels
HEAVIEST = 150_000  # bytes of one picture


def main(names: Sequence[str]) -> None:
    """Take the pictures."""
    wanted = [page for page in PAGES if not names or page.name in names]
    with (
        tempfile.TemporaryDirectory() as folder,
        PreparedStack(Path(folder), SANDBOX_SEED="full").prepared() as stack,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for theme in THEMES:
            _take(browser, stack, theme, wanted)
        browser.close()
    for page in wanted:
        if page.name in TOUR:
            _copy_to_tour(page.name, *TOUR[page.name])
    print(f"{len(wanted) * len(THEMES) * len(WIDTHS)} pictures are in {FOLDER.relative_to(ROOT)}.")


def _take(browser: Browser, stack: PreparedStack, theme: str, pages: Sequence[Page]) -> None:
    """All pages in one theme, each opened once and shown in every width."""
    context = browser.new_context(
        color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    tab = context.new_page()
    for page in pages:
        tab.set_viewport_size({"width": 1280, "height": 900})
        stack.open(tab, page)
        tab.wait_for_load_state("networkidle")
        for width, height in WIDTHS.items():
            tab.set_viewport_size({"width": width, "height": height})
            _picture(tab, FOLDER / f"{theme}-{width}" / f"{page.name}.png", width)
    context.close()


def _picture(tab: Tab, path: Path, width: int) -> None:
    height = min(int(tab.evaluate("document.documentElement.scrollHeight")), TALLEST)
    tab.set_viewport_size({"width": width, "height": height})
    path.parent.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=path)


def _copy_to_tour(name: str, theme: str, width: int) -> None:
    """The upper part of a page as WebP, as good as its weight allows."""
    target = IMAGES / f"{name}.webp"
    with Image.open(FOLDER / f"{theme}-{width}" / f"{name}.png") as picture:
        upper = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TOUR_HEIGHT)))
        for quality in (90, 80, 70, 60, 50):
            upper.save(target, quality=quality, method=6)
            if target.stat().st_size <= HEAVIEST:
                return
    raise SystemExit(f"{target} weighs more than {HEAVIEST:,} bytes.")


if __name__ == "__main__":
    main(sys.argv[1:])
