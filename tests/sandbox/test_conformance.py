"""The sandbox keeps to its own OpenAPI document, whatever it is sent (property-based, by schemathesis)."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.sandbox.conftest import Api
from tests.support.sandbox import SandboxProcess

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = int(
    os.environ.get("PROPERTY_EXAMPLES", "20")
)  # for each operation; at night more, and random ones
NOUNS = ("accounts", "authenticate", "availability", "data_products", "data_sources", "ephemeris", "utils")
KEY = {"x-aurorax-api-key": "sandbox-key-admin"}
TREX = {"program": "trex", "platform": "gillam", "instrument_type": "RGB ASI"}
SEARCH = {
    "data_sources": {"programs": ["trex"]},
    "start": "2020-01-01T00:00:00",
    "end": "2020-01-01T00:10:00",
}


@pytest.fixture(scope="module")
def document(sandbox_process: SandboxProcess) -> Iterator[Any]:
    """The sandbox's document, as it serves it."""
    sandbox_process.reset()
    # The one 500 it answers on purpose, for over-long fields, is told to explain itself.
    sandbox_process.switch(overlong_500=False)
    yield schemathesis.openapi.from_url(f"{sandbox_process.url}/openapi.json")
    sandbox_process.reset()


@pytest.fixture(scope="module")
def finished(document: Any, sandbox_process: SandboxProcess) -> dict[str, str]:
    """The ids of two finished searches, by kind."""
    anyone = Api(sandbox_process.url, {})
    kinds = ("ephemeris", "data_products")
    return {
        kind: anyone.post(f"/{kind}/search", SEARCH).headers["Location"].rpartition("/")[2] for kind in kinds
    }


def _aim(case: Any, finished: dict[str, str]) -> None:
    """Send an example to what is there, source 103 or a finished search, so that it reaches further than a 404."""
    if "identifier" in case.path_parameters:
        case.path_parameters["identifier"] = 103
    if "request_id" in case.path_parameters and case.method == "GET":
        kind = "data_products" if "data_products" in case.path else "ephemeris"
        case.path_parameters["request_id"] = finished[kind]
    bodies = case.body if isinstance(case.body, list) else [case.body]
    for body in bodies:
        if isinstance(body, dict) and {"url", "epoch", "urls"} & set(body):
            body.update(TREX)


def _operations(document: Any) -> Iterator[Any]:
    return (found.ok() for found in document.get_all_operations())


def _noun(operation: Any) -> str:
    """data_sources of /api/v1/data_sources/{identifier}."""
    return str(operation.path).split("/")[3]


def test_every_operation_has_a_noun_that_is_tested(document: Any) -> None:
    assert {_noun(operation) for operation in _operations(document)} == set(NOUNS)


@pytest.mark.slow
@pytest.mark.parametrize("noun", NOUNS)
def test_every_answer_is_as_the_document_says(
    document: Any, finished: dict[str, str], subtests: pytest.Subtests, noun: str
) -> None:
    """No 5xx; no status, content type, header or body that the document does not have."""
    for operation in _operations(document):
        if _noun(operation) == noun:
            with subtests.test(operation.label):
                _try(operation, finished)


def _try(operation: Any, finished: dict[str, str]) -> None:
    """Send examples: in the suite the same ones every time."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        derandomize="PROPERTY_EXAMPLES" not in os.environ,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers_as_documented(case: Any) -> None:
        if len(repr(case.body)) % 2:  # half of the examples, and always the same half
            _aim(case, finished)
        case.call_and_validate(headers=KEY, checks=CHECKS)

    answers_as_documented()
