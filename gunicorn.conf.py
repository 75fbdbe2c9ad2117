"""How gunicorn serves the portal; it reads this file by itself. The sandbox has a server of its own."""

import gc
import os
import shutil
import tempfile

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from portal import env

HOST = env.text("PORTAL_HOST", "127.0.0.1")
PORT = env.integer("PORTAL_PORT", 8000, least=1, most=65535)

bind = f"{HOST}:{PORT}"
worker_class = "portal.web_worker.BufferingWorker"
worker_connections = 600  # clients that one process waits for
# More than one only with CACHE=redis, so that they count failed sign-ins together.
workers = env.integer("WEB_PROCESSES", 1, least=1)
threads = env.integer("WEB_THREADS", 8, least=1)
timeout = 120  # seconds; AuroraX itself may take the 60 of AURORAX_READ_TIMEOUT
umask = 0o077  # what the portal writes is for its own user only
control_socket_disable = True


# The processes count requests and calls together, in files: /metrics adds them up, whichever process is asked.
if workers > 1:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="portal-metrics-")


def on_exit(server: Arbiter) -> None:
    """Leave nothing behind."""
    if workers > 1:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def child_exit(server: Arbiter, worker: Worker) -> None:
    """What a process counted stays counted; what it measured of itself is over."""
    if workers > 1:
        # Imported once the variable is set, for it decides there and then where to count.
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

        mark_process_dead(worker.pid)


def when_ready(server: Arbiter) -> None:
    """Say where to go."""
    server.log.info("The portal is at http://%s. Stop it with Ctrl-C.", bind)


def post_worker_init(worker: Worker) -> None:
    """Leave what is loaded by now out of every later garbage collection, which held a page up for 50 ms now and then."""
    from apps.jobs import isolation  # noqa: PLC0415 - what to load is known when the portal is

    isolation.start_server()  # the first upload need not wait for it
    gc.collect()
    gc.freeze()
