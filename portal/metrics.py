"""`/metrics`, in the text format of Prometheus.

Requests and calls to AuroraX are counted by the processes themselves: gunicorn.conf.py has its processes count together.
Everything about uploads, the queue and recovery is asked of the database when Prometheus asks, so that one address tells
of all machines.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.jobs.models import RecoveryRun
from apps.permissions import public
from apps.uploads.models import Upload
from apps.uploads.speed import Speed
from apps.uploads.states import RUNNING, State
from portal import queue

REQUESTS = Histogram(
    "portal_request_seconds",
    "Requests by view, method and status.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


@public("Prometheus asks it, with METRICS_TOKEN or from this machine")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything that is measured; 403 for whoever has not the token."""
    if not may_see(request):
        return HttpResponse("METRICS_TOKEN, as a bearer token, opens this.\n", "text/plain", status=403)
    return HttpResponse(exposition(), CONTENT_TYPE_LATEST)


def may_see(request: HttpRequest) -> bool:
    """With METRICS_TOKEN whoever sends it; without, this machine alone, and not through a proxy on it."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").encode()
        return secrets.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-IP"} & {*request.headers}
    address = request.META.get("REMOTE_ADDR", "")
    return not forwarded and bool(address) and ip_address(address).is_loopback


def exposition() -> bytes:
    """What the processes have counted, then what the database says."""
    counted: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(_kept)


class KeptMeasures(Collector):
    """What the database says."""

    def collect(self) -> Iterator[Metric]:
        """Uploads, the queue, recovery."""
        now = timezone.now()
        yield from _uploads(now)
        yield from _queue(now)
        yield from _recovery()


_kept = CollectorRegistry(auto_describe=False)


def _uploads(now: datetime) -> Iterator[Metric]:
    counts = dict(Upload.objects.order_by().values_list("state").annotate(Count("pk")))
    states = GaugeMetricFamily("portal_uploads", "Uploads by state.", labels=["state"])
    for state in State:
        states.add_metric([state.value], counts.get(state.value, 0))
    yield states
    sending = [*Upload.objects.filter(state=State.SENDING, lease_until__gte=now)]
    rate = sum(Speed(upload).rate for upload in sending)
    yield GaugeMetricFamily("portal_rows_per_second", "Rows that are being sent to AuroraX.", rate)
    connections = max((upload.pace_connections for upload in sending), default=0)
    yield GaugeMetricFamily(
        "portal_pace_connections", "Requests at once of the upload with the most.", connections
    )
    records = max((upload.pace_records for upload in sending), default=0)
    yield GaugeMetricFamily(
        "portal_pace_records", "Records of a request of the upload with the most.", records
    )
    waiting = Upload.objects.filter(state__in=RUNNING, lease_until=None, retry_at=None)
    oldest = waiting.aggregate(oldest=Min("woken_at"))["oldest"]
    yield GaugeMetricFamily(
        "portal_oldest_waiting_upload_seconds",
        "How long the upload has waited that waits longest for a worker.",
        _age(oldest, now),
    )


def _queue(now: datetime) -> Iterator[Metric]:
    waiting = queue.waiting()
    yield GaugeMetricFamily("portal_queue_up", "Whether the task queue answers.", 0 if waiting is None else 1)
    if waiting is not None:
        yield GaugeMetricFamily("portal_queue_tasks", "Wake-up calls in the task queue.", waiting.tasks)
        yield GaugeMetricFamily(
            "portal_queue_age_seconds", "Age of the oldest of them.", _age(waiting.oldest, now)
        )


def _recovery() -> Iterator[Metric]:
    last = GaugeMetricFamily(
        "portal_recovery_last_timestamp_seconds", "When lost work was last looked for.", labels=["kind"]
    )
    failures = CounterMetricFamily(
        "portal_recovery_failures", "How often that failed, since the beginning.", labels=["kind"]
    )
    for run in RecoveryRun.objects.order_by("kind"):
        last.add_metric([run.kind], run.ended_at.timestamp() if run.ended_at else 0)
        failures.add_metric([run.kind], run.failures)
    yield from (last, failures)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


_kept.register(KeptMeasures())
