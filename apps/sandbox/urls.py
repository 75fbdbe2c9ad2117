"""Every address of the sandbox: the API under /api/v1, the operator's own under /sandbox, and a page that says what it is."""

from django.urls import path, re_path, register_converter

from apps.sandbox.views import (
    accounts,
    administration,
    availability,
    home,
    keograms,
    operator,
    records,
    searches,
    sources,
)

INT32 = range(-(2**31), 2**31)


class Identifier:
    """A data source's number, 32 bits with sign; any other number is an address where nothing is."""

    regex = "-?[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """The number. Raises `ValueError` beyond 32 bits, which Django answers with 404."""
        if int(value) not in INT32:
            raise ValueError(value)
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as part of an address."""
        return str(value)


register_converter(Identifier, "identifier")

V1 = "api/v1"
SOURCE = f"{V1}/data_sources/<identifier:identifier>"

urlpatterns = [
    # /api/v1/authenticate, /api/v1/accounts
    path(f"{V1}/authenticate", accounts.Authenticate.as_view()),
    path(f"{V1}/authenticate/end_session", accounts.EndSession.as_view()),
    path(f"{V1}/accounts", accounts.Accounts.as_view()),
    # /api/v1/data_sources
    path(f"{V1}/data_sources", sources.DataSources.as_view()),
    path(f"{V1}/data_sources/search", sources.DataSourceSearch.as_view()),
    path(SOURCE, sources.DataSourceDetail.as_view()),
    path(f"{SOURCE}/stats", sources.DataSourceStatistics.as_view()),
    path(f"{SOURCE}/ephemeris", records.EphemerisRecords.as_view()),
    path(f"{SOURCE}/ephemeris/delete_jobs", records.DeleteJobs.as_view()),
    path(f"{SOURCE}/ephemeris/delete_jobs/<delete_job_id>", records.DeleteJobDetail.as_view()),
    path(f"{SOURCE}/data_products", records.DataProductRecords.as_view()),
    # /api/v1/availability
    path(f"{V1}/availability/ephemeris", availability.EphemerisAvailability.as_view()),
    path(f"{V1}/availability/data_products", availability.DataProductAvailability.as_view()),
    # /api/v1/utils
    path(f"{V1}/utils/admin/search_requests", administration.SearchRequests.as_view()),
    path(f"{V1}/utils/admin/search_requests/<request_id>", administration.SearchRequestDetail.as_view()),
    # / and /sandbox
    path("", home.home, name="home"),
    path("openapi.json", home.openapi, name="openapi"),
    path("sandbox/faults", operator.faults, name="faults"),
    path("sandbox/ingest", operator.ingest_now, name="ingest"),
    path("sandbox/reset", operator.reset, name="reset"),
    path("sandbox/sessions/expire", operator.expire_sessions, name="expire-sessions"),
    re_path(r"^sandbox/keograms/(?P<day>\d{8})_(?P<hour>(?:[01]\d|2[0-3])?)_[\w-]+\.svg$", keograms.picture),
    path("sandbox/accounts/<email_address>", operator.change_account),
    path("sandbox/accounts/<email_address>/api_key", operator.renew_api_key),
]
# /api/v1/ephemeris, /api/v1/data_products, /api/v1/utils/describe: alike for both kinds
for kind, noun in (("ephemeris", "ephemeris"), ("data_product", "data_products")):
    urlpatterns += [
        path(f"{V1}/{noun}/search", searches.SearchStart.as_view(kind=kind)),
        path(f"{V1}/{noun}/search_synchronous", searches.SearchSynchronous.as_view(kind=kind)),
        path(f"{V1}/{noun}/requests/<request_id>", searches.SearchDetail.as_view(kind=kind)),
        path(f"{V1}/{noun}/requests/<request_id>/data", searches.SearchData.as_view(kind=kind)),
        path(f"{V1}/utils/describe/query/{noun}", searches.Describe.as_view(kind=kind)),
    ]
