"""Where a request comes from: the address that counts behind trusted proxies, and what of it may be shown."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """The address of the browser: with `settings.TRUSTED_PROXIES` proxies in front, the entry of `X-Forwarded-For` that
    the outermost of them wrote; anything further left is what the browser claims. Without proxies nobody is believed.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if not 0 < settings.TRUSTED_PROXIES <= len(hops):
        return direct
    named = hops[-settings.TRUSTED_PROXIES]
    return named if _parsed(named) else direct


def network_of(address: str) -> str:
    """What one household or machine can choose from: the address itself, or the /64 of IPv6."""
    return _cut(address, bits_of_4=32, bits_of_6=64)


def shortened(address: str) -> str:
    """Enough of an address to recognise a place by, and not to find a machine: /16 of IPv4, /32 of IPv6."""
    return _cut(address, bits_of_4=16, bits_of_6=32)


def _cut(address: str, *, bits_of_4: int, bits_of_6: int) -> str:
    parsed = _parsed(address)
    if parsed is None:
        return UNKNOWN
    network = ip_network((parsed, bits_of_4 if parsed.version == 4 else bits_of_6), strict=False)
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
