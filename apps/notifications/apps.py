"""The notifications app."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class NotificationsConfig(AppConfig):
    """The bell, e-mail and webhooks. It listens; nothing knows of it."""

    name = "apps.notifications"

    def ready(self) -> None:
        """Hear of what happens, and send what is due."""
        from apps.activity.recording import written  # noqa: PLC0415 - models are there only after start
        from apps.feeds.models import told  # noqa: PLC0415
        from apps.jobs import recovery, retention  # noqa: PLC0415
        from apps.jobs.models import moved  # noqa: PLC0415
        from apps.notifications import occasions, tasks  # noqa: PLC0415
        from apps.notifications.retention import old  # noqa: PLC0415
        from apps.uploads.models import Upload  # noqa: PLC0415

        moved.connect(occasions.on_moved, dispatch_uid="notices-of-jobs")
        written.connect(occasions.on_written, dispatch_uid="notices-of-writes")
        post_delete.connect(occasions.on_deleted, sender=Upload, dispatch_uid="notices-of-no-upload")
        told.connect(occasions.on_feed, dispatch_uid="notices-of-feeds")
        recovery.register_chore(tasks.ask_for_delivery)
        recovery.register_chore(tasks.ask_about_quiet)
        retention.register("old notices", old)
