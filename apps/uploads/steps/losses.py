"""What AuroraX does not hold as it was sent: lost on the way, or somebody else's by now.

Only what is not there, or still has the value it had before, can have got lost. A third value is somebody's: sending ours
again would overwrite it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State
from apps.uploads.steps import matching
from apps.uploads.steps.comparison import Match
from apps.uploads.steps.context import StepContext
from apps.uploads.steps.replaced_records import ReplacedRecords


@dataclass
class Losses:
    """Of one chunk: the JSON of what got lost, and the keys of what is somebody else's."""

    lost: list[bytes] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def losses(context: StepContext, before: ReplacedRecords) -> Iterator[Losses]:
    """What is lost and what is somebody else's, chunk by chunk, each looked at when its turn comes."""
    for chunk in list(context.upload.chunks.filter(state=ChunkState.ACCEPTED)):
        yield _of_chunk(context, chunk, before)


def _of_chunk(context: StepContext, chunk: Chunk, before: ReplacedRecords) -> Losses:
    settled, others = set(chunk.left_out), list[str]()
    for match in matching.matches(context, [chunk], State.VERIFYING):
        if match.same or not is_as_before(context, match, before):
            settled.add(match.at.place)
        if not match.same and match.at.place in settled:
            others.append(match.key)
    records = msgspec.json.decode(chunk.content(), type=list[msgspec.Raw])
    found = Losses([bytes(each) for place, each in enumerate(records) if place not in settled], others)
    _write_down(chunk, found)
    return found


def _write_down(chunk: Chunk, found: Losses) -> None:
    """In the ledger, so that its count and what is said of the rest come from one look."""
    lacking = len(found.lost) + len(found.others)
    state = ChunkState.ACCEPTED if lacking else ChunkState.VERIFIED
    Chunk.objects.filter(pk=chunk.pk).update(state=state, verified=chunk.to_send - lacking)


def is_as_before(context: StepContext, match: Match, before: ReplacedRecords) -> bool:
    """Whether AuroraX holds what it held before the upload."""
    old = before.get(match.key)
    return old is not None and context.kind.same(old, match.theirs)
