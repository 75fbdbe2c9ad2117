"""Fetching a file from an address that somebody named: only if it is another than last time, bounded in size and time.

Each redirect is an address of its own: it passes the same guard and the same list of hosts, and is connected to anew.
"""

import http.client
import time
from collections.abc import Callable
from typing import IO, NamedTuple
from urllib.parse import SplitResult, urljoin

from apps.outbound.public_addresses import AddressRefused, check_address, connected, path_of

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BLOCK = 64 * 1024  # bytes
LONGEST_VALIDATOR = 300  # characters: what is longer is not kept, so that the file is fetched anew
AGENT = "aurorax-provider-portal"
WORDS = {
    401: "It wants a sign-in, which a feed has not. Use an address that works without one.",
    403: "It refuses the portal. Use an address that anybody may read.",
    404: "There is nothing at this address.",
    410: "There is nothing at this address any more.",
}


class NotFetched(Exception):
    """It did not work this time; `message` says why. `retry_after` is in seconds, where the server said so."""

    def __init__(self, message: str, *, retry_after: float = 0) -> None:
        super().__init__(message)
        self.message, self.retry_after = message, retry_after


class Validators(NamedTuple):
    """By what a server tells whether a file is another than before (RFC 9110, section 8.8)."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """Of a conditional request."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


class FetchLimits(NamedTuple):
    """How much is fetched, and how long it may take. `beat` is called for each block: it may raise to stop."""

    most_bytes: int
    seconds: float
    hosts: frozenset[str] = frozenset()  # `host` or `host:port`; none means all
    beat: Callable[[], object] = lambda: None


def fetch(url: str, into: IO[bytes], known: Validators, limits: FetchLimits) -> Validators | None:
    """Write what is at the address to `into`; None, with nothing written, where it is as it was.

    Raises `AddressRefused` and `NotFetched`.
    """
    until = time.monotonic() + limits.seconds
    for _ in range(MOST_REDIRECTS + 1):
        parts = check_host(url, limits.hosts)
        left = until - time.monotonic()
        try:
            with connected(parts, within=max(left, 0.01)) as connection:
                connection.request("GET", path_of(parts), headers=_headers(known))
                answer = connection.getresponse()
                if answer.status not in REDIRECTS:
                    return _taken(answer, into, limits, until)
                url = _next(url, answer)
        except (OSError, http.client.HTTPException) as error:
            raise NotFetched(_why(error, until, limits)) from error
    raise NotFetched(f"It leads on and on: more than {MOST_REDIRECTS} redirects.")


def check_host(url: str, hosts: frozenset[str]) -> SplitResult:
    """An address as it is written, on one of `hosts` where there are any. Raises `AddressRefused`."""
    parts = check_address(url)
    host = str(parts.hostname).lower()
    if hosts and not hosts & {host, f"{host}:{parts.port}"}:
        raise AddressRefused(f"{host} is not among the hosts that this portal fetches from. Ask who runs it.")
    return parts


def _headers(known: Validators) -> dict[str, str]:
    return {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"} | known.headers()


def _next(url: str, answer: http.client.HTTPResponse) -> str:
    place = answer.getheader("Location")
    if not place:
        raise NotFetched("It leads on to nowhere: a redirect without an address.")
    return urljoin(url, place)


def _taken(
    answer: http.client.HTTPResponse, into: IO[bytes], limits: FetchLimits, until: float
) -> Validators | None:
    if answer.status == 304:
        return None
    if answer.status != 200:
        said = f"The server answered {answer.status}. {WORDS.get(answer.status, 'Another time it may do better.')}"
        raise NotFetched(said, retry_after=_seconds(answer.getheader("Retry-After")))
    announced = answer.length
    if (announced or 0) > limits.most_bytes:
        raise NotFetched(_too_large(limits))
    size = _copied(answer, into, limits, until)
    if announced is not None and size != announced:
        raise NotFetched(f"Only {size:,} of {announced:,} bytes arrived.")
    return Validators(_kept(answer.getheader("ETag")), _kept(answer.getheader("Last-Modified")))


def _copied(answer: http.client.HTTPResponse, into: IO[bytes], limits: FetchLimits, until: float) -> int:
    """How many bytes. When it was hung up what has arrived may look whole and not be it."""
    size = 0
    while block := answer.read1(BLOCK):
        limits.beat()
        size += len(block)
        if size > limits.most_bytes:
            raise NotFetched(_too_large(limits))
        into.write(block)
        if time.monotonic() > until:
            break
    if time.monotonic() > until:
        raise TimeoutError
    return size


def _kept(validator: str | None) -> str:
    return validator if validator and len(validator) <= LONGEST_VALIDATOR and validator.isprintable() else ""


def _seconds(text: str | None) -> float:
    """Of `Retry-After` in seconds; a date is not read."""
    return float(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0


def _too_large(limits: FetchLimits) -> str:
    return f"It is larger than {limits.most_bytes / 1024 / 1024:,.0f} MB, the most that this portal takes."


def _why(error: Exception, until: float, limits: FetchLimits) -> str:
    if time.monotonic() >= until:
        return f"It took longer than {limits.seconds:,.0f} s."
    if isinstance(error, TimeoutError):
        return "It did not answer in time."
    name = type(error).__name__
    words = {
        "SSLCertVerificationError": "Its certificate is not one that the portal trusts.",
        "gaierror": "Its name is not known.",
    }
    return words.get(name, f"It did not answer: {name}.")
