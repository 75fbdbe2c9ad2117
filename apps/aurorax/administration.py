"""What only an Administrator may ask: accounts and everybody's searches."""

from datetime import datetime

from apps.aurorax import times
from apps.aurorax.answers import objects_of, records_of
from apps.aurorax.records import Account, SearchRequest
from apps.aurorax.transport import Effect, Transport


class Accounts:
    """`AuroraX(...).accounts`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, role: str | None = None) -> list[Account]:
        """All accounts, or those with one role. (Not in the API document; seen in PyAuroraX's tests.)"""
        return records_of(
            Account.from_api, objects_of(self._transport.get("/api/v1/accounts", {"role": role}))
        )


class SearchRequests:
    """`AuroraX(...).searches`. (API document: /utils/admin/search_requests)"""

    PATH = "/api/v1/utils/admin/search_requests"

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        active: bool | None = None,
        search_type: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        file_size: int | None = None,
        result_count: int | None = None,
        query_duration: int | None = None,
        error_condition: bool | None = None,
    ) -> list[SearchRequest]:
        """Search requests that match the filters.

        `file_size` here is in kilobytes (in the records it is in bytes), `query_duration` in milliseconds. AuroraX
        takes `file_size` and `result_count` as asking for finished searches, and `error_condition` not with `active`.
        """
        filters = {
            "active": active,
            "search_type": search_type,
            "start": times.write(start) if start else None,
            "end": times.write(end) if end else None,
            "file_size": file_size,
            "result_count": result_count,
            "query_duration": query_duration,
            "error_condition": error_condition,
        }
        return records_of(SearchRequest.from_api, objects_of(self._transport.get(self.PATH, filters)))

    def delete(self, request_id: str) -> None:
        """Remove a search request and its result."""
        if not request_id.replace("-", "").isalnum():
            raise ValueError(f"{request_id!r} is not the id of a search request.")
        self._transport.send("DELETE", f"{self.PATH}/{request_id}", Effect.IDEMPOTENT)
