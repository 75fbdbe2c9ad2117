"""Downloading records by a program."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import DataSource
from tests.support.tokens import Program
from tests.support.uploads import csv_of, minutes

SPAN = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T00:09:00"}


def body_of(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("wanted", ["csv", "json", "ndjson", "parquet"])
def test_the_bytes_are_those_of_the_page(
    program: Program, as_owner: Client, source: DataSource, wanted: str
) -> None:
    program.push(source.identifier, csv_of(*minutes(20)))
    asked = SPAN | {"format": wanted}
    page = as_owner.get(reverse("ephemeris-export-download", args=[source.identifier]), asked)
    answer = program.get(f"sources/{source.identifier}/records", **asked)
    assert answer.headers["Content-Type"] == page.headers["Content-Type"]
    assert body_of(answer) == body_of(page)


def test_csv_of_ephemeris_where_nothing_is_said(program: Program, source: DataSource) -> None:
    program.push(source.identifier, csv_of(*minutes(20)))
    lines = body_of(program.get(f"sources/{source.identifier}/records", **SPAN)).decode().splitlines()
    assert (len(lines), lines[1][:19]) == (11, "2020-01-01T00:00:00")


@pytest.mark.parametrize(
    "wrong",
    [{"end": "2019-01-01T00:00:00"}, {"start": "soon"}, {"format": "pdf"}, {"kind": "dreams"}, {"start": ""}],
)
def test_a_span_that_cannot_be_meant_is_a_problem(
    program: Program, source: DataSource, wrong: dict[str, str]
) -> None:
    answer = program.get(f"sources/{source.identifier}/records", **SPAN | wrong)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "body")


def test_a_data_source_that_is_not_there_is_a_problem(program: Program) -> None:
    answer = program.get("sources/99999999/records", **SPAN)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
