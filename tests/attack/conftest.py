"""Somebody who tries things, and whether the portal stood it."""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pytest
from django.test import Client

from apps.aurorax import DataSource
from tests.conftest import NewSource
from tests.support.uploads import _no_waiting, upload_file  # noqa: F401

MOST_SECONDS = 10.0  # of processor time: how busy the machine is says nothing about the portal
Item = TypeVar("Item")
Try = Callable[..., Any]


def some(cases: Sequence[Item], every: int) -> list[Item]:
    """All with `make attack`; in `make test` one of so many, always the same ones."""
    return list(cases) if "ATTACK" in os.environ else list(cases)[::every]


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    """A data source of owner@example.org, which nobody else looks after."""
    return new_source()


@pytest.fixture
def attack() -> Try:
    """Sends a request: `attack(client, "post", address, fields)`; the answer, which must be none of 500 or more, in time."""

    def send(client: Client, method: str, address: str, *arguments: Any, **more: Any) -> Any:
        client.raise_request_exception = False
        started = time.process_time()
        answer = getattr(client, method)(address, *arguments, **more)
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code < 500, (answer.status_code, address)
        assert time.process_time() - started < MOST_SECONDS
        return answer

    return send
