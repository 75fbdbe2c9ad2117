"""The drafts app."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Long forms as they were typed."""

    name = "apps.drafts"

    def ready(self) -> None:
        """Drafts nobody has come back to are let go."""
        from apps.drafts.retention import old_drafts  # noqa: PLC0415 - models are there only after start
        from apps.jobs.retention import register  # noqa: PLC0415

        register("drafts of forms", old_drafts)
