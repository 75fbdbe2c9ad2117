"""/data_sources (API document, "Data Sources")."""

from typing import Any

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.sandbox import auth, ingest, sources, statistics
from apps.sandbox.answers import empty, json_response
from apps.sandbox.bodies import read
from apps.sandbox.formats import source_document, source_documents
from apps.sandbox.models import DataSource
from apps.sandbox.queries import flag, source_filters, source_format
from apps.sandbox.sources import SourceBody
from apps.sandbox.views.resource import Resource, writer


class SourceQuery(msgspec.Struct):
    """Body of a search for sources; an empty or missing list asks for nothing."""

    programs: list[str] | None = None
    platforms: list[str] | None = None
    instrument_types: list[str] | None = None


class DataSources(Resource):
    """All sources."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the sources that match every filter. The order is no promise: clients sort by themselves."""
        auth.caller(request)
        found = DataSource.objects.filter(**source_filters(request)).order_by("display_name")
        return json_response(_documents(request, found))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create a source. Answers 200, not 201, with the full record."""
        account = writer(request)
        source = sources.create(read(request.body, SourceBody), by=account)
        return json_response(source_document(source, "full_record"))


class DataSourceSearch(Resource):
    """Sources by lists of names, answered at once."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """List the sources in all the given lists."""
        auth.caller(request)
        query = read(request.body or b"{}", SourceQuery)
        found = sources.search(query.programs or [], query.platforms or [], query.instrument_types or [])
        return json_response(_documents(request, found))


class DataSourceDetail(Resource):
    """One source."""

    def get(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """The source."""
        auth.caller(request)
        sources.get(identifier)
        return json_response(_documents(request, DataSource.objects.filter(pk=identifier))[0])

    def put(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Replace the whole record."""
        account = writer(request)
        source = sources.get(identifier)
        source = sources.replace(source, read(request.body, SourceBody), by=account)
        return json_response(source_document(source, "full_record"))

    def patch(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Change the given fields."""
        account = writer(request)
        source = sources.get(identifier)
        source = sources.change(source, read(request.body, SourceBody), by=account)
        return json_response(source_document(source, "full_record"))

    def delete(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Delete a source that holds nothing."""
        account = writer(request)
        sources.delete(sources.get(identifier), by=account)
        return empty()


class DataSourceStatistics(Resource):
    """Counts of one source; deprecated in favour of include_stats."""

    def get(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """The counts. They are always fresh, so `slow` changes nothing."""
        auth.caller(request)
        flag(request, "slow")
        document = source_document(sources.get(identifier), source_format(request))
        ingest.catch_up()
        found = DataSource.objects.filter(pk=identifier)
        return json_response(statistics.of_sources(found, {identifier: document})[identifier])


def _documents(request: HttpRequest, found: "QuerySet[DataSource]") -> list[dict[str, Any]]:
    """The sources in the wanted format, with statistics where those are wanted too."""
    wanted = source_format(request)
    documents = source_documents(found, wanted)
    if not flag(request, "include_stats"):
        return documents
    ingest.catch_up()
    stats = statistics.of_sources(found, {document["identifier"]: document for document in documents})
    return [document | {"stats": stats[document["identifier"]]} for document in documents]
