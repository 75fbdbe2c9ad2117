"""The sandbox serves every path and method of AuroraX's own API document, and three that only its clients know."""

import requests

from tests.support.sandbox import SandboxProcess

# Written down from AuroraX's API document, so that a call that goes missing here is noticed.
DOCUMENTED = {
    ("POST", "/authenticate"),
    ("POST", "/authenticate/end_session"),
    ("GET", "/availability/data_products"),
    ("GET", "/availability/ephemeris"),
    ("DELETE", "/data_products/requests/{request_id}"),
    ("GET", "/data_products/requests/{request_id}"),
    ("DELETE", "/data_products/requests/{request_id}/data"),
    ("GET", "/data_products/requests/{request_id}/data"),
    ("POST", "/data_products/requests/{request_id}/data"),
    ("POST", "/data_products/search"),
    ("POST", "/data_products/search_synchronous"),
    ("GET", "/data_sources"),
    ("POST", "/data_sources"),
    ("POST", "/data_sources/search"),
    ("DELETE", "/data_sources/{identifier}"),
    ("GET", "/data_sources/{identifier}"),
    ("PATCH", "/data_sources/{identifier}"),
    ("PUT", "/data_sources/{identifier}"),
    ("DELETE", "/data_sources/{identifier}/data_products"),
    ("POST", "/data_sources/{identifier}/data_products"),
    ("DELETE", "/data_sources/{identifier}/ephemeris"),
    ("POST", "/data_sources/{identifier}/ephemeris"),
    ("GET", "/data_sources/{identifier}/ephemeris/delete_jobs"),
    ("GET", "/data_sources/{identifier}/ephemeris/delete_jobs/{delete_job_id}"),
    ("GET", "/data_sources/{identifier}/stats"),
    ("DELETE", "/ephemeris/requests/{request_id}"),
    ("GET", "/ephemeris/requests/{request_id}"),
    ("DELETE", "/ephemeris/requests/{request_id}/data"),
    ("GET", "/ephemeris/requests/{request_id}/data"),
    ("POST", "/ephemeris/requests/{request_id}/data"),
    ("POST", "/ephemeris/search"),
    ("POST", "/ephemeris/search_synchronous"),
    ("GET", "/utils/admin/search_requests"),
    ("DELETE", "/utils/admin/search_requests/{request_id}"),
}
SEEN_IN_CLIENTS = {
    ("GET", "/accounts"),
    ("POST", "/utils/describe/query/data_products"),
    ("POST", "/utils/describe/query/ephemeris"),
}


def test_its_document_has_exactly_the_calls_of_aurorax(sandbox: SandboxProcess) -> None:
    paths = requests.get(f"{sandbox.url}/openapi.json", timeout=10).json()["paths"]
    served = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, calls in paths.items()
        for method in calls
        if method != "parameters"
    }
    assert served == DOCUMENTED | SEEN_IN_CLIENTS
