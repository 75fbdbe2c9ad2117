"""The handovers app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class HandoversConfig(AppConfig):
    """Handing data sources over to another owner."""

    name = "apps.handovers"

    def ready(self) -> None:
        """A lost worker is followed by another, and a new sign-in lets those go on that wait for one."""
        from apps.accounts import kept_sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.handovers import unfinished  # noqa: PLC0415
        from apps.handovers.models import Handover  # noqa: PLC0415
        from apps.handovers.tasks import hand_over  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415

        recovery.register(Handover, hand_over)
        kept_sign_ins.register(unfinished.HANDOVERS)
        post_save.connect(_go_on_after_sign_in, sender="accounts.Credential", dispatch_uid="handovers-go-on")


def _go_on_after_sign_in(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    from apps.handovers.services import resume_after_sign_in  # noqa: PLC0415 - models are there only after start

    if update_fields is None and instance.ended_at is None:
        resume_after_sign_in(instance.user)
