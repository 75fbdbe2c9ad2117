"""The document, against the addresses there are and against real answers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern
from jsonschema import Draft202012Validator

from apps.api import urls
from apps.aurorax import DataSource
from tests.support.tokens import Program, announced
from tests.support.uploads import csv_of, minutes

WEEK = csv_of(*minutes(3), "never,1,2,x")


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def documented(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


def test_it_names_every_address_and_no_other(document: dict[str, Any]) -> None:
    patterns = [each for each in urls.urlpatterns if isinstance(each, URLPattern)]
    routes = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/{each.pattern}") for each in patterns}
    assert set(document["paths"]) == routes - {"/api/{rest}"}


def test_every_method_is_one_that_the_address_takes(program: Program, document: dict[str, Any]) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    for path, operations in document["paths"].items():
        address = path.format(identifier=1, file_id=nowhere, upload_id=nowhere)
        for method in {"get", "post", "put", "patch", "delete", "head"} - {"head"}:
            answer = program.client.generic(method.upper(), address)
            assert (answer.status_code != 405) == (method in operations), f"{method} {address}"
            if answer.status_code == 405 and address != "/api/openapi.json":
                assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_shape_it_names_is_there(document: dict[str, Any]) -> None:
    named = set(re.findall(r"'#/components/schemas/(\w+)'", str(document)))
    assert named == set(document["components"]["schemas"])
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_answers_are_as_it_says(program: Program, source: DataSource, document: dict[str, Any]) -> None:
    operations = dict(documented(document))
    seen = set()

    def check(method: str, path: str, answer: Any) -> Any:
        operation = operations[f"{method} /api/{path}"]
        seen.add(f"{method} /api/{path}")
        code = str(
            200 if answer.status_code == 201 and "200" in operation["responses"] else answer.status_code
        )
        content = operation["responses"][code].get("content", {})
        if "application/json" not in content:
            return None
        schema = content["application/json"]["schema"] | {"components": document["components"]}
        body = answer.json()
        Draft202012Validator(schema).validate(body)
        return body

    check("GET", "openapi.json", program.get("openapi.json"))
    check("GET", "token", program.get("token"))
    new = f"sources/{source.identifier}/files"
    begun = check("POST", "sources/{identifier}/files", program.post(new, announced(WEEK)))
    file = f"files/{begun['file']['id']}"
    check("PATCH", "files/{file_id}", program.patch(file, 0, WEEK))
    check("GET", "files/{file_id}", program.get(file))
    check("HEAD", "files/{file_id}", program.client.head(f"/api/{file}"))
    made = check("POST", "files/{file_id}/upload", program.post(f"{file}/upload"))
    known = program.post(new, announced(WEEK))
    assert known.status_code == 200
    Draft202012Validator(
        {"$ref": "#/components/schemas/FileOrUpload", "components": document["components"]}
    ).validate(known.json())
    upload = f"uploads/{made['upload']['id']}"
    for verb in ("send", "undo", "resume"):
        check("POST", f"uploads/{{upload_id}}/{verb}", program.post(f"{upload}/{verb}"))
    for part in ("findings", "receipt", "problems.csv"):
        check("GET", f"uploads/{{upload_id}}/{part}", program.get(f"{upload}/{part}"))
    check("GET", "uploads/{upload_id}", program.get(upload))
    check("GET", "uploads", program.get("uploads"))
    other = program.bring(source.identifier, csv_of(*minutes(4)))
    check("POST", "uploads/{upload_id}/cancel", program.post(f"uploads/{other['id']}/cancel"))
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-02T00:00:00"}
    check("GET", "sources/{identifier}/records", program.get(f"sources/{source.identifier}/records", **span))
    check("DELETE", "files/{file_id}", program.client.delete(f"/api/{file}"))
    assert seen == set(operations)


def test_problems_are_as_it_says(program: Program, source: DataSource, document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["Problem"]
    answers: list[Any] = [
        Client().get("/api/token"),
        program.get("no/such/address"),
        program.get("uploads/00000000-0000-4000-8000-000000000000"),
        program.post("token"),
        program.post(f"sources/{source.identifier}/files", []),
    ]
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/problem+json"
        Draft202012Validator(schema).validate(answer.json())
        assert answer.json()["status"] == answer.status_code


def test_a_fault_of_the_portal_is_a_problem_too(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("apps.api.views.uploads.number_in", broken)
    answer = program.get("uploads")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (500, "fault")
    assert "ZeroDivision" not in answer.content.decode()
