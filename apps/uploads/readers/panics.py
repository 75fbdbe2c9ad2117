"""Libraries written in Rust, handed a file nobody has looked at: whatever they say about it, people get a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.uploads.columns import NotReadable


@contextmanager
def as_sentence(sentence: str) -> Iterator[None]:
    """Raise `NotReadable` with the sentence for anything that goes wrong inside.

    A panic in Rust arrives as a BaseException of a class that cannot be imported; what stops a program (Ctrl-C) passes.
    """
    try:
        yield
    except NotReadable:
        raise
    except Exception:  # noqa: BLE001 - that is what this is for
        raise NotReadable(sentence) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NotReadable(sentence) from None
