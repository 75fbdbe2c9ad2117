"""Chunks on their way from the reader to storage and the ledger."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from apps.uploads import chunks
from apps.uploads.models import Chunk, Upload
from apps.uploads.reader.messages import Part


class ChunkWriter:
    """Writes the chunks of one upload, each in storage and in the ledger.

    A thread of `pool` stores them while the next are read; the ledger is written by this one.
    """

    def __init__(self, upload: Upload, pool: ThreadPoolExecutor) -> None:
        self._upload, self._pool = upload, pool
        self._storing: list[Future[list[Chunk]]] = []
        self._index = 0
        self.size = 0  # bytes that are, or will be, in storage

    def add(self, parts: Sequence[Part]) -> None:
        """Write these after those before."""
        self.finish()
        self._storing.append(self._pool.submit(chunks.store, self._upload, self._index, parts))
        self._index += len(parts)
        self.size += sum(len(part.body) for part in parts)

    def finish(self) -> None:
        """Enter in the ledger what is in storage by now."""
        while self._storing:
            Chunk.objects.bulk_create(self._storing.pop(0).result())

    def forget(self) -> None:
        """Begin from the first chunk again; what is there has been removed."""
        self.finish()
        chunks.clear(self._upload)
        self._index = self.size = 0
