"""The name that `manage.py recover` had before deletions were recovered too: what calls it still works."""

from apps.jobs.management.commands.recover import Command

__all__ = ["Command"]
