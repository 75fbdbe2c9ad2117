"""Around every request: forgiving addresses, and one shape for everything that goes wrong."""

import logging
import re

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from apps.sandbox.answers import JSON
from apps.sandbox.errors import ApiError

log = logging.getLogger(__name__)


class FoldSlashes(MiddlewareMixin):
    """`//api/v1//data_sources` is `/api/v1/data_sources`: old clients whose base address ends in a slash send that."""

    def process_request(self, request: HttpRequest) -> None:
        """Fold repeated slashes before the address is looked up."""
        request.path_info = request.path = re.sub("/{2,}", "/", request.path_info)


class WholeBody(MiddlewareMixin):
    """Reads the body before anything may refuse the request.

    A server that answers while a body is still on its way has to close the connection, and a client that keeps its
    connections would meet that as a failure of its next request.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Read all of it; Django keeps it."""
        _ = request.body


class ErrorDocuments(MiddlewareMixin):
    """Answers refusals, unknown addresses and our own mistakes as error documents."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        """The answer to whatever a view raised."""
        if isinstance(exception, ApiError):
            return exception.response()
        if isinstance(exception, RequestDataTooBig):
            return ApiError(413, "The body is larger than the sandbox takes. Send smaller parts.").response()
        log.exception("%s %s", request.method, request.path)
        return ApiError(500, "The sandbox itself failed; its log says why.").response()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django's own pages for 404 and 405 as error documents, and a length for everything."""
        if response.status_code in (404, 405) and response.headers.get("Content-Type") != JSON:
            response = self._document(request, response)
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        return response

    def _document(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
        sentences = {
            404: f"Nothing is at {request.path}",
            405: f"{request.method} is not possible at {request.path}",
        }
        document = ApiError(response.status_code, sentences[response.status_code]).response()
        if "Allow" in response:
            document["Allow"] = response["Allow"]
        return document
