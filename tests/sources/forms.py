"""What a browser would post from the forms of a data source."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client

SCHEMAS = ("ephemeris_metadata_schema", "data_product_metadata_schema")
EXAMPLE = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
    "source_type": "ground",
    "display_name": "Example Instrument",
}


def example_form(**changes: str) -> dict[str, str]:
    """The form of a new data source, filled with the documentation's example, without metadata fields."""
    counts = {f"{name}-{count}": "0" for name in SCHEMAS for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return EXAMPLE | counts | changes


def rows(name: str, *fields: dict[str, str]) -> dict[str, str]:
    """Rows of a schema editor, as they are posted."""
    posted = {
        f"{name}-{number}-{key}": value for number, row in enumerate(fields) for key, value in row.items()
    }
    return {f"{name}-TOTAL_FORMS": str(len(fields)), f"{name}-INITIAL_FORMS": "0", **posted}


class Form(HTMLParser):
    """The values that the form `#source-form` of a page would post; another by its id, `*` for all of them together."""

    def __init__(self, html: str, form_id: str = "source-form") -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.form_id, self._inside = form_id, False
        self._textarea = self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = self.form_id in (given.get("id"), "*")
        if not self._inside:
            return
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("radio", "checkbox", "file"):
            self.values[name] = given.get("value") or ""
        elif tag == "textarea":
            self._textarea, self.values[name] = name, ""
        elif tag == "select":
            self._select, self.values[name] = name, ""
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            text = self.values[self._textarea] + data
            self.values[self._textarea] = text.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def opened(client: Client, address: str) -> dict[str, str]:
    """What would be posted if somebody opened the form at `address` and changed nothing."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return posted_by(answer)


def posted_by(answer: Any, form_id: str = "source-form") -> dict[str, str]:
    """What the form in an answer would post."""
    return Form(answer.content.decode(), form_id).values
