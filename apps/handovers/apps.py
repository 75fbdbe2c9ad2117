"""The handovers app."""

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    """Handing data sources over to another owner."""

    name = "apps.handovers"

    def ready(self) -> None:
        """A lost worker is followed by another, and a new sign-in lets those go on that wait for one."""
        from apps.accounts import kept_sign_ins, sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.handovers import unfinished  # noqa: PLC0415
        from apps.handovers.models import Handover  # noqa: PLC0415
        from apps.handovers.services import resume_after_sign_in  # noqa: PLC0415
        from apps.handovers.tasks import hand_over  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415

        recovery.register(Handover, hand_over)
        kept_sign_ins.register(unfinished.HANDOVERS)
        sign_ins.register(resume_after_sign_in)
