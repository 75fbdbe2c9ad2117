"""Putting deleted records back without replacing what somebody has put there since.

A restored record is an old one: whoever has written to its key after the deletion meant the new value. So each chunk is
looked at right before it is sent, and what has changed since it was compared is left out of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction

from apps.uploads import before, comparing, losses
from apps.uploads.before import Before
from apps.uploads.errands import Errand
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import ChunkState
from apps.uploads.states import State


class Guard:
    """Looks at chunks right before they are sent."""

    def __init__(self, errand: Errand, old: Before) -> None:
        self._errand, self._old = errand, old
        self._others: list[str] = list(errand.upload.others.get("sending", {}).get("listed", []))

    def leave_out(self, chunk: Chunk) -> bool:
        """Take out of the chunk what somebody has written since it was compared; whether anything is left to send."""
        theirs = self._errand.patiently(partial(self._theirs, chunk))
        if not theirs:
            return True
        self._others += theirs
        chunk.left_out = sorted({*chunk.left_out, *theirs.values()})
        chunk.to_send = chunk.count - len(chunk.left_out)
        chunk.state = chunk.state if chunk.to_send else ChunkState.IDENTICAL
        with transaction.atomic():
            chunk.save(update_fields=["left_out", "to_send", "state"])
            self._errand.upload.set_others("sending", self._others)
        return bool(chunk.to_send)

    def _theirs(self, chunk: Chunk) -> dict[str, int]:
        """The keys of what is neither as it was compared nor as it is sent, with their places in the chunk."""
        return {
            match.key: match.at.place
            for match in comparing.matches(self._errand, [chunk], State.SENDING)
            if not match.same and not losses.is_as_before(self._errand, match, self._old)
        }


@contextmanager
def guarding(errand: Errand) -> Iterator[Guard | None]:
    """A guard for an upload that restores a deletion; none for others, which are compared twice (decision 8)."""
    if errand.upload.restores is None:
        yield None
        return
    with before.opened(errand.upload, errand.kind) as old:
        yield Guard(errand, old)
