"""What a log line is about: the request and the upload at hand, in whatever module it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST: ContextVar[str] = ContextVar("request_id", default="")
UPLOAD: ContextVar[str] = ContextVar("upload_id", default="")


@contextmanager
def about(variable: ContextVar[str], value: str) -> Iterator[None]:
    """Log lines of this block name `value`."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def fields() -> dict[str, str]:
    """What is at hand now: `request_id`, `upload_id`, or neither."""
    return {each.name: each.get() for each in (REQUEST, UPLOAD) if each.get()}
