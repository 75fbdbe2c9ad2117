"""`manage.py verify_api`: where an AuroraX differs from what we understand it to do."""

import os
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.aurorax import AuroraXCredential, errors
from apps.conformance import BEHAVIOURS, BehaviourResult, Server, Verdict, verify
from apps.conformance.scratch import KEY, NotCleanedUp


class Command(BaseCommand):
    """Looks at every behaviour the portal relies on and at the open questions, and prints what it finds."""

    help = (
        "Compare an AuroraX with the behaviour the portal relies on. Reads only, unless --write is given. The key "
        "comes from the environment variable AURORAX_API_KEY, so that it is in no list of processes. Ends with "
        "status 1 when something differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--url, --write, --patience."""
        parser.add_argument("--url", default=settings.AURORAX_API_URL, help="default: AURORAX_API_URL")
        parser.add_argument(
            "--write",
            action="store_true",
            help=f"also write, only under the data source {', '.join(KEY.values())}, and clean up",
        )
        parser.add_argument(
            "--patience", type=float, default=120, help="seconds to wait for what AuroraX does later (120)"
        )

    def handle(self, *args: Any, url: str, write: bool, patience: float, **options: Any) -> None:
        """Look at everything, print as it comes, sum up."""
        key = os.environ.get("AURORAX_API_KEY", "")
        if write and not key:
            raise CommandError("--write needs the key of an Owner or Administrator: set AURORAX_API_KEY.")
        server = Server(url, AuroraXCredential("api_key", key) if key else None, patience=patience)
        self.stdout.write(f"AuroraX at {url}, {'reading and writing' if write else 'reading only'}\n\n")
        verdicts: Counter[Verdict] = Counter()
        try:
            for finding in verify(server, BEHAVIOURS, write=write):
                verdicts[finding.verdict] += 1
                self._print(finding)
        except (errors.AuroraXError, NotCleanedUp) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n" + ", ".join(f"{verdict}: {verdicts[verdict]}" for verdict in Verdict))
        if verdicts[Verdict.DIFFERS]:
            raise CommandError("This AuroraX differs from what the portal relies on; see above.")

    def _print(self, finding: BehaviourResult) -> None:
        behaviour, verdict, seen = finding
        style = {Verdict.DIFFERS: self.style.ERROR, Verdict.AGREES: self.style.SUCCESS}.get(verdict, str)
        self.stdout.write(f"{style(f'{verdict:9}')} {behaviour.message}")
        if seen:
            self.stdout.write(f"{'':9}   {seen}")
        if verdict is Verdict.DIFFERS:
            self.stdout.write(f"{'':9}   we know it from: {behaviour.source}")
