"""The deletions app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class DeletionsConfig(AppConfig):
    """Deletions of records: look, keep a copy, delete, read back."""

    name = "apps.deletions"

    def ready(self) -> None:
        """A new sign-in lets deletions go on that wait for one, a lost worker is followed by another; and uploads learn of
        those deletions that came after them.
        """
        from apps.accounts import kept_sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.activity import offers, retention  # noqa: PLC0415
        from apps.deletions import copies, offering, unfinished  # noqa: PLC0415
        from apps.deletions.later import later_deletions  # noqa: PLC0415
        from apps.deletions.models import Deletion  # noqa: PLC0415
        from apps.deletions.tasks import carry_out  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415
        from apps.uploads import later_writes  # noqa: PLC0415

        offers.register(offering.deletion_offers)
        retention.holders.register(copies.copies_named, copies.copies_at_work)
        recovery.register(Deletion, carry_out)
        kept_sign_ins.register(unfinished.DELETIONS)
        later_writes.register(later_deletions)
        post_save.connect(_go_on_after_sign_in, sender="accounts.Credential", dispatch_uid="deletions-go-on")


def _go_on_after_sign_in(instance: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    from apps.deletions.services import resume_after_sign_in  # noqa: PLC0415 - models are there only after start

    if update_fields is None and instance.ended_at is None:
        resume_after_sign_in(instance.user)
