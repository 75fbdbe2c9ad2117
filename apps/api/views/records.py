"""Downloading records."""

from django.http.response import HttpResponseBase

from apps.api.bodies import checked, kind_of
from apps.api.endpoints import for_programs, source_of
from apps.api.http import TokenRequest
from apps.permissions import Action
from apps.records.exports import Export
from apps.records.views.exporting import ExportForm, streamed
from apps.tokens.models import Scope


@for_programs("GET", scope=Scope.PULL, action=Action.SOURCE_SEE)
def records(request: TokenRequest, identifier: int) -> HttpResponseBase:
    """The records of a span as a file: `?kind=`, `start`, `end`, both included, and `format`. The bytes are those that the
    page's export gives. What goes wrong on the way breaks the answer off, so that no part of a file looks like a whole one.
    """
    source = source_of(request, identifier, Action.SOURCE_SEE)
    query = request.GET.copy()
    query.setdefault("format", "csv")
    kind = kind_of(query.get("kind", ""))
    asked = checked(ExportForm(query))
    export = Export(kind, request.aurorax, source, asked["start"], asked["end"])
    export.begin()
    return streamed(export, asked["format"])
