"""Reading what AuroraX holds in windows of time, several at once."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from threading import Event

from django.conf import settings

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.times import TimeSpan
from apps.jobs.prefetch import map_ahead
from apps.records.record_type import RecordTypeOf, RowT


def read_windows(
    kind: RecordTypeOf[RowT],
    client: AuroraX,
    source: DataSource,
    windows: Sequence[TimeSpan],
    *,
    waiting: Callable[[], object] | None = None,
    failed: Callable[[Exception, int], object] | None = None,
) -> Iterator[list[RowT]]:
    """What AuroraX holds in each of these windows (`kind.windows`), in their order.

    `settings.AURORAX_SEARCHES_AT_ONCE` are asked for at once; that many answers wait, unread, besides the one in use.
    Meanwhile `waiting` is called again and again, and may raise: then no search is waited for any longer. `failed` is called
    with what a search has raised and how often it has failed before: it raises, or has it made again. Without it the error
    is raised in its place. Raises `errors.AuroraXError`.
    """
    at_once = min(settings.AURORAX_SEARCHES_AT_ONCE, len(windows))
    if not at_once:
        return
    stop = Event()
    search = partial(kind.search_window, client.stopped_by(stop), source)
    for read in map_ahead(search, windows, at_once, waiting=waiting, failed=failed, stop=stop):
        rows = read()
        del read  # the answer it was read from
        yield rows
