"""Where deletions were carried out until release 0.2: tasks that were queued then name this place."""

from apps.deletions.tasks import carry_out

__all__ = ["carry_out"]
