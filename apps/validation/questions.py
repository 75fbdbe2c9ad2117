"""What only a person can say about a file: asked on the upload's page before anything of it can be sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

SAMPLES = 10  # that are shown with a question


class Question(msgspec.Struct, frozen=True):
    """One question. Its answer is kept in `Dialect.answers` under `name`, and so remembered with the file's header.

    `name` says what it is about, with the column where there is one: "seconds:epoch". `choices` are the answers and
    their labels; `default` is the one chosen beforehand; `samples` are lines that show what is meant. `reopened`: the
    answer there is does not fit this file, or may not, and does not count any more.
    """

    name: str
    text: str
    choices: Mapping[str, str]
    samples: Sequence[str] = ()
    default: str = ""
    reopened: bool = False


def to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """To be kept with the upload."""
    found: list[dict[str, Any]] = msgspec.to_builtins(list(questions))
    return found


def from_json(kept: Sequence[Mapping[str, Any]]) -> list[Question]:
    """As they were kept."""
    return msgspec.convert(kept, list[Question])


def standing(questions: Iterable[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers without those that do not count any more."""
    reopened = {each.name for each in questions if each.reopened}
    return {name: answer for name, answer in answers.items() if name not in reopened}


def unanswered(questions: Iterable[Question], answers: Mapping[str, str]) -> list[Question]:
    """Those without an answer that is one of their choices."""
    return [each for each in questions if answers.get(each.name) not in each.choices]
