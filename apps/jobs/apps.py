"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work: the worker command, what it recovers and what it lets go."""

    name = "apps.jobs"

    def ready(self) -> None:
        """Every worker lets go of what has been kept long enough, finished tasks too."""
        from apps.jobs import recovery, retention  # noqa: PLC0415 - models are there only after start
        from apps.jobs.finished_tasks import finished_tasks  # noqa: PLC0415

        recovery.register_chore(retention.prune_now_and_then)
        retention.register("finished tasks", finished_tasks)
