"""What AuroraX accepted of an upload, in parts of which each is found by one search."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from apps.aurorax import times
from apps.aurorax.times import TimeSpan
from apps.records.types import RecordRow, RecordType
from apps.uploads.models import Chunk
from apps.uploads.models.chunk import IN_AURORAX
from apps.uploads.spans import meet, merged
from apps.uploads.steps import matching
from apps.uploads.steps.context import StepContext


class SentPart(NamedTuple):
    """The records of these chunks that lie in a span; where a key is no time, all of them, wherever they lie."""

    span: TimeSpan
    chunks: Sequence[Chunk]

    def rows(self, kind: RecordType) -> dict[str, RecordRow]:
        """Them by key, from storage."""
        rows = (row for chunk in self.chunks for row in kind.rows_of(chunk.sendable()))
        if kind.key_is_time:
            first, last = map(times.write, self.span)
            rows = (row for row in rows if first <= kind.span(row)[0] <= last)
        return {kind.key(row): row for row in rows}


def sent_parts(context: StepContext) -> Iterator[SentPart]:
    """All of them. Raises `errors.AuroraXError`."""
    kind, client, source = context.kind, context.client, context.source
    for chunks in _together(context):
        spans = merged(span for chunk in chunks for span in chunk.parts)
        find = partial(kind.windows, client, source, spans, whole_source=True)
        for window in context.with_retries(find):
            yield SentPart(window, [chunk for chunk in chunks if meet(chunk.parts, window)])


def _together(context: StepContext) -> Iterable[list[Chunk]]:
    """Where every search finds something of the whole source, no more than fits into memory at once."""
    if not context.kind.key_is_time:
        return matching.batches(context, IN_AURORAX)
    chunks = list(context.upload.chunks.filter(state__in=IN_AURORAX))
    return [chunks] if chunks else []
