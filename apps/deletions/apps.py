"""The deletions app."""

from django.apps import AppConfig


class DeletionsConfig(AppConfig):
    """Deletions of records: look, keep a copy, delete, read back."""

    name = "apps.deletions"

    def ready(self) -> None:
        """Deletions are recovered with all other work, and uploads learn of those that came after them."""
        from apps.deletions.later import later_deletions  # noqa: PLC0415 - models are there only after start
        from apps.deletions.services import recover  # noqa: PLC0415
        from apps.jobs import recovery  # noqa: PLC0415
        from apps.uploads import later_writes  # noqa: PLC0415

        recovery.register(recover)
        later_writes.register(later_deletions)
