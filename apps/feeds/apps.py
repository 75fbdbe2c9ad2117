"""The feeds app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Files that the portal fetches by itself."""

    name = "apps.feeds"

    def ready(self) -> None:
        """Whichever worker comes by asks for the feeds that are due."""
        from apps.feeds.tasks import ask_for_looks  # noqa: PLC0415 - models are there only after start
        from apps.jobs import recovery  # noqa: PLC0415

        recovery.register_chore(ask_for_looks)
