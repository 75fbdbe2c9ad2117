"""/data_sources/{identifier}/ephemeris and /data_products: uploading and deleting (API document, "Manage Data")."""

from datetime import timedelta

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.sandbox import ingest, sources
from apps.sandbox.answers import empty, json_response
from apps.sandbox.bodies import read
from apps.sandbox.errors import ApiError, invalid
from apps.sandbox.models import DataSource, DeleteJob, Pending
from apps.sandbox.queries import as_uuid
from apps.sandbox.roles import check_may_write_records
from apps.sandbox.times import When, parse, stamp
from apps.sandbox.views.resource import Resource, writer

JOB_LIFE = timedelta(hours=1)


class SourceNames(msgspec.Struct, forbid_unknown_fields=True):
    """A delete repeats the names of the source; they must match the identifier."""

    program: str
    platform: str
    instrument_type: str


class DeleteEphemeris(SourceNames, forbid_unknown_fields=True):
    """Body of an ephemeris delete; both ends are included."""

    start: When
    end: When


class DeleteDataProducts(SourceNames, forbid_unknown_fields=True):
    """Body of a data product delete."""

    urls: list[str] | None = None


class EphemerisRecords(Resource):
    """The ephemeris of one source."""

    def post(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Accept an array of records; a record whose epoch is already there replaces it."""
        source = _source(request, identifier, verb="post new", noun="ephemeris data", missing=400)
        ingest.upload(source, Pending.Kind.EPHEMERIS, request.body)
        return empty(202)

    def delete(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Accept the deletion of a span."""
        source = _source(request, identifier, verb="delete", noun="ephemeris data")
        body = read(request.body, DeleteEphemeris)
        _check_names(source, body)
        start, end = parse(body.start, name="start"), parse(body.end, name="end")
        ingest.delete_ephemeris(source, start, end)
        return empty(202)


class DataProductRecords(Resource):
    """The data products of one source."""

    def post(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Accept an array of records; a record whose URL is already there replaces it."""
        source = _source(request, identifier, verb="post new", noun="data products", missing=400)
        ingest.upload(source, Pending.Kind.DATA_PRODUCTS, request.body)
        return empty(202)

    def delete(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Delete the records with the given URLs; an empty list deletes nothing. Answers 200, not 202."""
        source = _source(request, identifier, verb="delete", noun="data products")
        body = read(request.body, DeleteDataProducts)
        _check_names(source, body)
        ingest.delete_data_products(source, body.urls or [])
        return empty()


class DeleteJobs(Resource):
    """The ephemeris deletes of about the last hour. They need no credential (API document)."""

    def get(self, request: HttpRequest, identifier: int) -> HttpResponse:
        """Their ids, the newest first."""
        return json_response([str(job.job_id) for job in _jobs(identifier)])


class DeleteJobDetail(Resource):
    """One ephemeris delete."""

    def get(self, request: HttpRequest, identifier: int, delete_job_id: str) -> HttpResponse:
        """What is known of it, as sentences. What the real API answers is not written anywhere."""
        job_id = as_uuid(delete_job_id)
        job = _jobs(identifier).filter(pk=job_id).first() if job_id else None
        if job is None:
            raise ApiError(404, f"No delete job {delete_job_id} for data source {identifier}")
        lines = [f"Requested at {stamp(job.requested)}: records from {job.start} to {job.end}"]
        if job.finished:
            lines.append(f"Finished at {stamp(job.finished)}: deleted {job.deleted_count} records")
        return json_response(lines)


def _source(request: HttpRequest, identifier: int, *, verb: str, noun: str, missing: int = 404) -> DataSource:
    """The source, if the caller may write its records."""
    account = writer(request)
    source = sources.get(identifier, status=missing)
    check_may_write_records(account, source, verb=verb, noun=noun)
    return source


def _check_names(source: DataSource, body: SourceNames) -> None:
    named = (body.program, body.platform, body.instrument_type)
    if named != (source.program, source.platform, source.instrument_type):
        raise invalid(
            f"program, platform and instrument_type are not those of data source {source.identifier}."
        )


def _jobs(identifier: int) -> "QuerySet[DeleteJob]":
    source = sources.get(identifier)
    ingest.catch_up()
    recent = DeleteJob.objects.filter(source=source, requested__gte=timezone.now() - JOB_LIFE)
    return recent.order_by("-requested")
