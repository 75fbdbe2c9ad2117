"""Files at https addresses: one, or those of a list."""

import json
import tempfile
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from django.conf import settings

from apps.feeds.places.offers import LONGEST_ADDRESS, MOST_OFFERS, TOO_MANY, FeedOffer, FeedRefused
from apps.outbound.fetching import FetchLimits, NotFetched, Validators, check_host, fetch
from apps.outbound.public_addresses import AddressRefused

LARGEST_LIST = 1024 * 1024  # bytes
NO_LIST = "The list is no list of addresses: write one a line, or a JSON array of texts."


def checked(address: str, identifier: int) -> str:
    """An https address of an allowed host."""
    try:
        return check_host(urldefrag(address).url, hosts()).geturl()
    except AddressRefused as refused:
        raise FeedRefused(refused.message) from None


def hosts() -> frozenset[str]:
    """Those that may be fetched from; none means every public one."""
    return frozenset(settings.FEED_HOSTS)


def one_file(address: str, identifier: int, limits: FetchLimits) -> Iterator[FeedOffer]:
    """The file itself."""
    yield _offer(address)


def listed_files(address: str, identifier: int, limits: FetchLimits) -> Iterator[FeedOffer]:
    """The files of a list, which may name them as seen from its own address. Raises `NotFetched`."""
    with tempfile.TemporaryFile() as content:
        try:
            fetch(address, content, Validators(), limits._replace(most_bytes=LARGEST_LIST))
        except AddressRefused as refused:
            raise NotFetched(refused.message) from None
        content.seek(0)
        found = _addresses(content.read())
    if len(found) > MOST_OFFERS:
        raise NotFetched(TOO_MANY)
    for each in found:
        yield _offer(_joined(address, each))


def _addresses(body: bytes) -> list[str]:
    """Each once, in order."""
    try:
        text = body.decode("utf-8-sig").strip()
        found: Any = json.loads(text) if text.startswith("[") else text.splitlines()
    except (ValueError, RecursionError):
        raise NotFetched(NO_LIST) from None
    if not all(isinstance(each, str) for each in found):
        raise NotFetched(NO_LIST)
    lines = [line for each in found if (line := each.strip()) and not line.startswith("#")]
    if not all(line.isprintable() and len(line) <= LONGEST_ADDRESS for line in lines):
        raise NotFetched(NO_LIST)
    return [*dict.fromkeys(lines)]


def _joined(address: str, each: str) -> str:
    try:
        return urldefrag(urljoin(address, each)).url
    except ValueError:
        raise NotFetched(f"The list names something that is no address: {each[:100]}") from None


def _offer(address: str) -> FeedOffer:
    name = unquote(address.partition("?")[0].rstrip("/").rpartition("/")[2])
    return FeedOffer(address, name or "file", partial(fetch, address))
