"""Reading query parameters, each with a 400 that names the parameter."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from apps.sandbox.errors import invalid

SOURCE_TYPES = ("ground", "heo", "leo", "lunar", "event_list", "not_applicable")
DATA_PRODUCT_TYPES = ("keogram", "montage", "movie", "summary_plot", "data_availability")
SOURCE_FORMATS = ("identifier_only", "basic_info", "with_metadata", "full_record")
ROLES = ("Administrator", "Owner", "Maintainer", "User")
SEARCH_TYPES = ("conjunction", "ephemeris", "data_product")


def word(request: HttpRequest, name: str, options: tuple[str, ...]) -> str | None:
    """One of `options`, or None where the parameter is missing."""
    value = request.GET.get(name)
    if value is not None and value not in options:
        raise invalid(f"{name} is {value!r}; write one of {', '.join(options)}.")
    return value


def source_format(request: HttpRequest, name: str = "format") -> str:
    """How much of a data source to answer; the API's own default is basic_info."""
    return word(request, name, SOURCE_FORMATS) or "basic_info"


def flag(request: HttpRequest, name: str) -> bool | None:
    """True or false in any case (Python clients write True, IDL writes true), or None where it is missing."""
    value = request.GET.get(name)
    if value is not None and value.lower() not in ("true", "false"):
        raise invalid(f"{name} is {value!r}; write true or false.")
    return None if value is None else value.lower() == "true"


def number(request: HttpRequest, name: str, *, bits: int) -> int | None:
    """A whole number that fits into `bits`, or None where it is missing."""
    value = request.GET.get(name)
    if value is None:
        return None
    try:
        found = int(value)
    except ValueError:
        raise invalid(f"{name} is {value!r}; write a whole number.") from None
    if not -(2 ** (bits - 1)) <= found < 2 ** (bits - 1):
        raise invalid(f"{name} is {value}, which does not fit into {bits} bits.")
    return found


def as_uuid(text: str) -> UUID | None:
    """An id from an address, or None where it is not the text of a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


def source_filters(request: HttpRequest) -> dict[str, Any]:
    """The filters that listings of sources and availability share, as lookups on a data source."""
    word(request, "source_type", SOURCE_TYPES)
    names = ("program", "platform", "instrument_type", "source_type", "owner")
    filters = {name: request.GET[name] for name in names if name in request.GET}
    if any("\x00" in value for value in filters.values()):
        raise invalid("Text must not hold the NUL character.")
    return filters
