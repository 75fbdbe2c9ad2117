"""Search requests that people have made of AuroraX. For Administrators, who watch them and clean up."""

from datetime import UTC, datetime
from typing import Any

from apps.accounts.models import User
from apps.activity.recording import audited
from apps.aurorax import AuroraX, SearchRequest
from apps.permissions import Action, check

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def found(*, by: User, client: AuroraX, **filters: Any) -> list[SearchRequest]:
    """Search requests that match `filters` (see `AuroraX.searches.list`), newest first.

    Raises `NotAllowed` for anybody but Administrators, as AuroraX does (API: GET /utils/admin/search_requests).
    """
    check(by, Action.SEARCHES_MANAGE)
    requests = client.searches.list(**filters)
    return sorted(requests, key=lambda request: request.requested or LONG_AGO, reverse=True)


def delete(*, by: User, client: AuroraX, request_id: str) -> None:
    """Remove a search request and its result; one that still runs is ended.

    Raises `NotAllowed` and `errors.AuroraXError`.
    """
    check(by, Action.SEARCHES_MANAGE)
    with audited(by=by, action=Action.SEARCHES_MANAGE, summary=f"Deleted the search request {request_id}"):
        client.searches.delete(request_id)
