#!/usr/bin/env python
"""Django's command line. `manage.py sandbox` runs the sandbox AuroraX API under settings of its own."""

import os
import sys


def main() -> None:
    """Pick the settings module by the command, unless the environment names one, and run the command."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    module = "apps.sandbox.settings" if command == "sandbox" else "portal.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)

    from django.core.management import execute_from_command_line  # noqa: PLC0415 - needs the settings module above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
