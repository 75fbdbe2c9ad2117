"""Reading what came back: JSON out of a good answer, one exception out of a bad one.

Errors reach us in every shape of AuroraX's own (`error_message` or `message`, one object or a list of them) and as
whatever a proxy in front of it makes up: HTML, plain text, nothing at all.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar, overload

import msgspec
import requests

from apps.aurorax import errors
from apps.aurorax.credential import AuroraXCredential

Row = TypeVar("Row")
Record = TypeVar("Record")

REFUSALS: dict[int, type[errors.Refused]] = {
    403: errors.NotPermitted,
    404: errors.NotFound,
    409: errors.Conflict,
}
# Maintenance is known by its text, in any case; "slow mode" is how availability says the same (API document, 503).
MAINTENANCE_WORDS = ("maintenance mode", "slow mode is currently not available")
TOO_LARGE = "This is too large for AuroraX in one piece. Send fewer records at once."
LONGEST_MESSAGE = 500  # characters of AuroraX's own text that are kept


def json_of(response: requests.Response) -> Any:
    """The decoded body. Raises `UnreadableAnswer` when it is empty, cut off, or not JSON."""
    try:
        return msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        problem = errors.UnreadableAnswer(status=response.status_code)
    raise problem


def objects_of(response: requests.Response) -> list[dict[str, Any]]:
    """The decoded body as a list of objects; also one wrapped as `{"result": [...]}`, as searches answer."""
    body = json_of(response)
    rows = body.get("result") if isinstance(body, dict) else body
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise errors.UnreadableAnswer(status=response.status_code)
    return rows


def object_of(response: requests.Response) -> dict[str, Any]:
    """The decoded body as one object."""
    body = json_of(response)
    if not isinstance(body, dict):
        raise errors.UnreadableAnswer(status=response.status_code)
    return body


def texts_of(response: requests.Response) -> list[str]:
    """The decoded body as a list of strings."""
    body = json_of(response)
    if not isinstance(body, list):
        raise errors.UnreadableAnswer(status=response.status_code)
    return [str(text) for text in body]


def record_of(make: Callable[[Row], Record], row: Row) -> Record:
    """One record out of a decoded object. Raises `UnreadableAnswer` when the object has another shape than documented."""
    try:
        return make(row)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise errors.UnreadableAnswer(
            "AuroraX answered with a record the portal cannot read. Tell the portal's administrator."
        ) from error


def records_of(make: Callable[[Row], Record], rows: Iterable[Row]) -> list[Record]:
    """Like `record_of`, for a whole list."""
    return [record_of(make, row) for row in rows]


class LazyRecords(Sequence[Record], Generic[Row, Record]):
    """Like `records_of`, each record made when it is asked for: a page of a hundred out of thousands costs a hundred."""

    def __init__(self, make: Callable[[Row], Record], rows: Sequence[Row]) -> None:
        self._make, self._rows = make, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Record: ...

    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...

    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, slice):
            return records_of(self._make, self._rows[place])
        return record_of(self._make, self._rows[place])


def check_success(response: requests.Response, credential: AuroraXCredential | None = None) -> None:
    """Raise what a status says: everything from 400 on is an error, always; so are a redirect and a page of HTML.

    Should the server repeat the secret of `credential` in its message, it is cut out.
    """
    if 200 <= response.status_code < 300 and not _is_html(response):
        return
    raise problem_of(response, credential)


def problem_of(
    response: requests.Response, credential: AuroraXCredential | None = None
) -> errors.AuroraXError:
    """The exception for an answer that is not a success."""
    status = response.status_code
    documents, listed = _error_documents(response)
    code = next((str(document["error_code"]) for document in documents if document.get("error_code")), None)
    messages = [_message(document, credential) for document in documents]
    message = "; ".join(text for text in messages if text)[:LONGEST_MESSAGE]
    details: dict[str, Any] = {"status": status, "code": code, "error_message": message}
    if status < 400:
        return errors.UnreadableAnswer(_not_aurorax(status), **details, outcome_unknown=status < 300)
    if status == 429 or code == "ToManyRequests":
        return _with_pause(errors.TooManyRequests(**details), response)
    if status >= 500:
        return _with_pause(_server_trouble(status, message, details), response)
    if status == 404 and not documents:
        return errors.UnreadableAnswer(_not_aurorax(status), **details)
    return _refusal(status, messages if listed else [], details)


def _server_trouble(status: int, message: str, details: dict[str, Any]) -> errors.TryAgain:
    if status == 503 and any(words in message.lower() for words in MAINTENANCE_WORDS):
        return errors.Maintenance(**details)
    return errors.ServerError(_said(errors.ServerError, details), **details, outcome_unknown=True)


def _refusal(status: int, rows: list[str], details: dict[str, Any]) -> errors.AuroraXError:
    if status == 408:
        return errors.Unreachable(**details, outcome_unknown=True)
    if status == 413:
        return errors.InvalidRequest(TOO_LARGE, **details)
    if status == 401:
        return errors.NotSignedIn(**details)
    kind = REFUSALS.get(status)
    if kind is None:
        return errors.InvalidRequest(_said(errors.InvalidRequest, details), rows=rows, **details)
    return kind(_said(kind, details), **details)


def _said(kind: type[errors.AuroraXError], details: dict[str, Any]) -> str:
    """Our message with AuroraX's own words behind it."""
    return kind.default + (f" AuroraX says: {details['error_message']}" if details["error_message"] else "")


def _not_aurorax(status: int) -> str:
    return (
        f"Something other than the AuroraX API answered (HTTP {status}). Try again in a few minutes; if it stays, "
        "the portal's administrator should check AURORAX_API_URL."
    )


def _error_documents(response: requests.Response) -> tuple[list[dict[str, Any]], bool]:
    """The error documents in the body (none when the body is not AuroraX's), and whether they came as a list."""
    try:
        body = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [], False
    listed = isinstance(body, list)
    return [item for item in (body if listed else [body]) if _is_error_document(item)], listed


def _is_error_document(item: Any) -> bool:
    return isinstance(item, dict) and not item.keys().isdisjoint({"error_code", "error_message", "message"})


def _message(document: dict[str, Any], credential: AuroraXCredential | None) -> str:
    text = str(document.get("error_message") or document.get("message") or "")
    return credential.cut_out_of(text) if credential else text


def _is_html(response: requests.Response) -> bool:
    return response.headers.get("Content-Type", "").lower().startswith("text/html")


def _with_pause(problem: errors.TryAgain, response: requests.Response) -> errors.TryAgain:
    problem.retry_after = seconds_to_wait(response.headers.get("Retry-After"))
    return problem


def seconds_to_wait(header: str | None) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or an HTTP date; None when it says neither."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
