"""What a reader says of a file that it cannot read."""

from collections.abc import Sequence

from apps.readers.dialect import Dialect


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why, where, and what to do. `headers` where they are known."""

    def __init__(self, message: str, headers: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers


class ReadOtherwise(Exception):
    """Not an error of the file: it has to be opened once more, in this way."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self.dialect = dialect
