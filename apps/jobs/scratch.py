"""A table on disk for as long as a step runs: what it holds can be as large as an upload, and does not fit into memory."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager


class ScratchTable:
    """Bytes by key."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def get(self, key: str) -> bytes | None:
        """What is kept by this key; None where nothing is."""
        found = self._database.execute("SELECT value FROM scratch WHERE key = ?", [key]).fetchone()
        return found[0] if found else None


@contextmanager
def scratch_table(rows: Iterable[tuple[str, bytes]]) -> Iterator[ScratchTable]:
    """A table of these keys and values, of which the last counts where a key comes twice. It goes when the block ends."""
    with tempfile.NamedTemporaryFile() as file, closing(sqlite3.connect(file.name)) as database:
        database.execute("CREATE TABLE scratch (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        database.executemany("INSERT OR REPLACE INTO scratch VALUES (?, ?)", rows)
        yield ScratchTable(database)
