"""URLs out of what people paste: one a line, or the page of a directory as a browser has saved it."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urljoin

MOST = 20_000  # URLs
_is_page = re.compile(
    r"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table|pre|ul|a)\b", re.IGNORECASE | re.DOTALL
).match
_saved_from = re.compile(r"saved from url=\(\d+\)(\S+)").search
NumberedUrl = tuple[int, str]  # its line, from 1


def urls_of(text: str, base: str) -> Sequence[NumberedUrl]:
    """With their lines; names without an address get `base` in front. Of a page those that its links lead to, without folders and
    orders of the table; the address it was saved from counts where there is no `base`.
    """
    if _is_page(text):
        return _of_page(text, base)
    lines = ((number, line.strip().strip('"')) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, _whole(line, base)) for number, line in lines if line]


def _of_page(text: str, base: str) -> Sequence[NumberedUrl]:
    saved = _saved_from(text)
    links = _Links()
    links.feed(text)
    root = base or (saved[1] if saved else "")
    found: dict[str, int] = {}
    for line, href in links.found:
        if href and not href.startswith(("?", "#", "javascript:", "mailto:")) and not href.endswith("/"):
            found.setdefault(_whole(href, root), line)
    return [(line, url) for url, line in found.items()]


def _whole(name: str, base: str) -> str:
    if "://" in name or not base:
        return name
    return urljoin(base if base.endswith("/") else f"{base}/", name.replace("\\", "/"))


class _Links(HTMLParser):
    """The links of a page, with their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        href = dict(attrs).get("href") if tag == "a" else None
        if href:
            self.found.append((self.getpos()[0], href.partition("?")[0].partition("#")[0] or href))
