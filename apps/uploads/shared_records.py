"""What later uploads stand for: records of an earlier one that they found in AuroraX with the same values.

They did not send these, so nothing but their ledger says that somebody counts on them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Q, QuerySet

from apps.records.spans import span_of
from apps.records.types import RecordRow, RecordType, type_of
from apps.uploads.models import Chunk, Upload
from apps.uploads.models.chunk import IN_AURORAX, ChunkState
from apps.uploads.spans import TimeSpan
from apps.uploads.states import State
from apps.uploads.steps import kept_values

STANDS = Q(upload__state=State.DONE) | Q(
    Q(upload__state__in=(State.SENDING, State.VERIFYING))
    | Q(upload__state=State.PAUSED, upload__resumes_at=State.SENDING),
    upload__snapshot__isnull=False,
)
STANDS_IN_PART = Q(upload__state=State.CANCELLED, state__in=IN_AURORAX)


def shared(upload: Upload, rows: Mapping[str, RecordRow]) -> dict[str, Upload]:
    """Which of these records, by key, later uploads of the same data source hold with the same values."""
    kind = type_of(upload.kind)
    found: dict[str, Upload] = {}
    if not rows:
        return found
    for chunk in _chunks_beside(upload, span_of(kind, rows.values())):
        for key, row, lacks in _as_given(kind, chunk):
            if key in rows and _agrees(kind, chunk.upload, row, lacks, rows[key]):
                found[key] = chunk.upload
    return found


def _as_given(kind: RecordType, chunk: Chunk) -> Iterator[tuple[str, RecordRow, Sequence[str]]]:
    """The records of a chunk as the file has them, by key, each with the members that it does not have."""
    body = chunk.as_given()
    lacks = kept_values.lacking(chunk.upload, body)
    for place, row in enumerate(kind.rows_of(body)):
        yield kind.key(row), row, lacks[place] if lacks else ()


def _agrees(kind: RecordType, other: Upload, row: RecordRow, lacks: Sequence[str], held: RecordRow) -> bool:
    """Whether the file says the same of a record, in what it gives of it."""
    if not lacks and kind.same(row, held):
        return True
    kept = {} if other.empty_missing else kept_values.kept(other, row, held, lacks)
    return bool(kept or lacks) and kind.same(kept_values.with_kept(row, kept), held)


def counts(upload: Upload) -> list[tuple[Upload, int]]:
    """Each later upload that stands for records of this one, with how many: said before anything is undone."""
    tally: Counter[Upload] = Counter()
    for rows in _sent(upload):
        tally.update(shared(upload, rows).values())
    return tally.most_common()


def _sent(upload: Upload) -> Iterator[dict[str, RecordRow]]:
    """What AuroraX accepted of this upload, by key, chunk by chunk."""
    kind = type_of(upload.kind)
    for chunk in upload.chunks.filter(state__in=IN_AURORAX):
        if _chunks_beside(upload, (chunk.first, chunk.last)).exists():
            yield {kind.key(row): row for row in kind.rows_of(chunk.sendable())}


def _chunks_beside(upload: Upload, span: TimeSpan) -> QuerySet[Chunk]:
    """The chunks, in this span, of uploads that were not over when this one began to send."""
    later = Q(upload__ended_at=None) | Q(upload__ended_at__gte=upload.started_at or upload.created_at)
    others = Chunk.objects.exclude(upload=upload).exclude(state=ChunkState.REFUSED)
    same = others.filter(
        upload__source_identifier=upload.source_identifier,
        upload__kind=upload.kind,
        upload__api_url=upload.api_url,
        upload__let_go_at=None,
    )
    beside = same.filter(later, STANDS | STANDS_IN_PART, first__lte=span[1], last__gte=span[0])
    return beside.select_related("upload").order_by("upload__created_at", "index")
