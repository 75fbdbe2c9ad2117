"""Reading files in the process of the tests, for those that change how it is done."""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from apps.jobs.isolation import Channel, Child, Limits


@contextmanager
def start_in_thread(
    function: Callable[..., None], *, files: Sequence[int], limits: Limits, **arguments: Any
) -> Iterator[Child]:
    """Like `isolation.start`."""
    ours, theirs = socket.socketpair()
    status, reporting = os.pipe()
    opened = [os.fdopen(os.dup(file), "r+b" if place else "rb") for place, file in enumerate(files)]

    def work() -> None:
        with theirs:  # closed, where it ends with an error: nobody waits for it then
            function(Channel(theirs), *opened, **arguments)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield Child(Channel(ours), status, limits)
    finally:
        ours.close()
        thread.join()
        for file in opened:
            file.close()
        os.close(status)
        os.close(reporting)


@pytest.fixture
def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by a thread, which sees what a test has replaced."""
    monkeypatch.setattr("apps.jobs.isolation.start", start_in_thread)
