"""`manage.py portal`: the command line `aurorax-portal`, where the portal itself is installed."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Hands everything that is typed to `aurorax_portal`, and ends with its exit code."""

    help = "The portal without a browser: push, check, status, receipt, pull, undo. See docs/command-line.md."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """It has a parser of its own."""
        sys.path.insert(0, str(settings.BASE_DIR / "cli"))
        from aurorax_portal.__main__ import main  # noqa: PLC0415 - found there only now

        sys.exit(main(argv[2:]))
