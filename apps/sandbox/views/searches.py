"""/ephemeris and /data_products: searching (API document, "Ephemeris Search", "Data Products Search").

Both kinds work alike, so each address is one class that `urls.py` gives its kind.
"""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from apps.sandbox import auth, ingest
from apps.sandbox.answers import empty, json_response
from apps.sandbox.bodies import read
from apps.sandbox.queries import source_format
from apps.sandbox.search import requests, results
from apps.sandbox.search.describe import description
from apps.sandbox.search.format import DataProductFormat, EphemerisFormat, as_dict
from apps.sandbox.search.query import Query, Search, data_product_search, ephemeris_search
from apps.sandbox.views.resource import Resource

MONTH, DECADE = 31, 3653  # days; the API document's limits for searches
SYNCHRONOUS_EPHEMERIS = 2  # days
DATA_SOURCE_FORMAT = "data_source_record_format"


class EphemerisQueryWithFormat(msgspec.Struct):
    """Body of a synchronous ephemeris search."""

    query: Query
    response_format: EphemerisFormat | None = None


class DataProductQueryWithFormat(msgspec.Struct):
    """Body of a synchronous data product search."""

    query: Query
    response_format: DataProductFormat | None = None


class KindResource(Resource):
    """An address that exists for ephemeris and for data products."""

    kind = "ephemeris"


class SearchStart(KindResource):
    """Asynchronous searches."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Accept a search; the header Location is the absolute address of its request."""
        account = auth.caller(request)
        search = _search(self.kind, read(request.body, Query), synchronous=False)
        started = requests.start(search, by=account, ip_address=request.META.get("REMOTE_ADDR", ""))
        path = f"/api/v1/{requests.PATHS[self.kind]}/requests/{started.request_id}"
        response = empty(202)
        response["Location"] = request.build_absolute_uri(path)
        return response


class SearchSynchronous(KindResource):
    """Searches that are answered at once, over short spans only."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The records found, as a bare array (API document; no client is known to use this)."""
        auth.caller(request)
        kind = EphemerisQueryWithFormat if self.kind == "ephemeris" else DataProductQueryWithFormat
        body: Any = read(request.body, kind)
        wanted_format = source_format(request, DATA_SOURCE_FORMAT)
        search = _search(self.kind, body.query, synchronous=True)
        ingest.catch_up()
        found = results.find(search)
        if body.response_format is None:
            return json_response(results.with_sources(found, wanted_format))
        return json_response(results.formatted(found, as_dict(body.response_format)))


class SearchDetail(KindResource):
    """One search by its request id."""

    def get(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """How far it is."""
        found = requests.get(self.kind, request_id, by=auth.caller(request))
        return json_response(requests.status(found))

    def delete(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """Cancel it."""
        found = requests.get(self.kind, request_id, by=auth.caller(request))
        requests.cancel(found)
        return json_response(requests.status(found))


class SearchData(KindResource):
    """What one search found, as `{"result": [...]}`, which is what the clients read."""

    def get(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """Complete records; all four places of an ephemeris record are there, with null members when not known."""
        found = requests.get(self.kind, request_id, by=auth.caller(request))
        wanted = source_format(request, DATA_SOURCE_FORMAT)
        return json_response({"result": results.with_sources(requests.data(found), wanted)})

    def post(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """Records with only the keys the body asks for."""
        found = requests.get(self.kind, request_id, by=auth.caller(request))
        kind = EphemerisFormat if self.kind == "ephemeris" else DataProductFormat
        wanted: Any = read(request.body, kind)
        return json_response({"result": results.formatted(requests.data(found), as_dict(wanted))})

    def delete(self, request: HttpRequest, request_id: str) -> HttpResponse:
        """Delete the result file."""
        found = requests.get(self.kind, request_id, by=auth.caller(request))
        requests.delete_file(found)
        return json_response(requests.status(found))


class Describe(KindResource):
    """A query in words."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """One string (the API document says an array of strings; clients read a string)."""
        auth.caller(request)
        return json_response(description(_search(self.kind, read(request.body, Query), synchronous=False)))


def _search(kind: str, query: Query, *, synchronous: bool) -> Search:
    if kind == "ephemeris":
        return ephemeris_search(query, most_days=SYNCHRONOUS_EPHEMERIS if synchronous else MONTH)
    return data_product_search(query, most_days=DECADE if synchronous else float("inf"))
