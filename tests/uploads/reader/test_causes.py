"""What is wrong with a file is told while it is read."""

import io

import pytest

from apps.aurorax import DataSource
from apps.ephemeris.record_type import EPHEMERIS
from apps.jobs.isolation import Channel
from apps.jobs.isolation.channel import Kind
from apps.readers import Dialect
from apps.uploads.reader import messages, process
from apps.uploads.reader.options import ReaderOptions
from apps.uploads.reader.process import read_file

WRONG_ROWS = 60_000


class Listener(Channel):
    """Keeps what the reader says, and lets it go on."""

    def __init__(self) -> None:
        self.heard: list[messages.Message] = []

    def send(self, payload: bytes, kind: Kind = Kind.MESSAGE) -> None:
        self.heard.append(messages.decode(payload))

    def receive(self, largest: int = 1 << 32) -> tuple[Kind, bytearray]:
        return Kind.MESSAGE, bytearray(messages.encode(True))


def test_causes_are_told_before_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "CAUSES_EVERY", 0.0)
    rows = (f"2020-01-01T00:00:00,{90 + row}.5,17.5\n" for row in range(1, WRONG_ROWS + 1))
    content = io.BytesIO(f"epoch,location_geo.lat,location_geo.lon\n{''.join(rows)}".encode())
    options = ReaderOptions(
        kind=EPHEMERIS,
        source=DataSource(7, "a", "b", "c"),
        mapping={},
        dialect=Dialect(),
        chunk_records=500,
        largest_unpacked=2**30,
    )
    listener = Listener()
    read_file(listener, content, io.BytesIO(), io.BytesIO(), options=options)
    counts = [each.groups[0].count for each in listener.heard if isinstance(each, messages.Causes)]
    assert counts == sorted(set(counts))
    assert 0 < counts[0] < WRONG_ROWS
    finished = listener.heard[-1]
    assert isinstance(finished, messages.Finished)
    assert [(group.slug, group.count) for group in finished.groups] == [("latitude", WRONG_ROWS)]
    assert finished.groups[0].examples[0].place == "line 2"
