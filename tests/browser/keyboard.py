"""Somebody without a mouse: everything is reached with Tab, and where one is can be seen."""

import re
from pathlib import Path

from playwright.sync_api import ElementHandle, Locator, Page, expect
from playwright.sync_api import TimeoutError as Unseen

MOST = 250  # presses of Tab; who needs more has lost their way
IS_FOCUSED = "element => element === document.activeElement"
# What shows where the focus is: an outline, or the ring that Tabler draws as a shadow.
IS_SEEN = """element => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  return element.matches(":focus-visible") && ring && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


class Keyboard:
    """Presses keys on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Chromium hands file dialogs over from here on; asked only when one is due, it may be too late.
        page.on("filechooser", lambda _: None)

    def press(self, *keys: str) -> None:
        """Press these keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def wait_for_scripts(self) -> None:
        """Until the page's own keys work: nobody is quicker than its scripts."""
        self.page.wait_for_load_state("domcontentloaded")

    def go_to(self, control: Locator) -> None:
        """Press Tab until the control has the focus, which has to be in sight."""
        expect(control).to_have_count(1)
        self.wait_for_scripts()
        element = control.element_handle()
        for _ in range(MOST):
            if element.evaluate(IS_FOCUSED):
                break
            self.press("Tab")
        else:
            raise AssertionError(f"{control} cannot be reached with Tab.")
        self._see(element)

    def _see(self, element: ElementHandle) -> None:
        """Once the page has scrolled there."""
        try:
            self.page.wait_for_function(IS_SEEN, arg=element)
        except Unseen as error:
            raise AssertionError(f"Nobody sees that {element} has the focus.") from error

    def link(
        self, name: "str | re.Pattern[str]", within: "Locator | None" = None, *, exact: bool = False
    ) -> None:
        """Go to a link and follow it."""
        self.go_to((within or self.page).get_by_role("link", name=name, exact=exact))
        self.press("Enter")

    def button(
        self, name: "str | re.Pattern[str]", within: "Locator | None" = None, *, exact: bool = False
    ) -> None:
        """Go to a button and press it."""
        self.go_to((within or self.page).get_by_role("button", name=name, exact=exact))
        self.press("Enter")

    def write(self, label: "str | re.Pattern[str]", text: str, within: "Locator | None" = None) -> None:
        """Go to a field by its label and write, over what is in it."""
        field = (within or self.page).get_by_label(label)
        self.go_to(field)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def choose(self, label: str, option: str) -> None:
        """Go to a list of choices and type the beginning of one."""
        field = self.page.get_by_label(label)
        self.go_to(field)
        self.page.keyboard.type(option)
        chosen = field.locator("option:checked")
        assert str(chosen.inner_text()).lower().startswith(option), chosen.inner_text()

    def choose_file(self, label: str, file: Path) -> None:
        """Go to a file field and open it; what happens in the system's own dialog is the system's."""
        self.go_to(self.page.get_by_label(label, exact=True))
        with self.page.expect_file_chooser() as chooser:
            self.press("Space")
        chooser.value.set_files(file)
