"""Comparing the whole file with what AuroraX holds: then it is for the person to decide."""

import msgspec
from django.db import transaction
from django.utils import timezone

from apps.uploads.self_sending import why_wait
from apps.uploads.states import State
from apps.uploads.steps.comparison import ComparisonSummary
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.matching import whole_file
from apps.uploads.steps.unusual import asked_site, held_runs, remarks_of


def run(context: StepContext) -> None:
    """Compare the file; then it is for the person to decide, unless there is nothing to decide, as all is in AuroraX already,
    or they have decided beforehand.
    """
    upload = context.upload
    with asked_site(context) as site:
        tally = _tally_of(context)
        found = tally.counts(upload.valid)
        unusual = remarks_of(context, site(), held_runs(context, found["new"]))
    nothing_to_do = found["identical"] == upload.rows
    with transaction.atomic():
        upload.report.update_fields(
            differences=tally.differences(), unusual=[*map(msgspec.to_builtins, unusual)]
        )
        upload.transition(State.DONE if nothing_to_do else State.CHECKED, compared_at=timezone.now(), **found)
        if upload.state == State.CHECKED and not why_wait(upload):
            upload.transition(State.SENDING, started_at=timezone.now(), ended_at=None, only_new=False)


def _tally_of(context: StepContext) -> ComparisonSummary:
    """How the whole file compares. Raises `errors.AuroraXError` and `Stopped`."""
    tally = ComparisonSummary(context.kind)
    context.upload.update_fields(compared=0)
    for window in whole_file(context, State.COMPARING):
        for match in window.matches:
            tally.add(match)
        done = sum(chunk.count for chunk in window.done)
        context.upload.update_fields(compared=context.upload.compared + done)
    return tally
