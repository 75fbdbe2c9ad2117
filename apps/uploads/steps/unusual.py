"""What is unusual about a file, beside what AuroraX has of its data source."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np

from apps.aurorax import errors
from apps.aurorax.records import GROUND
from apps.aurorax.sites import SpotOrReason, ask_place, keep_place, kept_place
from apps.uploads.states import State
from apps.uploads.steps.context import StepContext
from apps.validation.unusual import Known, Remark
from apps.validation.unusual.runs import Run, Runs, runs_of

LOCAL = re.compile(
    r"\b(local|lt|lst|[ecmp][sd]t|ak[sd]t|cest|cet|mez|eet|jst|gmt[+-]\d+|utc[+-]\d+)\b", re.IGNORECASE
)
WITH_OFFSET = "offset"  # the rule that tells of times with an offset, which are UTC when that is taken away
AROUND = timedelta(hours=12)
Site = Callable[[], SpotOrReason | None]


def held_runs(context: StepContext, new: int) -> list[Run]:
    """When AuroraX has records around the longest run of a file that it holds in part, of an instrument that rests; none
    where that tells nothing. Raises `errors.NotSignedIn` and `Stopped`.
    """
    upload, kind = context.upload, context.kind
    run = kind.batch_validator_class.watched_class.longest_run(upload.report.watched)
    if run is None or not 0 < new < upload.valid or context.source.source_type != GROUND:
        return []
    first, last = (datetime.fromtimestamp(60 * minute, UTC) for minute in run)
    search = partial(kind.search, context.client, context.source, first - AROUND, last + AROUND)
    try:
        keys = [kind.key(row) for row in context.patiently(lambda: [*search()], State.COMPARING)]
    except errors.NotSignedIn:
        raise
    except errors.AuroraXError:
        return []  # only a remark would come of it
    return runs_of(np.array(keys, dtype="datetime64[m]").astype(np.int64))


@contextmanager
def asked_site(context: StepContext) -> Iterator[Site]:
    """Where AuroraX says a ground source stands: asked while something else is done, and only if nobody knows."""
    client, source = context.client, context.source
    latest = source.stats.latest_ephemeris_loaded if source.stats else None
    if not context.kind.stands_still or source.source_type != GROUND or latest is None:
        yield lambda: None
        return
    if known := kept_place(client, source):
        yield lambda: known
        return
    with ThreadPoolExecutor(1, thread_name_prefix="site") as pool:
        asked = pool.submit(ask_place, client, source, latest)

        def answer() -> SpotOrReason:
            found = asked.result()
            keep_place(client, source, found)
            return found

        yield answer


def remarks_of(context: StepContext, site: SpotOrReason | None, runs: Runs) -> list[Remark]:
    """All that is unusual. What is put back after a deletion was there before, and is not looked at."""
    upload, source = context.upload, context.source
    if upload.restores:
        return []
    place = None if isinstance(site, str) else site
    known = Known(source.source_type, source.instrument_type, place, runs)
    watched = context.kind.batch_validator_class.watched_class
    return [*_local_times(context), *watched.remarks(upload.report.watched, known)]


def _local_times(context: StepContext) -> Iterator[Remark]:
    """A header that names another time than UTC, over times that do not say their offset."""
    times = {column.name for column in context.kind.columns if column.holds == "time"}
    told = set(context.upload.problems.filter(slug=WITH_OFFSET).values_list("column", flat=True))
    for header, name in context.upload.columns:
        if name in times - told and LOCAL.search(header):
            yield Remark(
                "local-time",
                f"The column is called “{header}”, and its times are taken as UTC. If they are local time, give each its offset"
                " (2020-01-01T00:00-07:00) or convert them.",
                detail=header[:100],
            )
