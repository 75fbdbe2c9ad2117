"""Log lines: one JSON object each where that is wanted, with what they are about and without secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from apps.jobs import log_context
from portal.error_reports import without_secrets
from portal.logs import JsonFormatter, LineFormatter, redacted
from tests.support.uploads import UploadFile, act, csv_of, minutes


class Lines(logging.Handler):
    """Keeps what the JSON log would say."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.entries: list[dict[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.entries.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def test_a_line_of_a_request_names_it_and_the_answer_does_too(client: Client, lines: Lines, db: None) -> None:
    answer = client.get("/nowhere/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy-1"
    entry = next(each for each in lines.entries if "/nowhere/" in each["message"])
    assert (entry["request_id"], entry["level"], entry["logger"]) == (
        "from-the-proxy-1",
        "warning",
        "django.request",
    )


def test_a_request_without_a_usable_id_gets_one(client: Client, db: None) -> None:
    forged = client.get("/healthz", headers={"X-Request-ID": "x\ninjected line"}).headers["X-Request-ID"]
    other = client.get("/healthz").headers["X-Request-ID"]
    assert len(forged) == len(other) == 32
    assert forged != other


def test_lines_of_background_work_name_the_upload(
    as_owner: Client, upload_file: UploadFile, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    log = logging.getLogger("apps.uploads")

    def say(*args: object) -> None:
        log.error("at work")

    monkeypatch.setattr("apps.uploads.tasks.runner.run", say)
    act(as_owner, upload, "send")
    entry = next(each for each in lines.entries if each["message"] == "at work")
    assert entry["upload_id"] == str(upload.pk)
    assert not log_context.UPLOAD.get()


SECRETS = [
    "x-aurorax-api-key: s3cr3t",
    "{'x-aurorax-access-token': 's3cr3t'}",
    "Authorization: Bearer s3cr3t",
    'body: {"email": "a@example.org", "password": "s3cr3t"}',
    "could not connect to postgresql://portal:s3cr3t@db:5432/portal",
    "redis://:s3cr3t@redis:6379/0 is away",
    "email=a%40example.org&password=s3cr3t&next=/",
    "Cookie: sessionid=s3cr3t; csrftoken=s3cr3t",
]


@pytest.mark.parametrize("text", SECRETS)
def test_what_looks_like_a_credential_is_hidden_in_every_format_and_in_reports(text: str) -> None:
    error = ValueError(text)
    record = logging.LogRecord("x", logging.ERROR, "", 1, "%s", (text,), (ValueError, error, None))
    shown = JsonFormatter().format(record) + LineFormatter("{message}", style="{").format(record)
    shown += str(without_secrets({"exception": {"values": [{"value": text}]}}))
    assert "s3cr3t" not in shown
    assert "[hidden]" in shown


@pytest.mark.parametrize("text", ["GET /api/v1/data_sources: 200", "Upload 5: password is wrong", "a@b:c"])
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


def test_reports_leave_out_headers_and_cookies() -> None:
    report = without_secrets({"request": {"headers": {"Any": "s3cr3t"}, "cookies": "s3cr3t", "url": "/a"}})
    assert "s3cr3t" not in str(report)
    assert report["request"]["url"] == "/a"
