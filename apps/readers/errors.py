"""What a reader says of a file that it cannot read."""

from collections.abc import Sequence


class NotReadable(Exception):
    """The file as a whole cannot be read; the sentence says why, where, and what to do. `headers` where they are known."""

    def __init__(self, sentence: str, headers: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = headers
