"""Times as the API takes and gives them. Inside they are text, `YYYY-MM-DDTHH:MM:SS` in UTC."""

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from apps.sandbox.errors import invalid

# A time in a query, read by `moment`: clients leave out zone, fraction and seconds as they like.
When = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


def wire(moment: datetime) -> str:
    """A record's time: naive means UTC, an offset is converted, fractions of a second are dropped."""
    if moment.tzinfo is not None and moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds")[:19]


def moment(text: str, *, name: str) -> datetime:
    """A time from a query, aware: with or without zone, fraction or seconds. Raises 400 naming the parameter."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid(f"{name} is {text!r}; write it as YYYY-MM-DDTHH:MM:SS.") from None


def parse(text: str, *, name: str) -> str:
    """A time from a query in wire form. Raises 400 naming the parameter."""
    return wire(moment(text, name=name))


def parse_day(text: str, *, name: str) -> date:
    """A day, `YYYY-MM-DD`. Raises 400 naming the parameter."""
    try:
        return msgspec.convert(text, date)
    except msgspec.ValidationError:
        raise invalid(f"{name} is {text!r}; write it as YYYY-MM-DD.") from None


def stamp(moment: datetime | None) -> str | None:
    """A request's own time: no zone, microseconds with trailing zeros cut, as seen in 2024 (.35348)."""
    if moment is None:
        return None
    text = moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")
    return text.rstrip("0").removesuffix(".")


def described(text: str) -> str:
    """A time as descriptions of queries have it: seconds are left out when they are zero."""
    return text.removesuffix(":00") if text.count(":") == 2 else text


def span(start: str, end: str) -> float:
    """Days from `start` to `end`, both in wire form."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 86_400
