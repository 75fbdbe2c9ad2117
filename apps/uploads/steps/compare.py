"""Comparing the whole file with what AuroraX holds: then it is for the person to decide."""

from django.utils import timezone

from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps.comparison import Tally
from apps.uploads.steps.context import Errand
from apps.uploads.steps.matching import batches, matches


def run(errand: Errand) -> None:
    """Compare the file; then it is for the person to decide, unless there is nothing to decide: all in AuroraX already."""
    upload = errand.upload
    found = errand.patiently(lambda: _tally_of(errand)).saved()
    compared = found | {
        "new": upload.valid - found["changed"] - found["identical"],
        "compared_at": timezone.now(),
    }
    nothing_to_do = found["identical"] == upload.rows
    upload.move(State.DONE if nothing_to_do else State.CHECKED, **compared)


def _tally_of(errand: Errand) -> Tally:
    """How the whole file compares. Raises `errors.AuroraXError` and `Stopped`."""
    tally = Tally(errand.kind)
    for chunks in batches(errand, [*ChunkState]):
        for match in matches(errand, chunks, State.COMPARING, whole=True):
            tally.add(match)
    return tally
