"""`aurorax-portal`, and `python -m aurorax_portal`."""

import os
import sys
from collections.abc import Sequence

from aurorax_portal import arguments, exits, report, settings
from aurorax_portal.client import Client, Refusal
from aurorax_portal.commands import COMMANDS
from aurorax_portal.progress import Progress

INTERRUPTED = 130  # as shells have it


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; answers its exit code."""
    chosen = arguments.parser().parse_args(given)
    progress = Progress(quiet=chosen.quiet)
    try:
        found = settings.read(os.environ, url=chosen.url)
        return COMMANDS[chosen.command](chosen, Client(found, patience=chosen.patience), progress)
    except Refusal as refusal:
        code = exits.UNAVAILABLE if refusal.is_for_later else exits.REFUSED
        return _failed(progress, chosen.json, exits.Ended(code, refusal.detail, problem=refusal.body))
    except exits.Ended as ended:
        return _failed(progress, chosen.json, ended)
    except KeyboardInterrupt:
        return _failed(
            progress, chosen.json, exits.Ended(INTERRUPTED, "Broken off. Run the same again to go on.")
        )
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.UNAVAILABLE


def _failed(progress: Progress, as_json: bool, ended: exits.Ended) -> int:
    progress.end()
    if as_json:
        print(report.as_json({"exit_code": ended.code, "message": ended.message, **ended.more}))
    print(f"aurorax-portal: {ended.message}", file=sys.stderr)
    return ended.code


if __name__ == "__main__":
    sys.exit(main())
