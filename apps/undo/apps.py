"""The undo app."""

from django.apps import AppConfig


class UndoConfig(AppConfig):
    """Taking back what events tell of."""

    name = "apps.undo"

    def ready(self) -> None:
        """Events get their button."""
        from apps.activity import offers  # noqa: PLC0415 - models are there only after start
        from apps.undo.offering import undo_offers  # noqa: PLC0415

        offers.register(undo_offers)
