"""`python -m tests.bench.real_api sandbox --port 8080`: the sandbox as a real AuroraX lets itself be asked.

It answers 429 where more than MOST_AT_ONCE requests are at work (0: any number), and counts what it is asked by kind. GET
/bench answers the counts, POST begins anew. How long requests, searches and taking in last is the sandbox's own switches.
"""

import json
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from unittest import mock

import django
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application

COMMAND = "apps.sandbox.management.commands.sandbox"
THREADS = 16  # more than clients have connections: each sleeps through the latency
KINDS = (
    ("post", re.compile(r"POST /api/v1/data_sources/\d+/(ephemeris|data_products)")),
    ("delete", re.compile(r"DELETE /api/v1/data_sources/\d+/(ephemeris|data_products)")),
    ("search", re.compile(r"POST /api/v1/(ephemeris|data_products)/search(_synchronous)?")),
    ("poll", re.compile(r"GET /api/v1/(ephemeris|data_products)/requests/[\w-]+")),
    ("result", re.compile(r"GET /api/v1/(ephemeris|data_products)/requests/[\w-]+/data")),
)
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class Asked:
    """What it was asked, and how long requests that send records have taken, from the first to the last."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.most_at_once = self.refused = 0
        self.first_post = self.last_post = 0.0

    def to_json(self) -> bytes:
        """For who asks."""
        told = {"kinds": self.kinds, "most_at_once": self.most_at_once, "refused": self.refused}
        return json.dumps(told | {"posting": self.last_post - self.first_post}).encode()


class RealApi:
    """Around the sandbox's application."""

    def __init__(self, application: Application, most_at_once: int) -> None:
        self._application, self._most = application, most_at_once
        self._lock = threading.Lock()
        self._at_work = 0
        self._asked = Asked()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Count it, and refuse it or have it answered."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == "/bench":
            return self._told(method, start_response)
        if not path.startswith("/api/"):
            return self._application(environ, start_response)
        kind = kind_of(method, path)
        refused = self._begin(kind)
        try:
            if refused:
                environ["wsgi.input"].read()  # else the connection could not be kept
                return _answer(start_response, "429 Too Many Requests", b"{}", ("Retry-After", "1"))
            return self._application(environ, start_response)
        finally:
            self._end(kind)

    def _begin(self, kind: str) -> bool:
        """Whether it is one too many."""
        with self._lock:
            self._at_work += 1
            asked = self._asked
            asked.kinds[kind] += 1
            asked.most_at_once = max(asked.most_at_once, self._at_work)
            refused = 0 < self._most < self._at_work
            asked.refused += refused
            if kind == "post":
                asked.first_post = asked.first_post or time.monotonic()
            return refused

    def _end(self, kind: str) -> None:
        with self._lock:
            self._at_work -= 1
            if kind == "post":
                self._asked.last_post = time.monotonic()

    def _told(self, method: str, start_response: Any) -> Iterable[bytes]:
        with self._lock:
            told = self._asked.to_json()
            if method == "POST":
                self._asked = Asked()
        return _answer(start_response, "200 OK", told)


def kind_of(method: str, path: str) -> str:
    """What a request is for."""
    return next((kind for kind, asked in KINDS if asked.fullmatch(f"{method} {path}")), "other")


def _answer(start_response: Any, status: str, body: bytes, *headers: tuple[str, str]) -> Iterable[bytes]:
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers]
    )
    return [body]


def application() -> RealApi:
    """What is served instead of the sandbox alone."""
    return RealApi(get_wsgi_application(), int(os.environ.get("MOST_AT_ONCE", "0")))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.sandbox.settings"
    django.setup()  # what is patched can be imported from then on
    with (
        mock.patch(f"{COMMAND}.get_wsgi_application", application),
        mock.patch.dict(f"{COMMAND}.GUNICORN", {"threads": THREADS}),
    ):
        execute_from_command_line(sys.argv)
