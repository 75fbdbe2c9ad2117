"""What programs send: JSON of a known shape, and nothing besides."""

from typing import Annotated, Any, TypeVar

import msgspec
from django import forms
from django.http import HttpRequest, QueryDict

from apps.records.types import RecordType, record_types

NAME = 250  # characters
Answers = dict[str, str]
BodyT = TypeVar("BodyT", bound=msgspec.Struct)


class WrongBody(Exception):
    """What was sent cannot be meant; `message` says what and where."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NewFile(msgspec.Struct, forbid_unknown_fields=True):
    """A file that will be sent: its size in bytes, and its SHA-256 in small hexadecimal letters."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME)]
    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    kind: str = ""
    only_if_all_valid: bool = False
    answers: Answers = {}


class SendOptions(msgspec.Struct, forbid_unknown_fields=True):
    """What is done to what AuroraX holds already, as the buttons of the page say."""

    only_new: bool = False
    empty_missing: bool = False


class UndoOptions(msgspec.Struct, forbid_unknown_fields=True):
    """Whether records that later uploads stand for are undone, too."""

    with_shared: bool = False


def body_of(request: HttpRequest, shape: type[BodyT]) -> BodyT:
    """The body of the request; an empty one says nothing in particular. Raises `WrongBody`."""
    try:
        return msgspec.json.decode(request.body or b"{}", type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongBody(f"The body is not as the documentation says: {error}.") from None


def kind_of(slug: str) -> RecordType:
    """The record type; where it is not named, the first one there is. Raises `WrongBody`."""
    known = {each.slug: each for each in record_types()}
    if slug and slug not in known:
        raise WrongBody(f"There is no kind of records “{slug[:40]}”. Say one of: {', '.join(known)}.")
    return known[slug] if slug else next(iter(known.values()))


def known_answers(kind: RecordType, answers: Answers) -> Answers:
    """Answers that may be given together with a file. Raises `WrongBody`."""
    for question, answer in answers.items():
        choices = kind.beforehand.get(question)
        if choices is None:
            raise WrongBody(
                f"Nothing is asked about {kind.nouns} as “{question[:40]}” that can be answered beforehand."
            )
        if answer not in choices:
            raise WrongBody(f"{question} has to be one of: {', '.join(choices)}.")
    return answers


def checked(form: forms.Form) -> dict[str, Any]:
    """What a form makes of a query. Raises `WrongBody` with all that is wrong."""
    if form.is_valid():
        return form.cleaned_data
    wrong = [f"{name}: {' '.join(map(str, found))}" for name, found in form.errors.items()]
    raise WrongBody(" ".join(wrong))


def number_in(query: QueryDict, name: str) -> int | None:
    """A whole number from the query; None where it is not given. Raises `WrongBody`."""
    text = query.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise WrongBody(f"{name} has to be a whole number.")
    return int(text)
