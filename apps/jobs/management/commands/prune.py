"""`manage.py prune`: let go of what has been kept long enough. Workers do the same, once an hour."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.template.defaultfilters import filesizeformat

from apps.jobs import retention


class Command(BaseCommand):
    """Says for each kind how much goes."""

    help = "Let go of files, copies, sign-ins, sessions and tasks that have been kept long enough."

    def add_arguments(self, parser: CommandParser) -> None:
        """--dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """One line for each kind."""
        for each in retention.prune(dry_run=dry_run):
            room = f", {filesizeformat(each.size)}" if each.size else ""
            self.stdout.write(f"{'would go' if dry_run else 'gone'}: {each.count:,} {each.kind}{room}")
