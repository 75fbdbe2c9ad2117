"""`manage.py worker`: background work, with whichever task queue the settings name."""

import logging
import os
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from apps.jobs import isolation
from apps.jobs.recovery import recover_all

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs the worker of the task queue, and beside it looks for work whose worker was lost."""

    help = "Run a background worker for uploads and deletions, with the queue of TASK_QUEUE."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until interrupted."""
        if settings.TASK_QUEUE == "immediate":
            raise CommandError(
                "TASK_QUEUE=immediate runs tasks in the web process: there is nothing to work on here."
            )
        isolation.start_server()  # before any work, and for all processes that a worker forks
        if settings.WORKER_METRICS_PORT:
            serve_metrics()
        threading.Thread(target=keep_recovering, name="recovering", daemon=True).start()
        if settings.TASK_QUEUE == "rq":
            call_command("rqworker", job_class="django_tasks_rq.Job")
        else:
            from apps.jobs.threads import ThreadedWorker  # noqa: PLC0415 - its tables are there with this queue only

            worker = ThreadedWorker(settings.WORKER_THREADS)
            worker.configure_signals()
            worker.run()


def serve_metrics() -> None:
    """Tell Prometheus of the calls this worker makes. Where it forks for each task (RQ), the settings have it count in files
    that its children write too.
    """
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    start_http_server(settings.WORKER_METRICS_PORT, settings.WORKER_METRICS_HOST, registry=counted)


def keep_recovering() -> None:
    """Recover now and every few seconds, on a database connection of this thread. Nothing ends it but the process."""
    pause = threading.Event()
    while True:
        try:
            recover_all()
            connection.close()
        except Exception:
            logger.exception("Lost work could not be looked for; trying again soon")
        pause.wait(settings.UPLOAD_LEASE_SECONDS / 2)
