"""The ledger: what is compared, sent and read back together, and what became of it."""

import gzip
from datetime import datetime

import msgspec
from django.db import models
from django.db.models.fields.files import FieldFile

from apps.aurorax import times
from apps.uploads.models.upload import Upload


class ChunkState(models.TextChoices):
    """What is known of a chunk. One that was tried and not answered stays `SENDING`: nobody knows, so it is sent again,
    which is harmless because AuroraX replaces a record by its key.
    """

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sent, answer unknown"
    IDENTICAL = "identical", "In AuroraX already"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    VERIFIED = "verified", "Verified"


IN_AURORAX = (ChunkState.ACCEPTED, ChunkState.VERIFIED)


def body_path(chunk: "Chunk", name: str) -> str:
    """Where the body is kept."""
    return f"uploads/{chunk.upload_id}/chunks/{chunk.index:06}.json"


def full_path(chunk: "Chunk", name: str) -> str:
    """Where the completed body is kept."""
    return f"uploads/{chunk.upload_id}/chunks/{chunk.index:06}-full.json"


class Chunk(models.Model):
    """Records that go to AuroraX together, perhaps with those of other chunks. `body` is their JSON array; `first` and `last` are the span of its records.

    A record of `body` has what the file gives. `full` has what is sent instead, where that is not the same: completed with
    what AuroraX keeps.
    `spans` are the spans in which these lie, where there are several far from each other, as times of the API; see `parts`.
    `left_out` are the places (from 0) of records that are not sent, because AuroraX holds them already.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    first = models.DateTimeField()
    last = models.DateTimeField()
    spans = models.JSONField(default=list)
    body = models.FileField(upload_to=body_path)
    full = models.FileField(upload_to=full_path, blank=True)
    left_out = models.JSONField(default=list)
    to_send = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ChunkState.choices, default=ChunkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    answer = models.TextField(blank=True)  # AuroraX's refusal
    key = models.TextField(blank=True)  # of the record that is refused, where it stands alone

    class Meta:
        ordering = ("index",)
        constraints = (models.UniqueConstraint(fields=("upload", "index"), name="one_chunk_for_each_index"),)

    def __str__(self) -> str:
        return f"Chunk {self.index} of {self.upload_id}: {self.count} records, {self.state}"

    @property
    def parts(self) -> list[tuple[datetime, datetime]]:
        """The spans in which its records lie, in time order."""
        return [(times.parse(first), times.parse(last)) for first, last in self.spans] or [
            (self.first, self.last)
        ]

    def as_given(self) -> bytes:
        """The records as the file has them, from storage."""
        return _read(self.body)

    def content(self) -> bytes:
        """The records as they are sent, from storage."""
        return _read(self.full or self.body)

    def sendable(self) -> bytes:
        """The JSON array that is sent, byte for byte: without what is left out."""
        if not self.left_out:
            return self.content()
        left_out = set(self.left_out)
        records = msgspec.json.decode(self.content(), type=list[msgspec.Raw])
        kept = [bytes(record) for place, record in enumerate(records) if place not in left_out]
        return b"[" + b",".join(kept) + b"]"


def _read(body: FieldFile) -> bytes:
    """Also where it has been packed."""
    with body.open("rb") as file:
        content = bytes(file.read())
    return gzip.decompress(content) if str(body.name).endswith(".gz") else content
