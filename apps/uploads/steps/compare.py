"""Comparing the whole file with what AuroraX holds: then it is for the person to decide."""

import msgspec
from django.db import transaction
from django.utils import timezone

from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps.comparison import ComparisonSummary
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.matching import whole_file
from apps.uploads.steps.unusual import asked_site, held_runs, remarks_of


def run(context: StepContext) -> None:
    """Compare the file; then it is for the person to decide, unless there is nothing to decide: all in AuroraX already."""
    upload = context.upload
    with asked_site(context) as site:
        tally = _tally_of(context)
        found = tally.counts(upload.valid)
        unusual = remarks_of(context, site(), held_runs(context, found["new"]))
    nothing_to_do = found["identical"] == upload.rows
    with transaction.atomic():
        upload.transition(State.DONE if nothing_to_do else State.CHECKED, compared_at=timezone.now(), **found)
        upload.report.update_fields(
            differences=tally.differences(), unusual=[*map(msgspec.to_builtins, unusual)]
        )
        if upload.sends_itself and _is_all_new(upload):
            upload.transition(State.SENDING, started_at=timezone.now(), ended_at=None)


def _is_all_new(upload: Upload) -> bool:
    """Whether nothing would be replaced, and no row is left out: then whoever wanted the upload has decided already."""
    return bool(upload.state == State.CHECKED and upload.new and upload.new + upload.identical == upload.rows)


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
