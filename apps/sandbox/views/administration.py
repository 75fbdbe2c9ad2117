"""/utils/admin/search_requests: what Administrators see of everybody's searches (API document, "Utils")."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.sandbox import auth
from apps.sandbox.answers import empty, json_response
from apps.sandbox.errors import invalid
from apps.sandbox.models import SearchRequest
from apps.sandbox.queries import SEARCH_TYPES, as_uuid, flag, number, word
from apps.sandbox.roles import check_administrator
from apps.sandbox.search import files, requests
from apps.sandbox.times import moment, stamp
from apps.sandbox.views.resource import Resource

KILOBYTE = 1000  # bytes


class SearchRequests(Resource):
    """Everybody's searches."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The searches that meet every filter, the newest first."""
        check_administrator(auth.required(request), what="list search requests")
        requests.expire_files()
        return json_response([_row(found) for found in _filtered(request).order_by("-requested")])


class SearchRequestDetail(Resource):
    """One search of anybody."""

    def delete(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """Forget it. Works in maintenance mode too. An unknown id is a 400: this call has no 404 (API document)."""
        check_administrator(auth.required(request), what="remove search requests")
        uuid = as_uuid(request_id)
        found = SearchRequest.objects.filter(pk=uuid).first() if uuid else None
        if found is None:
            raise invalid(f"No search request found for id {request_id}")
        requests.delete(found)
        return empty()


def _filtered(request: HttpRequest) -> "QuerySet[SearchRequest]":
    """The filters of the API document: sizes, counts and durations are least values; `file_size` is in kilobytes."""
    found = SearchRequest.objects.all()
    if search_type := word(request, "search_type", SEARCH_TYPES):
        found = found.filter(request_type=search_type)
    for name, lookup in (("start", "requested__gte"), ("end", "requested__lte")):
        if text := request.GET.get(name):
            found = found.filter(**{lookup: moment(text, name=name)})
    least_size, least_count = number(request, "file_size", bits=63), number(request, "result_count", bits=32)
    active = flag(request, "active")
    if least_size is not None or least_count is not None:
        active = False  # only a finished search has a size and a count
        found = found.filter(file_size__gte=(least_size or 0) * KILOBYTE, result_count__gte=least_count or 0)
    least_duration = number(request, "query_duration", bits=63)
    if least_duration is not None:
        found = found.filter(query_duration__gte=least_duration)
    return _by_state(found, active, error_condition=flag(request, "error_condition"))


def _by_state(
    found: "QuerySet[SearchRequest]", active: bool | None, *, error_condition: bool | None
) -> "QuerySet[SearchRequest]":
    """Running or finished searches; whether a search failed is only asked of finished ones."""
    now = timezone.now()
    if active is not None:
        found = (
            found.filter(completed_timestamp__gt=now)
            if active
            else found.filter(completed_timestamp__lte=now)
        )
    if error_condition is not None and not active:
        found = found.filter(cancelled=error_condition)
    return found


def _row(request: SearchRequest) -> dict[str, Any]:
    """A search in the API's shape (API document, SearchRequestListing)."""
    active = requests.is_active(request)
    outcome = not active and not request.cancelled
    return {
        "search_type": request.request_type,
        "ip_address": request.ip_address,
        "request_id": str(request.request_id),
        "requested": stamp(request.requested),
        "active": active,
        "query_duration": None if active else request.query_duration,
        "result_file_exists": outcome and files.exists(request.request_id),
        "file_size": request.file_size if outcome else None,
        "result_count": request.result_count if outcome else None,
        "error_condition": None if active else request.cancelled,
    }
