"""What can be switched in the sandbox: the faults it shows on purpose, and the clocks it runs by.

Every switch is an environment variable (`SANDBOX_` and its name in capitals) and a field of the operator page
`/sandbox/faults`. With the same `dice` and the same requests the same things happen.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(ge=0, le=3600)]
Rate = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The state of every switch. The defaults are the API on a good day."""

    dice: Annotated[
        Count, Meta(description="Where the dice start: the same number gives the same faults")
    ] = 1
    only: Annotated[
        str,
        Meta(
            description="Requests that latency, errors and dropped connections may hit, as METHOD /path with * for anything"
        ),
    ] = "*"
    times: Annotated[
        Count, Meta(description="Stop errors and dropped connections after so many; 0 = never stop")
    ] = 0
    latency: Annotated[Seconds, Meta(description="Wait before every answer, in seconds")] = 0
    errors: Annotated[
        str,
        Meta(
            description="Statuses answered instead of doing the work, each with its rate: 500=0.1, 429=0.05"
        ),
    ] = ""
    retry_after: Annotated[Count, Meta(description="Retry-After of a 429, in seconds")] = 1
    drop_before: Annotated[Rate, Meta(description="Share of requests cut off before the work is done")] = 0
    drop_after: Annotated[Rate, Meta(description="Share of requests cut off after the work was done")] = 0
    lose_every: Annotated[Count, Meta(description="Silently lose one record in so many; 0 = none")] = 0
    reject_every: Annotated[
        Count, Meta(description="Refuse one record in so many, always the same ones, with a 400; 0 = none")
    ] = 0
    reject_shape: Annotated[
        Literal["error_message", "message", "object"],
        Meta(description="Body of that 400: a list with error_message, a list with message, or one object"),
    ] = "error_message"
    maintenance: Annotated[bool, Meta(description="Maintenance mode: writes answer 503")] = False
    token_idle_minutes: Annotated[
        Annotated[float, Meta(gt=0, le=100_000)],
        Meta(description="A session dies after so many idle minutes"),
    ] = 30
    token_requests: Annotated[Count, Meta(description="A session dies after so many requests; 0 = never")] = 0
    ingest_delay: Annotated[
        Seconds, Meta(description="Time from 202 to the records being there, in seconds")
    ] = 2
    search_seconds: Annotated[Seconds, Meta(description="Least time a search runs, in seconds")] = 0.3
    availability_lag: Annotated[
        Seconds,
        Meta(description="Age that availability numbers may reach, in seconds; the real API's is about 600"),
    ] = 0
    result_minutes: Annotated[
        Annotated[float, Meta(gt=0, le=100_000)],
        Meta(description="Life of a search's result file, in minutes"),
    ] = 60
    gone: Annotated[
        Literal["404", "200"],
        Meta(
            description="A result file that is gone: 404 as documented, or 200 with an error in it as PyAuroraX reads"
        ),
    ] = "404"
    overlong_500: Annotated[
        bool,
        Meta(
            description="Answer an over-long field with a bare 500, as the real API does; off = a clear 400"
        ),
    ] = True
    search_limits: Annotated[
        bool, Meta(description="Hold searches to the documented spans: 31 days, 2 days, 10 years")
    ] = True

    def __post_init__(self) -> None:
        error_rates(self.errors)


NAMES = Switches.__struct_fields__


def error_rates(text: str) -> dict[int, float]:
    """`"500=0.1, 429=0.05"` as rates by status. Raises `ValueError` with a sentence."""
    rates: dict[int, float] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        status, _, rate = entry.partition("=")
        try:
            rates[int(status)] = float(rate)
        except ValueError:
            raise ValueError(f"{entry!r} is not a status and a rate, such as 500=0.1.") from None
    if any(not 400 <= status <= 599 for status in rates) or not 0 <= sum(rates.values()) <= 1:
        raise ValueError(
            "errors are statuses from 400 to 599 whose rates add up to 1 at most, such as 500=0.1, 429=0.05."
        )
    return rates


def changed(switches: Switches, changes: Mapping[str, Any]) -> Switches:
    """`switches` with `changes`, which may all be text. Raises `ValueError` with a sentence naming the switch."""
    unknown = sorted(set(changes) - set(NAMES))
    if unknown:
        raise ValueError(f"{unknown[0]} is no switch; the switches are {', '.join(NAMES)}.")
    try:
        return msgspec.convert(msgspec.structs.asdict(switches) | dict(changes), Switches, strict=False)
    except msgspec.ValidationError as problem:
        raise ValueError(str(problem)) from None
