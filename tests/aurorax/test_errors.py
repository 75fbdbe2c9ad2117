"""The tree of exceptions and its sentences."""

import pickle

import pytest

from apps.aurorax import errors


def family(root: type[errors.AuroraXError]) -> list[type[errors.AuroraXError]]:
    return [root, *(member for child in root.__subclasses__() for member in family(child))]


EVERY_ERROR = family(errors.AuroraXError)


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_has_a_sentence_for_a_person(kind: type[errors.AuroraXError]) -> None:
    message = kind().message
    assert message.startswith("AuroraX") or "AuroraX" in message
    assert message.endswith(".")
    assert str(kind()) == message


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_errors_survive_the_way_through_a_task_queue(kind: type[errors.AuroraXError]) -> None:
    error = kind("Because.", status=400, code="Other", error_message="because")
    error.outcome_unknown = True
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.message, copy.status, copy.code, copy.error_message) == (
        error.message,
        400,
        "Other",
        "because",
    )


def test_each_error_belongs_to_one_family() -> None:
    for kind in EVERY_ERROR[1:]:
        assert issubclass(kind, errors.TryAgain) != issubclass(kind, errors.Refused)


def test_a_write_that_may_have_worked_says_so() -> None:
    assert "look before you try again" in errors.Unreachable(outcome_unknown=True).message
    assert "look before you try again" not in errors.Unreachable().message
