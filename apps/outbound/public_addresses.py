"""Connections to addresses that people name: to the public internet only, whatever a name is resolved to.

The name is resolved once, what it means is looked at, and that very address is connected to: between looking and connecting
nobody can give it another meaning. Nothing here follows a redirect by itself: `fetching` looks at each anew. What the
operator allows by `settings.OUTBOUND_HOSTS` (`host` or `host:port`) may also be private and unencrypted.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

SECONDS = 10.0  # for each step: connecting, sending, each part of the answer
LONGEST_POST = 30.0  # seconds for all of it
LARGEST_ANSWER = 64 * 1024  # bytes that are read of it
STAYS = "/?%:@!$&'()*+,;=~"  # in an address; other signs are percent-encoded
PORTS = {"https": 443, "http": 80}
# IPv6 addresses that stand for IPv4 ones (RFC 6052), and those of a network's own translators (RFC 8215).
TRANSLATION, LOCAL_TRANSLATION = ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48")


class AddressRefused(Exception):
    """The portal does not connect there; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class OutboundAnswer(NamedTuple):
    """The status, and how the answer begins."""

    status: int
    beginning: bytes


def check_address(url: str) -> SplitResult:
    """An address as it is written, before its name is resolved. Raises `AddressRefused`."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise AddressRefused("This is no address.") from None
    if parts.scheme not in PORTS or not parts.hostname or any(ord(sign) <= 32 for sign in url):
        raise AddressRefused("Write an address such as https://data.example.org/aurorax.")
    if not parts.hostname.isascii():
        raise AddressRefused("Write the name of the host in plain letters, as in xn--….")
    if parts.username or parts.password:
        raise AddressRefused("Leave name and password out of the address.")
    if parts.scheme != "https" and not is_allowed(parts.hostname, port):
        raise AddressRefused("The address has to begin with https://.")
    return parts


def is_allowed(host: str, port: int) -> bool:
    """Whether the operator has allowed this host by name."""
    return bool({host.lower(), f"{host.lower()}:{port}"} & set(settings.OUTBOUND_HOSTS))


def post(url: str, body: bytes, headers: Mapping[str, str]) -> OutboundAnswer:
    """POST to an address. Raises `AddressRefused`, and `OSError` or `http.client.HTTPException` where it does not work."""
    parts = check_address(url)
    with connected(parts, within=LONGEST_POST) as connection:
        connection.request("POST", path_of(parts), body, dict(headers))
        answer = connection.getresponse()
        return OutboundAnswer(answer.status, answer.read(LARGEST_ANSWER))


def path_of(parts: SplitResult) -> str:
    """What is asked for there."""
    path, query = quote(parts.path, safe=STAYS), quote(parts.query, safe=STAYS)
    return (path or "/") + (f"?{query}" if query else "")


@contextmanager
def connected(parts: SplitResult, *, within: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to an address that `check_address` has passed, hung up after `within` seconds whatever the other end does.

    Raises `AddressRefused` and `OSError`.
    """
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    plain = _socket_to(host, port)
    handle = plain.dup()  # of the same connection, also when it is encrypted
    watch = threading.Timer(within, _hang_up, [handle])
    watch.daemon = True
    watch.start()
    try:
        connection.sock = _encrypted(plain, host) if parts.scheme == "https" else plain
        yield connection
    finally:
        watch.cancel()
        plain.close()
        connection.close()
        handle.close()


def _encrypted(plain: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _hang_up(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _socket_to(host: str, port: int) -> socket.socket:
    """Connected to an address that has been looked at: all a name means have to be public, or none is tried."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise AddressRefused("This is no name of a host.") from None
    addresses = [str(each[4][0]) for each in found]
    if not is_allowed(host, port) and not all(map(is_public, addresses)):
        raise AddressRefused(f"{host} is in a private network: the portal connects to public addresses only.")
    trouble: OSError = OSError(f"{host} has no address.")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=SECONDS)
        except OSError as error:
            trouble = error
    raise trouble


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: no private, local, multicast or reserved one, also not within one
    of those that carry an IPv4 address.
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not parsed.is_multicast
    if parsed in LOCAL_TRANSLATION:
        return False
    inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo and parsed.teredo[1])
    if parsed in TRANSLATION:
        inner = IPv4Address(int(parsed) & 0xFFFFFFFF)
    return is_public(str(inner)) if inner else parsed.is_global and not parsed.is_multicast
