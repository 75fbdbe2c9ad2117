"""Libraries written in Rust, handed a file nobody has looked at: whatever they say about it, people get a message."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from apps.readers.errors import ReadOtherwise, UnreadableFile

logger = logging.getLogger(__name__)


@contextmanager
def as_unreadable(message: str) -> Iterator[None]:
    """Raise `UnreadableFile` with the message for anything that goes wrong inside."""
    try:
        with without_panic(message):
            yield
    except (UnreadableFile, ReadOtherwise, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - that is what this is for
        raise UnreadableFile(message) from None


@contextmanager
def without_panic(message: str) -> Iterator[None]:
    """Raise `UnreadableFile` with the message for a panic in Rust, which would take the whole process down.

    It arrives as a BaseException of a class that cannot be imported; what stops a program (Ctrl-C) passes.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        logger.exception("A panic in Rust")
        raise UnreadableFile(message) from None
