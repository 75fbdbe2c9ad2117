"""The deletions app."""

from django.apps import AppConfig


class DeletionsConfig(AppConfig):
    """Deletions of records: look, keep a copy, delete, read back."""

    name = "apps.deletions"

    def ready(self) -> None:
        """A new sign-in lets deletions go on that wait for one, a lost worker is followed by another; and uploads learn of
        those deletions that came after them.
        """
        from apps.accounts import kept_sign_ins, sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.activity import offers, retention  # noqa: PLC0415
        from apps.deletions import copies, offering, unfinished  # noqa: PLC0415
        from apps.deletions.later import later_deletions  # noqa: PLC0415
        from apps.deletions.models import Deletion  # noqa: PLC0415
        from apps.deletions.services import resume_after_sign_in  # noqa: PLC0415
        from apps.deletions.tasks import carry_out  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415
        from apps.uploads import later_writes  # noqa: PLC0415

        offers.register(offering.deletion_offers)
        retention.holders.register(copies.copies_named, copies.copies_at_work)
        recovery.register(Deletion, carry_out)
        kept_sign_ins.register(unfinished.DELETIONS)
        later_writes.register(later_deletions)
        sign_ins.register(resume_after_sign_in)
