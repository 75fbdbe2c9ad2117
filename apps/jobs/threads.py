"""A worker for tasks in the database that works on several at once: most of a task's time is waiting for AuroraX."""

import logging
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

from django.db import close_old_connections, connections
from django.db.utils import DatabaseError
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)
INTERVAL = 0.2  # seconds between two looks for tasks
AFTER_A_FAULT = 2.0  # seconds


class ThreadedWorker(Worker):
    """Claims a task only when a thread is free for it, so that other workers get the rest.

    The first signal to end lets running tasks end; the second ends the process at once, which harms nothing: what is under
    way has a lease that runs out.
    """

    def __init__(self, threads: int) -> None:
        super().__init__(
            queue_names=["default"],
            excluded_queue_names=[],
            interval=INTERVAL,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{os.getpid()}",
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._free = threading.Semaphore(threads)
        self._at_work = 0
        self._lock = threading.Lock()

    def run(self) -> None:
        """Work until told to end. A database that is away is waited for."""
        while self.running:
            try:
                super().run()
            except DatabaseError:
                logger.exception("The database does not answer; trying again soon")
                close_old_connections()
                threading.Event().wait(AFTER_A_FAULT)
        self._pool.shutdown()

    def run_task(self, db_task_result: "DBTaskResult[Any, Any]") -> None:
        """Hand the task to a thread, and come back when there is one for the next."""
        self._count(+1)
        self._pool.submit(self._run_in_thread, db_task_result)
        self._free.acquire()
        self._free.release()

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End when all tasks have ended, or at once when asked again."""
        if not self.running or not self._at_work:
            os._exit(0 if self.running else 1)
        logger.warning("%s: ending with the running tasks; again to end at once", signal.Signals(signum).name)
        self.running = False

    def _run_in_thread(self, db_task_result: "DBTaskResult[Any, Any]") -> None:
        try:
            super().run_task(db_task_result)
        except DatabaseError:  # the task itself is done, or is found by recovery
            logger.exception("Task %s could not be marked as ended", db_task_result.pk)
        finally:
            self._count(-1)
            connections.close_all()

    def _count(self, change: int) -> None:
        if change > 0:
            self._free.acquire()
        else:
            self._free.release()
        with self._lock:
            self._at_work += change
            self.running_task = self._at_work > 0
