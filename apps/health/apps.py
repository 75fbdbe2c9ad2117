"""The health app."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Looking at the records that AuroraX holds of a data source."""

    name = "apps.health"

    def ready(self) -> None:
        """A lost worker is followed by another, and a new sign-in lets those go on that wait for one."""
        from apps.accounts import sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.health.checking import check_health  # noqa: PLC0415
        from apps.health.models import HealthCheck  # noqa: PLC0415
        from apps.health.services import resume_after_sign_in  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415

        recovery.register(HealthCheck, check_health)
        sign_ins.register(resume_after_sign_in)
