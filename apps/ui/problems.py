"""What went wrong, as JSON for programs (RFC 9457). The words are those that people read on pages."""

from typing import Any

from django.http import JsonResponse

TYPE = "urn:aurorax-portal:problem:{slug}"
CONTENT_TYPE = "application/problem+json"


def problem(
    status: int, slug: str, title: str, detail: str = "", *, retry_after: float | None = None, **more: Any
) -> JsonResponse:
    """An answer that says what is wrong. Programs go by `slug`, which is the end of `type`; `detail` is a sentence for people
    that says what to do; `retry_after` is in seconds.
    """
    body = {"type": TYPE.format(slug=slug), "title": title, "status": status, "detail": detail, **more}
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Type"] = CONTENT_TYPE
    if retry_after:
        answer.headers["Retry-After"] = str(max(1, round(retry_after)))
    return answer
