"""What the process that reads a file and the one that keeps what it finds say to each other.

The reader may have been led astray by what is in the file: its messages are checked against these types.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec

from apps.uploads.spans import TimeSpan

Answer = TypeVar("Answer")


class Headers(msgspec.Struct, tag=True, frozen=True):
    """The names of the columns, as the file is read when nobody has chosen anything. Asks for `Recalled`."""

    headers: Sequence[str]


class Recalled(msgspec.Struct, frozen=True):
    """What was chosen for an earlier file with these headers, if anything was."""

    mapping: Mapping[str, str]
    dialect: Mapping[str, Any]
    is_recalled: bool


class Opened(msgspec.Struct, tag=True, frozen=True):
    """How the file is read. Asks whether to read on."""

    format: str
    remark: str
    dialect: Mapping[str, Any]
    headers: Sequence[str]
    names: Sequence[str | None]
    questions: Sequence[Mapping[str, Any]]


class Part(msgspec.Struct, frozen=True):
    """A chunk: a JSON array of records and their merged spans, in UTC."""

    count: int
    spans: Annotated[Sequence[TimeSpan], msgspec.Meta(min_length=1)]
    body: bytes


class Rows(msgspec.Struct, tag=True, frozen=True):
    """Rows read and valid ones among them so far, and the chunks that are complete by now."""

    rows: int
    valid: int
    parts: Sequence[Part]


class Restart(msgspec.Struct, tag=True, frozen=True):
    """The file is read once more from its beginning: forget its chunks."""


class ChunkSpans(msgspec.Struct, tag=True, frozen=True):
    """Asks for the first and the last moment of each chunk."""


class ChunkBody(msgspec.Struct, tag=True, frozen=True):
    """Asks for the body of a chunk."""

    index: int


class Example(msgspec.Struct, frozen=True):
    """A finding that is shown on the page."""

    line: int
    place: str
    value: str


class Group(msgspec.Struct, frozen=True):
    """All findings of one rule in one column."""

    slug: str
    column: str
    count: int
    examples: Sequence[Example]


class Causes(msgspec.Struct, tag=True, frozen=True):
    """What has been found so far, to be shown while the file is read."""

    groups: Sequence[Group]


class Finished(msgspec.Struct, tag=True, frozen=True):
    """All rows have been read. The list of problems is in its file."""

    rows: int
    valid: int
    first: datetime | None
    last: datetime | None
    days: Mapping[str, int]
    first_records: Sequence[bytes]
    given: Sequence[str]
    lacks: Sequence[str]
    time_formats: Mapping[str, str]
    groups: Sequence[Group]
    questions: Sequence[Mapping[str, Any]]
    mended: Sequence[int] = ()  # rows that each fix has changed
    edited: int = 0  # cells
    left_out: int = 0  # rows, as somebody said
    watched: Mapping[str, Any] = msgspec.field(default_factory=dict)  # `Watched.summary()`
    noun: str = "line"  # what rows are counted in


class Unreadable(msgspec.Struct, tag=True, frozen=True):
    """The file as a whole cannot be read: `UnreadableFile`."""

    message: str
    headers: Sequence[str]


class Larger(msgspec.Struct, tag=True, frozen=True):
    """More comes out of the file than was to be read now."""


Message = Headers | Opened | Rows | Causes | Restart | ChunkSpans | ChunkBody | Finished | Unreadable | Larger
encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def decode(payload: bytes | bytearray) -> Message:
    """What the reader says. Raises `msgspec.MsgspecError`."""
    return _decoder.decode(payload)


def answer(payload: bytes | bytearray, expected: type[Answer]) -> Answer:
    """An answer to what the reader has asked."""
    return msgspec.msgpack.decode(payload, type=expected)
