"""The health app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class HealthConfig(AppConfig):
    """Looking at the records that AuroraX holds of a data source."""

    name = "apps.health"

    def ready(self) -> None:
        """A lost worker is followed by another, and a new sign-in lets those go on that wait for one."""
        from apps.health.checking import check_health  # noqa: PLC0415 - models are there only after start
        from apps.health.models import HealthCheck  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415

        recovery.register(HealthCheck, check_health)
        post_save.connect(_go_on_after_sign_in, sender="accounts.Credential", dispatch_uid="health-goes-on")


def _go_on_after_sign_in(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    from apps.health.services import resume_after_sign_in  # noqa: PLC0415 - models are there only after start

    if update_fields is None and instance.ended_at is None:
        resume_after_sign_in(instance.user)
