"""What a reader says of a file that it cannot read."""

from collections.abc import Sequence


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why, where, and what to do. `headers` where they are known."""

    def __init__(self, message: str, headers: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers
