"""The page on which records of a span are downloaded; the feature apps declare its access and hand over the source."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from apps.accounts.http import PortalRequest
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource
from apps.records.code import export_code
from apps.records.exports import COMPRESSED, FORMATS, Export
from apps.records.time_fields import RangeForm
from apps.records.types import RecordType
from apps.snippets import Code

WORDS = {
    "csv": "CSV",
    "json": "JSON (one array)",
    "ndjson": "NDJSON (one record a line)",
    "parquet": "Parquet",
}


class ExportForm(RangeForm):
    """A span and a format."""

    format = forms.ChoiceField(
        label="Format", choices=[(name, WORDS[name]) for name in FORMATS], initial="csv"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].help_text = self.fields["end"].help_text = "Included."
        self.fields[
            "format"
        ].help_text = "In CSV, what a cell cannot hold as it is stands as JSON in its row."


def export_page(request: PortalRequest, source: DataSource, kind: RecordType) -> HttpResponse:
    """Choose a span and a format; `start` and `end` may be given in the query."""
    given = {name: request.GET[name] for name in ("start", "end") if name in request.GET}
    return _show(request, source, kind, ExportForm(initial=given))


def _code(source: DataSource, kind: RecordType, form: ExportForm) -> Code | None:
    """For the span that is chosen."""
    chosen = RangeForm(form.data if form.is_bound else form.initial)
    if not chosen.is_valid():
        return None
    return export_code(kind, source, (chosen.cleaned_data["start"], chosen.cleaned_data["end"]))


def download(request: PortalRequest, source: DataSource, kind: RecordType) -> HttpResponseBase:
    """The file, as it comes from AuroraX. Raises `errors.AuroraXError` for what goes wrong before it begins; later that
    breaks the connection off, so that no part of a file looks like a whole one.
    """
    form = ExportForm(request.GET)
    if not form.is_valid():
        return _show(request, source, kind, form, status=422)
    start, end, wanted = (form.cleaned_data[name] for name in ("start", "end", "format"))
    export = Export(kind, request.aurorax, source, start, end)
    export.begin()
    name = f"{kind.slug}-of-{source.identifier}-{start:%Y-%m-%d}-to-{end:%Y-%m-%d}.{wanted}"
    return streamed(export, wanted, {"Content-Disposition": f'attachment; filename="{name}"'})


def streamed(
    export: Export, wanted: str, headers: Mapping[str, str] = MappingProxyType({})
) -> StreamingHttpResponse:
    """The answer with the file in the format `wanted`, part by part."""
    content_type, write = FORMATS[wanted]
    # Compressed once more on the way, it would be no smaller, and its first bytes would be held back.
    plain = {"Content-Encoding": "identity"} if wanted in COMPRESSED else {}
    return StreamingHttpResponse(write(export), content_type=content_type, headers={**headers, **plain})


def _show(
    request: PortalRequest, source: DataSource, kind: RecordType, form: ExportForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "code": _code(source, kind, form),
        "code_asked": "format" in request.GET,
        "kind": kind,
        "address": kind.url("export-download", source.identifier),
        "browse_url": kind.url("browse", source.identifier),
    }
    return render_source(request, source, kind.label, "records/export.html", context, status=status)
