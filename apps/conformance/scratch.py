"""The one data source `verify_api --write` writes to, there for the length of a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from apps.aurorax import errors
from apps.aurorax.records import DataSource
from apps.conformance.server import Server, ServerAnswer

PROGRAM = "provider-portal verify_api"
KEY = {"program": PROGRAM, "platform": "scratch", "instrument_type": "not an instrument"}
FIELDS: dict[str, Any] = {
    **KEY,
    "source_type": "not_applicable",
    "display_name": "Test of the provider portal",
}

# Everything behaviours upload lies in this span and under these URLs.
START, END = datetime(1990, 1, 1, tzinfo=UTC), datetime(1990, 12, 31, 23, 59, tzinfo=UTC)
URLS = [f"https://example.org/verify-api/{number}.jpg" for number in range(5)]

GONE = (200, 204, 404)
ROUNDS = 4


class NotCleanedUp(Exception):
    """The scratch source could not be removed; the text says what remains and where."""


@contextmanager
def scratch_source(server: Server) -> Iterator[DataSource]:
    """Create the scratch source (after removing what a run that was cut off left), and remove it with all it holds.

    Raises `errors.AuroraXError` when it cannot be created, `NotCleanedUp` when it cannot be removed.
    """
    for left in server.client.sources.list(program=PROGRAM):
        if left.key == KEY:  # whatever a server makes of the filter, nothing else is removed
            remove(server, left)
    source = server.client.sources.create(FIELDS)
    try:
        yield source
    finally:
        remove(server, source)


def remove(server: Server, source: DataSource) -> None:
    """Delete its records, wait until AuroraX has, and delete the source. Raises `NotCleanedUp`.

    In rounds, because an upload that was accepted last may be taken in after the first deletion.
    """
    why = ""
    for _ in range(ROUNDS):
        try:
            why = _one_round(server, source)
        except errors.NotFound:
            why = ""
        except errors.AuroraXError as error:
            why = error.message
        if not why:
            return
    raise NotCleanedUp(
        f"Data source {source.identifier} ({source}) remains at {server.client.base_url}. {why} "
        "The next run with --write tries again to remove it."
    )


def _one_round(server: Server, source: DataSource) -> str:
    """Why the source is still there, or nothing."""
    server.client.ephemeris.delete(source, START, END)
    server.client.products.delete(source, URLS)
    answer = server.wait(
        lambda: _delete(server, source),
        lambda answer: answer.status in GONE,
        patience=server.patience / ROUNDS,
    )
    return "" if answer.status in GONE else answer.message


def _delete(server: Server, source: DataSource) -> ServerAnswer:
    """Delete the source. It is read first because an AuroraX may do what is due only when it is read."""
    path = f"/data_sources/{source.identifier}"
    server.get(path, include_stats="true")
    return server.ask("DELETE", path)
