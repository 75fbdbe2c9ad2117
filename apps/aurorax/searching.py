"""Searches: handed in, waited for, fetched. (API document: /ephemeris/search, /data_products/search and their like)"""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Generic, TypeVar

import msgspec
import requests
from django.conf import settings

from apps.aurorax import errors
from apps.aurorax.answers import json_of, object_of, objects_of
from apps.aurorax.records import DataSource
from apps.aurorax.records.rows import DataProductRow, EphemerisRow
from apps.aurorax.transport import Effect, Transport

# Every row repeats its data source; the number is enough to know whose row it is.
ROW_FORMAT = {"data_source_record_format": "identifier_only"}
REQUEST_ID = re.compile(r"/requests/([0-9A-Za-z-]{1,64})/?$")
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds between two questions whether a search has finished

Row = dict[str, Any]
TypedRow = TypeVar("TypedRow", EphemerisRow, DataProductRow)


class RecordSearch:
    """Searches of one kind (`ephemeris` or `data_products`, as in the paths). Signed in, they are private."""

    def __init__(self, transport: Transport, kind: str) -> None:
        self._transport = transport
        self._path = f"/api/v1/{kind}"

    def at_once(self, query: Mapping[str, Any], source: DataSource) -> list[Row]:
        """Rows of `source` by a synchronous search."""
        return _rows_of(source, self.answer_at_once(query))

    def by_request(self, query: Mapping[str, Any], source: DataSource) -> list[Row]:
        """Rows of `source` by an asynchronous search. Raises `errors.SearchFailed`."""
        return _rows_of(source, self.answer_by_request(query))

    def answer_at_once(self, query: Mapping[str, Any]) -> requests.Response:
        """What a synchronous search answers."""
        path = f"{self._path}/search_synchronous"
        return self._transport.send("POST", path, Effect.NONE, params=ROW_FORMAT, json={"query": query})

    def answer_by_request(self, query: Mapping[str, Any]) -> requests.Response:
        """What an asynchronous search finds. Raises `errors.SearchFailed`."""
        request_id = self._request(query)
        self._wait_for(request_id)
        try:
            return self._transport.get(f"{self._path}/requests/{request_id}/data", ROW_FORMAT)
        except errors.NotFound as error:
            raise _result_gone() from error

    def _request(self, query: Mapping[str, Any]) -> str:
        """Hand the search in; its id is the end of the `Location`, whose host is not trusted and not used."""
        answer = self._transport.send("POST", f"{self._path}/search", Effect.NONE, json=query)
        found = REQUEST_ID.search(answer.headers.get("Location", ""))
        if found is None:
            raise errors.Unreadable(
                "AuroraX took the search without saying where its result will be. Try again."
            )
        return found.group(1)

    def _wait_for(self, request_id: str) -> None:
        give_up = time.monotonic() + getattr(settings, "AURORAX_SEARCH_TIMEOUT", 300)
        pause = FIRST_PAUSE
        while not self._has_finished(request_id):
            if time.monotonic() + pause > give_up:
                self._cancel(request_id)
                raise errors.SearchFailed(
                    "AuroraX takes too long over this search. Ask for a shorter time range."
                )
            _sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)

    def _has_finished(self, request_id: str) -> bool:
        """Whether the result is there. Clients differ in which of two fields they wait for; either will do."""
        try:
            status = object_of(self._transport.get(f"{self._path}/requests/{request_id}"))
        except errors.NotFound as error:
            raise _result_gone() from error
        result = status.get("search_result") or {}
        if result.get("error_condition"):
            raise errors.SearchFailed(_with_last_log(status))
        return bool(result.get("completed_timestamp") or result.get("data_uri"))

    def _cancel(self, request_id: str) -> None:
        with suppress(errors.AuroraXError):  # a search nobody fetches ends by itself
            self._transport.send("DELETE", f"{self._path}/requests/{request_id}", Effect.SAME)


def criteria(source: DataSource) -> dict[str, Any]:
    """The part of a query that names exactly one source."""
    return {
        "programs": [source.program],
        "platforms": [source.platform],
        "instrument_types": [source.instrument_type],
    }


def typed_rows_of(source: DataSource, answer: requests.Response, row: type[TypedRow]) -> list[TypedRow]:
    """The rows that are this source's own, each as `row`: many times as fast as making dictionaries of them.

    Raises `errors.Unreadable` for an answer of another shape.
    """
    _check_result(answer)
    try:
        found: Any = msgspec.json.decode(answer.content, type=_Result[row] | list[row])  # type: ignore[valid-type]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise errors.Unreadable(status=answer.status_code) from error
    rows: list[TypedRow] = found if isinstance(found, list) else found.result
    own = [
        each
        for each in rows
        if each.data_source is None or each.data_source.identifier in (None, source.identifier)
    ]
    for each in own:
        each.data_source = None
    return own


class _Result(msgspec.Struct, Generic[TypedRow]):
    """As searches answer; the API document has the bare list."""

    result: list[TypedRow]


def _check_result(answer: requests.Response) -> None:
    """A result file that is gone answers 404, or (seen by PyAuroraX) a success holding `{"error": ...}`."""
    if answer.content[:20].lstrip().startswith(b'{"error"') and "error" in json_of(answer):
        raise _result_gone()


def _rows_of(source: DataSource, answer: requests.Response) -> list[Row]:
    """The rows that are this source's own."""
    _check_result(answer)
    return [row for row in objects_of(answer) if _identifier(row) in (None, source.identifier)]


def _identifier(row: Row) -> int | None:
    return (row.get("data_source") or {}).get("identifier")


def _result_gone() -> errors.SearchFailed:
    return errors.SearchFailed("AuroraX no longer has the result of this search. Search again.")


def _with_last_log(status: Mapping[str, Any]) -> str:
    logs = status.get("logs") or [{}]
    summary = str(logs[-1].get("summary") or "")
    return errors.SearchFailed.default + (f" AuroraX says: {summary}" if summary else "")


def _sleep(seconds: float) -> None:
    time.sleep(seconds)
