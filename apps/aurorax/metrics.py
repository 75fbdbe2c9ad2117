"""Counting calls to AuroraX, for Prometheus."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Histogram

from apps.aurorax import errors

CALLS = Histogram(
    "aurorax_call_seconds",
    "Calls to AuroraX, each attempt by itself, by method and outcome: done, or the kind of error.",
    ["method", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60),
)


@contextmanager
def measured(method: str) -> Iterator[None]:
    """Around one call: count it with its time and outcome."""
    started, outcome = time.monotonic(), "fault"
    try:
        yield
        outcome = "done"
    except errors.AuroraXError as error:
        outcome = outcome_of(error)
        raise
    finally:
        CALLS.labels(method, outcome).observe(time.monotonic() - started)


def outcome_of(error: errors.AuroraXError) -> str:
    """The kind of error as a label: `TooManyRequests` is "too_many_requests"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
