"""Comparing the whole file with what AuroraX holds: then it is for the person to decide."""

from django.db import transaction
from django.utils import timezone

from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps.comparison import ComparisonSummary
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.matching import batches, matches


def run(context: StepContext) -> None:
    """Compare the file; then it is for the person to decide, unless there is nothing to decide: all in AuroraX already."""
    upload = context.upload
    tally = context.with_retries(lambda: _tally_of(context))
    found = tally.counts(upload.valid)
    nothing_to_do = found["identical"] == upload.rows
    with transaction.atomic():
        upload.transition(State.DONE if nothing_to_do else State.CHECKED, compared_at=timezone.now(), **found)
        upload.report.update_fields(differences=tally.differences())


def _tally_of(context: StepContext) -> ComparisonSummary:
    """How the whole file compares. Raises `errors.AuroraXError` and `Stopped`."""
    tally = ComparisonSummary(context.kind)
    context.upload.update_fields(compared=0)
    for chunks in batches(context, [*ChunkState]):
        for match in matches(context, chunks, State.COMPARING, whole=True):
            tally.add(match)
        context.upload.update_fields(compared=context.upload.compared + sum(chunk.count for chunk in chunks))
    return tally
