"""`manage.py recover`."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.jobs.recovery import recover_all


class Command(BaseCommand):
    """Wakes a worker for every upload and deletion that should have one and has none."""

    help = "Bring uploads and deletions back to work whose worker was lost. The worker does this by itself as well."

    def handle(self, *args: Any, **options: Any) -> None:
        """Recover once."""
        self.stdout.write(f"Woken: {recover_all()}")
