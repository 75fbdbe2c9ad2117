"""A running portal with the catalogue's world in it, and its pages as a browser opens them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import Response

from tests.catalogue.pages import Page
from tests.catalogue.world import World
from tests.support.stack import ROOT, Stack

TOKEN = "c" * 32  # against forged requests: cookie and form have to agree, and here they do
# Everything is there at once, and nobody is told to wait because of all the forms that are sent here.
QUICK = {
    "SANDBOX_INGEST_DELAY": "0",
    "SANDBOX_SEARCH_SECONDS": "0",
    "SIGN_IN_ATTEMPTS": "100000",
    "SIGN_IN_ATTEMPTS_PER_ADDRESS": "100000",
    "LOG_LEVEL": "error",
}
POST = """fields => {
  const form = document.body.appendChild(document.createElement("form"));
  form.method = "post";
  form.action = fields.address;
  for (const [name, value] of fields.pairs) {
    const input = form.appendChild(document.createElement("textarea"));
    input.name = name;
    input.value = value;
  }
  form.submit();
}"""
# What comes after the page has come: fragments that load by themselves, and what they put in place of themselves.
ARRIVED = """() => document.readyState === "complete" && !document.querySelector(".htmx-request")
  && ![...document.querySelectorAll("[hx-trigger~=load]")].some(each => !each.closest("#site-map"))"""


class PreparedStack(Stack):
    """The portal without a worker: what is in a state stays in it."""

    world: World

    def __init__(self, folder: Path, **env: str) -> None:
        super().__init__(folder, **QUICK | env)

    def commands(self) -> dict[str, list[str]]:
        """Web and sandbox."""
        return {name: command for name, command in super().commands().items() if name != "worker"}

    @contextmanager
    def prepared(self) -> Iterator["PreparedStack"]:
        """Start, and make the world, for which everything happens at once."""
        with self.running():
            command = [sys.executable, "-m", "tests.catalogue"]
            env = self.env | {"DJANGO_SETTINGS_MODULE": "portal.settings", "TASK_QUEUE": "immediate"}
            made = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
            self.world = World(**json.loads(made.stdout.splitlines()[-1]))
            yield self

    def open(self, tab: BrowserPage, page: Page) -> Response:
        """Open a page as the person it is for, wait until everything has arrived, and answer how it was answered."""
        context = tab.context
        context.clear_cookies()
        cookies = {"csrftoken": TOKEN}
        if page.who:
            cookies["sessionid"] = self.world.sessions[page.who]
        context.add_cookies([{"name": name, "value": cookies[name], "url": self.url} for name in cookies])
        with self.sandbox.switched(**page.switches) if page.switches else nullcontext():
            response = self._answer(tab, page)
            tab.wait_for_function(ARRIVED, timeout=60_000)
        assert response.status == page.status, f"{page.name}: {response.status}"
        return response

    def _answer(self, tab: BrowserPage, page: Page) -> Response:
        address = self.url + self.world.address(page.address)
        fields = self.world.fields(page.posted)
        if fields is None:
            response = tab.goto(address)
            assert response
            return response
        tab.goto(f"{self.url}/healthz")
        with tab.expect_navigation(timeout=60_000) as navigation:
            tab.evaluate(POST, {"address": address, "pairs": _pairs({"csrfmiddlewaretoken": TOKEN} | fields)})
        return navigation.value


def _pairs(fields: dict[str, object]) -> list[tuple[str, str]]:
    """Names and values as a form sends them: a list is several fields of one name."""
    return [
        (name, str(each))
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value])
    ]
