"""Reading request bodies: JSON into typed structures, with a 400 that says where it went wrong."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from apps.sandbox.errors import invalid

Body = TypeVar("Body")
MOST_SENTENCES = 100

NUL = "Text must not hold the NUL character."


def read(body: bytes, kind: type[Body]) -> Body:
    """`body` as one `kind`. Raises 400 with the first thing that is wrong in it."""
    _refuse_nul(body)
    try:
        content: Body = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise invalid(_sentence(problem)) from None
    return content


def read_rows(body: bytes, kind: type[Body]) -> list[Body]:
    """`body` as an array of `kind`. Raises 400 with a sentence for every row that is wrong, the first hundred of them."""
    _refuse_nul(body)
    try:
        rows: list[Body] = msgspec.json.decode(body, type=list[kind])  # type: ignore[valid-type]  # made at run time
    except msgspec.ValidationError as problem:
        raise invalid(list(_row_problems(body, kind)) or _sentence(problem)) from None
    except (msgspec.DecodeError, RecursionError) as problem:
        raise invalid([_sentence(problem)]) from None
    return rows


def _row_problems(body: bytes, kind: type[Any]) -> Iterator[str]:
    try:
        rows = msgspec.json.decode(body, type=list[Any])
    except (msgspec.DecodeError, RecursionError) as problem:
        yield _sentence(problem)
        return
    problems = 0
    for number, row in enumerate(rows):
        try:
            msgspec.convert(row, kind)
        except msgspec.ValidationError as problem:
            yield f"Record {number}: {_sentence(problem)}"
            problems += 1
        if problems == MOST_SENTENCES:
            return


def _sentence(problem: Exception) -> str:
    return f"{problem}."


def _refuse_nul(body: bytes) -> None:
    """PostgreSQL keeps no NUL in text; the sandbox refuses it on every database alike."""
    if b"\\u0000" in body:
        raise invalid(NUL)
