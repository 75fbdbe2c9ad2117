"""Which counts of an AuroraX know of an upload as soon as searches do: what may be left unread hangs on that."""

import time
from collections.abc import Callable

from apps.aurorax import times
from apps.aurorax.records import DataSource
from apps.conformance.behaviours import Need, question
from apps.conformance.server import Server, ServerAnswer
from apps.conformance.writing_records import day, held, row, upload
from apps.conformance.writing_sources import path_of

SCRATCH_DAY = 200  # later than all that other behaviours upload


@question("Which counts know of an upload when searches do?", Need.WRITING)
def counting(server: Server, source: DataSource) -> str:
    """PyAuroraX's examples say that availability lags by ten minutes, and `slow` asks the data; nothing is said of
    statistics. `apps.uploads.steps.held_days` takes `slow` and statistics to be up to date where they agree.
    """
    moment = day(SCRATCH_DAY)
    upload(server, source, [row(source, moment)])
    if len(held(server, source, moment, 1)) != 1:
        return "the record did not arrive"
    return "; ".join(f"{name}: {_known(server, look)}" for name, look in _counts(server, source).items())


def _counts(server: Server, source: DataSource) -> dict[str, Callable[[], bool]]:
    """What is asked, and whether its answer has the record."""
    written, on = times.write(day(SCRATCH_DAY)), day(SCRATCH_DAY).date()

    def statistics() -> bool:
        stats = server.get(path_of(source), include_stats="true").json["stats"]
        return bool(stats["latest_ephemeris_loaded"] == written)

    def available(**query: object) -> bool:
        answer: ServerAnswer = server.get("/availability/ephemeris", start=on, end=on, **source.key, **query)
        return answer.status == 200 and bool(answer.json)

    return {
        "statistics": statistics,
        "availability": available,
        "availability with slow": lambda: available(slow="true"),
    }


def _known(server: Server, look: Callable[[], bool]) -> str:
    """After how many seconds it is."""
    began = time.monotonic()
    while not look():
        if time.monotonic() - began > server.patience:
            return f"not within {server.patience:g} s"
        time.sleep(min(1.0, server.patience))
    waited = time.monotonic() - began
    return "at once" if waited < 1 else f"after {waited:.0f} s"
