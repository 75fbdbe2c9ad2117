"""The uploads app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class UploadsConfig(AppConfig):
    """Any table of records from file to AuroraX: read, check, send, verify."""

    name = "apps.uploads"

    def ready(self) -> None:
        """A new sign-in lets uploads go on that wait for one; a lost worker is followed by another."""
        from apps.jobs import recovery  # noqa: PLC0415 - models are there only after start
        from apps.uploads.recovery import recover  # noqa: PLC0415

        recovery.register(recover)
        post_save.connect(_go_on_after_sign_in, sender="accounts.Credential", dispatch_uid="uploads-go-on")


def _go_on_after_sign_in(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    from apps.uploads.services import resume_after_sign_in  # noqa: PLC0415 - models are there only after start

    if update_fields is None and instance.ended_at is None:
        resume_after_sign_in(instance.user)
