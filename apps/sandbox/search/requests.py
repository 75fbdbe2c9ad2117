"""Searches by request id: started with 202, followed by polling, fetched when done (API document, SearchQueryResponse)."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from django.http import HttpResponse
from django.utils import timezone

from apps.sandbox import ingest
from apps.sandbox.answers import json_response
from apps.sandbox.errors import ApiError
from apps.sandbox.models import Account, Role, SearchRequest
from apps.sandbox.queries import as_uuid
from apps.sandbox.search import files, results
from apps.sandbox.search.describe import description
from apps.sandbox.search.query import Search
from apps.sandbox.state import state
from apps.sandbox.times import stamp

PATHS = {"ephemeris": "ephemeris", "data_product": "data_products"}


class ResultGone(ApiError):
    """There is no result to read. The API document and its clients disagree on how that is told."""

    def __init__(self, request: SearchRequest) -> None:
        super().__init__(404, f"There is no result file for search request {request.request_id}")

    def response(self) -> HttpResponse:
        """404 with an error document, or 200 with that document under the key `error`."""
        if state.switches.gone == "404":
            return super().response()
        return json_response({"error": {"error_code": self.code, "error_message": self.message}})


def start(search: Search, *, by: Account | None, ip_address: str) -> SearchRequest:
    """Run the search and keep its outcome, to be shown when its time has passed. With an account it is private."""
    expire_files()
    ingest.catch_up()
    requested, began = timezone.now(), time.perf_counter()
    found = results.find(search)
    queried = time.perf_counter() - began
    content = msgspec.json.encode(found)
    request_id = uuid4()
    files.write(request_id, content)
    took = max(time.perf_counter() - began, state.switches.search_seconds)
    request = SearchRequest(
        request_id=request_id,
        request_type=search.kind,
        query=search.document(),
        account=by,
        ip_address=ip_address,
        requested=requested,
        completed_timestamp=requested + timedelta(seconds=took),
        query_duration=round(took * 1000),
        result_count=len(found),
        file_size=results.stored_size(found, content),
    )
    request.logs = _logs(request, search, queried=queried, took=took)
    request.save(force_insert=True)
    return request


def get(kind: str, request_id: str, *, by: Account | None) -> SearchRequest:
    """The search. Raises 404 for an unknown id, one that is no UUID, and a private search of somebody else."""
    expire_files()
    uuid = as_uuid(request_id)
    request = SearchRequest.objects.filter(pk=uuid, request_type=kind).first() if uuid else None
    if request is None or not _may_see(request, by):
        raise ApiError(404, f"No search request found for id {request_id}")
    return request


def status(request: SearchRequest) -> dict[str, Any]:
    """The search, its log and its result; while it runs every value of the result is null."""
    now = timezone.now()
    logs = [entry for entry in request.logs if entry["timestamp"] <= (stamp(now) or "")]
    return {
        "search_request": {
            "request_id": str(request.request_id),
            "query": request.query,
            "requested": stamp(request.requested),
            "request_type": request.request_type,
        },
        "logs": logs,
        "search_result": _result(request, now),
    }


def data(request: SearchRequest) -> list[results.Result]:
    """The records found. Raises 404 while the search runs, when it was cancelled, and when the file is gone."""
    found = (
        None
        if is_active(request) or request.cancelled
        else files.read(request.request_id, request.request_type)
    )
    if found is None:
        raise ResultGone(request)
    return found


def cancel(request: SearchRequest) -> None:
    """Stop a search that runs: it ends with an error and an error line in its log. A finished one stays as it is."""
    if not is_active(request):
        return
    now = timezone.now()
    logs = [entry for entry in request.logs if entry["timestamp"] <= (stamp(now) or "")]
    request.logs = [*logs, _line(now, "error", "The search request was cancelled.")]
    request.cancelled, request.completed_timestamp = True, now
    request.save(update_fields=["logs", "cancelled", "completed_timestamp"])
    files.remove(request.request_id)


def delete_file(request: SearchRequest) -> None:
    """Delete the result; the search itself stays and says since when."""
    if request.result_file_deleted_timestamp is None and not is_active(request):
        files.remove(request.request_id)
        request.result_file_deleted_timestamp = timezone.now()
        request.save(update_fields=["result_file_deleted_timestamp"])


def delete(request: SearchRequest) -> None:
    """Forget a search altogether."""
    files.remove(request.request_id)
    request.delete()


def is_active(request: SearchRequest) -> bool:
    """Whether the search still runs."""
    return timezone.now() < request.completed_timestamp


def expire_files() -> None:
    """Delete results older than their life; the real API's lived for five days in 2021."""
    oldest = timezone.now() - timedelta(minutes=state.switches.result_minutes)
    kept = SearchRequest.objects.filter(completed_timestamp__lt=oldest, result_file_deleted_timestamp=None)
    for request in kept:
        delete_file(request)


def _may_see(request: SearchRequest, account: Account | None) -> bool:
    """Searches without credentials are public; with credentials they are private to the caller (API document)."""
    if request.account_id is None:
        return True
    return account is not None and (account.pk == request.account_id or account.role == Role.ADMINISTRATOR)


def _result(request: SearchRequest, now: datetime) -> dict[str, Any]:
    running, failed = now < request.completed_timestamp, request.cancelled
    path = f"/api/v1/{PATHS[request.request_type]}/requests/{request.request_id}/data"
    return {
        "data_uri": None if running or failed else path,
        "result_count": None if running or failed else request.result_count,
        "result_file_deleted_timestamp": stamp(request.result_file_deleted_timestamp),
        "file_size": None if running or failed else request.file_size,
        "completed_timestamp": None if running else stamp(request.completed_timestamp),
        "query_duration": None if running else request.query_duration,
        "error_condition": None if running else failed,
    }


def _logs(request: SearchRequest, search: Search, *, queried: float, took: float) -> list[dict[str, Any]]:
    """The lines the real API writes, in its order and words; each is shown from its own time on."""
    count, size, began = request.result_count, request.file_size, request.requested
    starting = (
        ("debug", f"Starting {request.request_id} for query {description(search)}")
        if search.kind == "ephemeris"
        else ("info", f"Starting query for {request.request_id}")
    )
    lines = [
        (0.0, "debug", "Search request arrived and saved"),
        (0.0, *starting),
        (queried, "info", f"Finished query in {queried:.2f} seconds."),
        (queried, "debug", "Starting to write data to file"),
        (took, "info", f"Finished writing data, found {count} records in {took - queried:.2f} seconds."),
        (took, "debug", f"File size is {size} bytes."),
        (took, "info", f"Finished search in {took:.2f} seconds and found {count} records."),
    ]
    return [_line(began + timedelta(seconds=after), level, summary) for after, level, summary in lines]


def _line(when: datetime, level: str, summary: str) -> dict[str, Any]:
    return {"timestamp": stamp(when), "level": level, "summary": summary}
