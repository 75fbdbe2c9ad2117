"""The activity app."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """Events and snapshots."""

    name = "apps.activity"

    def ready(self) -> None:
        """Copies are let go after a while."""
        from apps.activity import retention  # noqa: PLC0415 - models are there only after start
        from apps.jobs.retention import register  # noqa: PLC0415

        register("copies of records, kept long enough", retention.old_copies)
        register("copies for nothing", retention.copies_for_nothing)
        register("files of no copy", retention.files_of_no_copy)
