"""Searches: handed in, waited for, fetched. (API document: /ephemeris/search, /data_products/search and their like)"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Generic, TypeVar

import msgspec
import requests
from django.conf import settings

from apps.aurorax import errors, times
from apps.aurorax.answers import json_of, object_of
from apps.aurorax.durations import RecentDurations
from apps.aurorax.polling import until
from apps.aurorax.records import DataSource
from apps.aurorax.records.rows import DataProductHead, DataProductRow, EphemerisHead, EphemerisRow
from apps.aurorax.transport import Effect, Transport

# Every row repeats its data source; the number is enough to know whose row it is.
ROW_FORMAT = {"data_source_record_format": "identifier_only"}
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds between two looks for the end of a search
GIVEN_UP = "Nobody waits for this search any more."
REQUEST_ID = re.compile(r"/requests/([0-9A-Za-z-]{1,64})/?$")

Row = TypeVar("Row", EphemerisRow, DataProductRow)
Head = TypeVar("Head", EphemerisHead, DataProductHead)
Part = TypeVar("Part")


class RecordSearch:
    """Searches of one kind (`ephemeris` or `data_products`, as in the paths). Signed in, they are private."""

    def __init__(self, transport: Transport, kind: str, at_once: timedelta) -> None:
        """`at_once` is the longest span that a synchronous search takes."""
        self._transport = transport
        self._path = f"/api/v1/{kind}"
        self._at_once = at_once
        self._kind = kind

    def answer(self, source: DataSource, start: datetime, end: datetime, **filters: Any) -> requests.Response:
        """What a search for records of `source` answers, by whichever way takes a span so long. Raises `errors.SearchFailed`."""
        query = {
            "data_sources": criteria(source),
            "start": times.write(start),
            "end": times.write(end),
            **filters,
        }
        return (
            self._synchronous(query) if end - start <= self._at_once else self._by_request(query, end - start)
        )

    def _synchronous(self, query: Mapping[str, Any]) -> requests.Response:
        """What a synchronous search answers."""
        path = f"{self._path}/search_synchronous"
        return self._transport.send("POST", path, Effect.READ, params=ROW_FORMAT, json={"query": query})

    def _by_request(self, query: Mapping[str, Any], span: timedelta) -> requests.Response:
        """What an asynchronous search finds. Raises `errors.SearchFailed`."""
        request_id = self._request(query)
        self._wait_for(request_id, span)
        try:
            answer = self._transport.get(f"{self._path}/requests/{request_id}/data", ROW_FORMAT)
        except errors.NotFound as error:
            raise _result_gone() from error
        _check_result(answer)
        return answer

    def _request(self, query: Mapping[str, Any]) -> str:
        """Hand the search in; its id is the end of the `Location`, whose host is not trusted and not used."""
        answer = self._transport.send("POST", f"{self._path}/search", Effect.READ, json=query)
        found = REQUEST_ID.search(answer.headers.get("Location", ""))
        if found is None:
            raise errors.UnreadableAnswer(
                "AuroraX took the search without saying where its result will be. Try again."
            )
        return found.group(1)

    def _wait_for(self, request_id: str, span: timedelta) -> None:
        """Look for its end, for the first time when the quickest of its like had ended. Raises `errors.SearchFailed`."""
        seconds = getattr(settings, "AURORAX_SEARCH_TIMEOUT", 300)
        # Of those that ask for about as much time: one kind for each power of two of days.
        durations = RecentDurations("search", self._transport.base_url, self._kind, span.days.bit_length())
        began, usual = monotonic(), durations.shortest
        finished = until(
            partial(self._finished, request_id),
            bool,
            seconds=seconds,
            pauses=(max(FIRST_PAUSE, usual / 8), LONGEST_PAUSE),
            after=usual,
            sleep=partial(self._rest, request_id) if self._transport.stop else None,
        )
        if not finished:
            self._cancel(request_id)
            raise errors.SearchFailed(
                "AuroraX takes too long over this search. Ask for a shorter time range."
            )
        durations.add(_duration(finished, monotonic() - began))

    def _rest(self, request_id: str, seconds: float) -> None:
        """Wait, unless nobody wants the search any more."""
        if self._transport.stop and self._transport.stop.wait(seconds):
            self._cancel(request_id)
            raise errors.SearchFailed(GIVEN_UP)

    def _finished(self, request_id: str) -> Mapping[str, Any]:
        """Its status when the result is there, else nothing. Clients differ in which of two fields they wait for; either
        will do.
        """
        try:
            status = object_of(self._transport.get(f"{self._path}/requests/{request_id}"))
        except errors.NotFound as error:
            raise _result_gone() from error
        result = status.get("search_result") or {}
        if result.get("error_condition"):
            raise errors.SearchFailed(_with_last_log(status))
        return status if result.get("completed_timestamp") or result.get("data_uri") else {}

    def _cancel(self, request_id: str) -> None:
        with suppress(errors.AuroraXError):  # a search nobody fetches ends by itself
            self._transport.send("DELETE", f"{self._path}/requests/{request_id}", Effect.IDEMPOTENT)


def criteria(source: DataSource) -> dict[str, Any]:
    """The part of a query that names exactly one source."""
    return {
        "programs": [source.program],
        "platforms": [source.platform],
        "instrument_types": [source.instrument_type],
    }


def rows_of(source: DataSource, answer: requests.Response, row: type[Row]) -> list[Row]:
    """The rows that are this source's own, each as `row`: many times as fast as making dictionaries of them.

    Raises `errors.UnreadableAnswer` for an answer of another shape.
    """
    own = [each for each in _decoded(answer, row) if _is_own(each, source)]
    for each in own:
        each.data_source = None
    return own


def unread_of(
    source: DataSource, answer: requests.Response, head: type[Head]
) -> list[tuple[Head, msgspec.Raw]]:
    """The rows that are this source's own, with their heads and still unread: one that is damaged spoils no other.

    Raises `errors.UnreadableAnswer` for an answer that holds no list of objects.
    """
    rows = zip(_decoded(answer, head), _decoded(answer, msgspec.Raw), strict=True)
    return [(each, row) for each, row in rows if _is_own(each, source)]


class _Result(msgspec.Struct, Generic[Part]):
    """As searches answer; the API document has the bare list."""

    result: list[Part]


def _decoded(answer: requests.Response, part: type[Part]) -> list[Part]:
    try:
        found: Any = msgspec.json.decode(answer.content, type=_Result[part] | list[part])  # type: ignore[valid-type]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise errors.UnreadableAnswer(status=answer.status_code) from error
    parts: list[Part] = found if isinstance(found, list) else found.result
    return parts


def _is_own(row: Row | Head, source: DataSource) -> bool:
    return row.data_source is None or row.data_source.identifier in (None, source.identifier)


def _check_result(answer: requests.Response) -> None:
    """A result file that is gone answers 404, or (seen by PyAuroraX) a success holding `{"error": ...}`."""
    if answer.content[:20].lstrip().startswith(b'{"error"') and "error" in json_of(answer):
        raise _result_gone()


def _result_gone() -> errors.SearchFailed:
    return errors.SearchFailed("AuroraX no longer has the result of this search. Search again.")


def _duration(status: Mapping[str, Any], waited: float) -> float:
    """Seconds that the search took, by AuroraX's clock; without that a little less than was waited for it."""
    try:
        requested = times.parse(status["search_request"]["requested"])
        took = times.parse(status["search_result"]["completed_timestamp"]) - requested
    except (KeyError, TypeError, ValueError):
        return waited * 0.9
    return min(took.total_seconds(), waited)


def _with_last_log(status: Mapping[str, Any]) -> str:
    logs = status.get("logs") or [{}]
    summary = str(logs[-1].get("summary") or "")
    return errors.SearchFailed.default + (f" AuroraX says: {summary}" if summary else "")
