"""Refusals, in the API's shape: `{"error_code": ..., "error_message": ...}` (API document, ErrorDocument)."""

from collections.abc import Sequence

from django.http import HttpResponse

from apps.sandbox.answers import json_response

UNAUTHORIZED = (
    "Unauthorized. Please authenticate with a valid ApiKey or create a session with a valid username and password. "
    "Please see the documentation."
)
MAINTENANCE = "The API is in maintenance mode. This endpoint is currently offline."
SLOW_MODE_OFFLINE = "Slow mode is currently not available."

# Which code goes with which status is inferred from the names in the API document's list.
CODES = {
    400: "AssertionError",
    401: "NotAuthenticated",
    403: "NotPermitted",
    404: "NotFound",
    405: "NotImplemented",
    409: "Conflict",
    413: "AssertionError",
    429: "ToManyRequests",  # spelt so in the API document
    500: "ApplicationError",
    503: "Unavailable",
}


class ApiError(Exception):
    """A refusal: `status`, and one or several sentences. Several make a list, as uploads answer (API document)."""

    def __init__(
        self, status: int, message: str | Sequence[str], *, code: str = "", key: str = "error_message"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or CODES.get(status, "Other")
        self.key = key

    def response(self) -> HttpResponse:
        """The refusal as an answer."""
        if isinstance(self.message, str):
            return json_response(self._document(self.message), status=self.status)
        return json_response([self._document(message) for message in self.message], status=self.status)

    def _document(self, message: str) -> dict[str, str]:
        return {"error_code": self.code, self.key: message}


class BareError(ApiError):
    """A 500 that explains nothing, in plain text."""

    def __init__(self) -> None:
        super().__init__(500, "Internal Server Error")

    def response(self) -> HttpResponse:
        """Not even JSON."""
        return HttpResponse("Internal Server Error", status=500, content_type="text/plain")


def invalid(message: str | Sequence[str]) -> ApiError:
    """400: the request itself is wrong."""
    return ApiError(400, message)


def unauthorized() -> ApiError:
    """401 in the words of the real API."""
    return ApiError(401, UNAUTHORIZED)


def source_not_found(identifier: int, *, status: int = 404) -> ApiError:
    """No such data source, in the words of the real API. An upload answers 400: its list of statuses has no 404."""
    return ApiError(
        status, f"No Data Source record found in AuroraX for identifier {identifier}", code="NotFound"
    )
