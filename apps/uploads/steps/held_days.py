"""On which days AuroraX holds anything at all, where that can be proven without reading it (decision 22).

Two counts have to agree, because either may be late: the source's own (statistics) and the one by day (availability, which
with `slow` counts again). Where they do not, or where the portal has just written something that neither may know of yet,
nothing is proven, and everything is searched.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from django.core.cache import caches
from django.db.models import Q
from django.utils import timezone

from apps.activity.models import Event
from apps.aurorax import DataSourceStats, errors
from apps.aurorax.times import TimeSpan
from apps.uploads.later_writes import is_within
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps.context import StepContext

SETTLING = timedelta(minutes=15)  # after a write: availability may be ten minutes old (PyAuroraX examples)
AT_ONCE = timedelta(days=2)  # a synchronous search is one request, any other three
FEW = 3  # requests: who needs no more asks for the records instead
UNUSABLE = 60 * 60  # seconds for which it is remembered that an AuroraX does not count again


def held_days(context: StepContext, state: State, windows: Sequence[TimeSpan]) -> frozenset[date] | None:
    """The days on which AuroraX holds records of the source, among those of the windows that would be searched; None where
    that is not proven, or where it would not save any request.

    Of a type that may be anywhere in time, whatever its key is sent with, only that there are none is of use.
    """
    stats = context.source.stats
    if stats is None or not windows or _cost(windows) < 2 or _written_lately(context):
        return None
    is_empty = _is_outside(context, stats, windows)
    if not is_empty and (_cost(windows) <= FEW or not context.kind.key_is_time):
        return None
    days = _counted(context, state, *_asked(context, stats, windows))
    if days is None:
        return None
    if is_empty:
        return None if any(days.values()) else frozenset()
    if sum(days.values()) != context.kind.counts.total(stats) or _stats_now(context, state) != stats:
        return None
    return frozenset(day for day, count in days.items() if count)


def _cost(windows: Sequence[TimeSpan]) -> int:
    """Requests for searching these."""
    return sum(1 if last - first <= AT_ONCE else 3 for first, last in windows)


def _is_outside(context: StepContext, stats: DataSourceStats, windows: Sequence[TimeSpan]) -> bool:
    """Whether the source holds nothing, or nothing at the times of these windows."""
    counts = context.kind.counts
    if not counts.total(stats):
        return True
    first, last = counts.earliest(stats), counts.latest(stats)
    if first is None or last is None or not context.kind.key_is_time:
        return False
    return windows[-1][1] < first or last < windows[0][0]


def _asked(context: StepContext, stats: DataSourceStats, windows: Sequence[TimeSpan]) -> tuple[date, date]:
    """The days to be counted: those of the windows, and where there is anything within them all that the source has."""
    first, last = windows[0][0].date(), windows[-1][1].date()
    held = context.kind.counts.span(stats)
    if held is None or _is_outside(context, stats, windows):
        return first, last
    return min(first, held.first), max(last, held.last)


def _counted(context: StepContext, state: State, first: date, last: date) -> dict[date, int] | None:
    """Records by day, counted again; None where this AuroraX does not do so."""
    unusable = f"aurorax-no-slow-counts:{context.upload.api_url}:{context.kind.slug}"
    if caches["answers"].get(unusable):
        return None
    count = partial(
        context.kind.counts.counting(context.client), start=first, end=last, source=context.source, slow=True
    )
    try:
        return {
            day: number for each in context.patiently(count, state) for day, number in each.counts.items()
        }
    except errors.AuroraXError:
        caches["answers"].set(unusable, True, UNUSABLE)
        return None


def _stats_now(context: StepContext, state: State) -> DataSourceStats | None:
    get = partial(context.client.sources.get, context.source.identifier, include_stats=True)
    return context.patiently(get, state).stats


def _written_lately(context: StepContext) -> bool:
    """Whether the portal has written records that AuroraX's counts may not know of yet, where the upload's own are."""
    upload, since = context.upload, timezone.now() - SETTLING
    if upload.sent:
        return True
    uploads = Upload.objects.exclude(pk=upload.pk).filter(
        Q(ended_at=None) | Q(ended_at__gte=since) | Q(state__in=[State.UNDOING, State.PAUSED]),
        kind=upload.kind,
        source_identifier=upload.source_identifier,
        api_url=upload.api_url,
        started_at__isnull=False,
    )
    if context.kind.key_is_time:
        uploads = uploads.filter(first__lte=upload.last, last__gte=upload.first)
    actions = context.kind.actions
    events = Event.objects.about_source(upload.source_identifier).filter(
        at__gte=since, action__in=[actions.create, actions.update], api_url=upload.api_url
    )
    return uploads.exists() or any(
        event.after is None or is_within(upload, event.after) for event in events.only("after")
    )
