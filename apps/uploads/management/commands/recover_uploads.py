"""`manage.py recover_uploads`."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.uploads.recovering import recover


class Command(BaseCommand):
    """Wakes a worker for every upload that should have one and has none."""

    help = "Bring uploads back to work whose worker was lost. The worker does this by itself as well."

    def handle(self, *args: Any, **options: Any) -> None:
        """Recover once."""
        self.stdout.write(f"Uploads woken: {recover()}")
