"""Uploads and files as the API answers them. The words are those of the pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from apps.api.outcomes import outcome_of
from apps.aurorax import times
from apps.uploads import unusual
from apps.uploads.models import IncomingFile, Problem, Upload
from apps.uploads.page import UploadPage
from apps.uploads.sendable import why_not_send
from apps.uploads.states import State
from apps.validation import questions

EXAMPLES = 10  # of a finding


def upload_json(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    """Where it stands. Times are UTC, sizes bytes, counts records, but for `rows`."""
    page = UploadPage(upload, may_act=False)
    done, total = page.bar or (0, 0)
    return {
        "id": str(upload.pk),
        "page": request.build_absolute_uri(reverse("upload-detail", args=[upload.pk])),
        "source": upload.source_identifier,
        "source_name": upload.source_name,
        "kind": upload.kind,
        "file": {"name": upload.name, "size": upload.size, "sha256": upload.sha256, "format": upload.format},
        "state": upload.state,
        "outcome": outcome_of(upload).value,
        "title": page.title,
        "message": page.message,
        "why_not_send": why_not_send(upload) if upload.state == State.CHECKED else "",
        "progress": {"done": done, "total": total, "percent": page.percent},
        "rows": {"read": upload.rows, "valid": upload.valid, "with_problems": upload.with_problems},
        "records": {
            "new": upload.new,
            "changed": upload.changed,
            "identical": upload.identical,
            "accepted": upload.sent,
            "refused": upload.refused,
            "verified": upload.verified,
        },
        "undo": upload.undone or None,
        "first": times.write(upload.first) if upload.first else None,
        "last": times.write(upload.last) if upload.last else None,
        "received": times.write(upload.created_at),
        "ended": times.write(upload.ended_at) if upload.ended_at else None,
    }


def file_json(request: HttpRequest, file: IncomingFile) -> dict[str, Any]:
    """How much of it is here."""
    return {
        "id": str(file.pk),
        "address": request.build_absolute_uri(reverse("api-file", args=[file.pk])),
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "offset": file.offset,
        "upload": str(file.upload_id) if file.upload_id else None,
    }


def findings_json(upload: Upload) -> list[dict[str, Any]]:
    """What was found in the file, by cause: what a person has to say first, then the worst."""
    return [*_open_questions(upload), *map(_finding, upload.problems.all()), *_unusual(upload)]


def _unusual(upload: Upload) -> list[dict[str, Any]]:
    """What nobody has said to be right for the data source."""
    hint = (
        "Look at it before you send. If it is right, say so on the page of this upload: it is not told again."
    )
    return [
        {
            "severity": "warning",
            "rule": f"unusual-{told.kind}",
            "column": "",
            "message": told.text,
            "hint": hint,
        }
        | {
            "count": max(told.how_many, 1),
            "examples": [{"place": told.rows, "value": ""}] if told.rows else [],
        }
        for told in unusual.told(upload)
        if not told.is_right
    ]


def _open_questions(upload: Upload) -> list[dict[str, Any]]:
    if upload.state != State.NEEDS_COLUMNS:
        return []
    answers = upload.chosen_dialect.get("answers", {})
    asked = questions.unanswered(questions.from_json(upload.questions), answers)
    unknown = [
        _question("unknown-column", header, f"“{header}” is no column that the portal knows.")
        for header in upload.unknown_headers
    ]
    return unknown + [_question("question", each.name.partition(":")[2], each.text) for each in asked]


def _question(rule: str, column: str, text: str) -> dict[str, Any]:
    hint = "Answer it once on the page of this upload, and send it there: the next file with these columns is read alike."
    return {"severity": "question", "rule": rule, "column": column, "message": text, "hint": hint} | {
        "count": 1,
        "examples": [],
    }


def _finding(problem: Problem) -> dict[str, Any]:
    rule = problem.rule
    shown = problem.placed_examples[:EXAMPLES]
    return {
        "severity": problem.severity,
        "rule": problem.slug,
        "column": problem.column,
        "message": rule.message,
        "hint": rule.hint,
        "count": problem.count,
        "examples": [{"place": str(each["place"]), "value": str(each.get("value", ""))} for each in shown],
    }
