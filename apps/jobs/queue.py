"""Asking for a worker."""

import logging
from typing import Any

from django.db import DatabaseError
from django_tasks.base import Task

logger = logging.getLogger(__name__)


def enqueue(task: "Task[Any, Any]", *arguments: str) -> bool:
    """Queue a wake-up call; whether that was possible. A queue that is away (Redis) is logged and no failure of the
    caller, because the database says what there is to do and recovery gives the call again. Raises `DatabaseError`.
    """
    try:
        task.enqueue(*arguments)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("%s could not be queued for %s; recovery does it later", task.name, arguments)
        return False
    return True
