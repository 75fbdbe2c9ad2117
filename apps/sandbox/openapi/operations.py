"""Every call of the API, by address and method."""

from typing import Any

from apps.sandbox.openapi.calls import EMPTY, call, upload
from apps.sandbox.openapi.parameters import (
    FILTERS,
    FORMAT,
    INT64,
    MOMENT,
    RECORD_FORMAT,
    SLOW,
    SPAN,
    WITH_STATS,
    in_path,
    in_query,
    words,
)
from apps.sandbox.openapi.schemas import FLAG, INT32, TEXT, Schema, array, ref
from apps.sandbox.queries import DATA_PRODUCT_TYPES, ROLES, SEARCH_TYPES
from apps.sandbox.sources import REQUIRED

V1 = "/api/v1"
SOURCE = f"{V1}/data_sources/{{identifier}}"
COMPLETE_SOURCE = {**ref("SourceBody"), "required": list(REQUIRED)}

_SOURCES: dict[str, Any] = {
    f"{V1}/data_sources": {
        "get": call("List data sources", array(ref("DataSource")), parameters=(*FILTERS, FORMAT, WITH_STATS)),
        "post": call(
            "Create a data source; the caller owns it unless an Administrator names somebody else",
            ref("DataSource"),
            refuses="400 401 403 409 500 503",
            body=COMPLETE_SOURCE,
            key=True,
        ),
    },
    f"{V1}/data_sources/search": {
        "post": call(
            "List the data sources in all the given lists",
            array(ref("DataSource")),
            parameters=(FORMAT, WITH_STATS),
            body=ref("SourceQuery"),
        )
    },
    SOURCE: {
        "parameters": [in_path("identifier", INT32)],
        "get": call(
            "Read a data source", ref("DataSource"), refuses="400 401 404", parameters=(FORMAT, WITH_STATS)
        ),
        "put": call(
            "Replace a data source; what the body leaves out is lost",
            ref("DataSource"),
            refuses="400 401 403 404 409 500 503",
            body=COMPLETE_SOURCE,
            key=True,
        ),
        "patch": call(
            "Change a data source; null leaves a field alone, an empty list or object overwrites it",
            ref("DataSource"),
            refuses="400 401 403 404 409 500 503",
            body=ref("SourceBody"),
            key=True,
        ),
        "delete": call(
            "Delete a data source that holds no records", EMPTY, refuses="401 403 404 409 503", key=True
        ),
    },
    f"{SOURCE}/stats": {
        "parameters": [in_path("identifier", INT32)],
        "get": call(
            "Count the records of a data source; include_stats does the same",
            ref("DataSourceStats"),
            refuses="400 401 404",
            parameters=(FORMAT, SLOW),
            deprecated=True,
        ),
    },
}

_RECORDS: dict[str, Any] = {
    f"{SOURCE}/ephemeris": {
        "parameters": [in_path("identifier", INT32)],
        "post": upload("ephemeris", "EphemerisUpload"),
        "delete": call(
            "Delete the ephemeris of a span, both ends included",
            EMPTY,
            status=202,
            refuses="400 401 403 404 503",
            body=ref("DeleteEphemeris"),
            key=True,
        ),
    },
    f"{SOURCE}/ephemeris/delete_jobs": {
        "parameters": [in_path("identifier", INT32)],
        "get": call("List the ephemeris deletions of the last hour", array(TEXT), refuses="404"),
    },
    f"{SOURCE}/ephemeris/delete_jobs/{{delete_job_id}}": {
        "parameters": [in_path("identifier", INT32), in_path("delete_job_id", TEXT)],
        "get": call("Follow an ephemeris deletion", array(TEXT), refuses="404"),
    },
    f"{SOURCE}/data_products": {
        "parameters": [in_path("identifier", INT32)],
        "post": upload("data products", "DataProductUpload"),
        "delete": call(
            "Delete data products by URL",
            EMPTY,
            refuses="400 401 403 404 503",
            body=ref("DeleteDataProducts"),
            key=True,
        ),
    },
}

_OTHERS: dict[str, Any] = {
    f"{V1}/authenticate": {
        "post": call("Sign in", ref("UserAccount"), body=ref("AuthenticationRequest")),
    },
    f"{V1}/authenticate/end_session": {
        "post": call("Sign out", EMPTY, refuses="400", security=[{"AccessToken": []}]),
    },
    f"{V1}/accounts": {
        "get": call(
            "List accounts (Administrators)",
            array(ref("UserAccount")),
            refuses="400 401 403",
            parameters=(in_query("role", words(*ROLES)),),
            key=True,
        )
    },
    f"{V1}/availability/ephemeris": {
        "get": call(
            "Count ephemeris records by day",
            array(ref("EphemerisAvailability")),
            refuses="400 401 503",
            parameters=(*SPAN, *FILTERS, FORMAT, SLOW),
        )
    },
    f"{V1}/availability/data_products": {
        "get": call(
            "Count data products by the day they start",
            array(ref("DataProductAvailability")),
            refuses="400 401 503",
            parameters=(
                *SPAN,
                *FILTERS,
                in_query("data_product_type", words(*DATA_PRODUCT_TYPES)),
                FORMAT,
                SLOW,
            ),
        )
    },
    f"{V1}/utils/admin/search_requests": {
        "get": call(
            "List everybody's searches (Administrators)",
            array(ref("SearchListing")),
            refuses="400 401 403",
            parameters=(
                in_query("active", FLAG),
                in_query("search_type", words(*SEARCH_TYPES)),
                in_query("start", MOMENT),
                in_query("end", MOMENT),
                in_query("file_size", {**INT64, "description": "Least size in kilobytes"}),
                in_query("result_count", {**INT32, "minimum": 0, "description": "Least number of records"}),
                in_query("query_duration", {**INT64, "description": "Least duration in milliseconds"}),
                in_query("error_condition", FLAG),
            ),
            key=True,
        )
    },
    f"{V1}/utils/admin/search_requests/{{request_id}}": {
        "parameters": [in_path("request_id", TEXT)],
        "delete": call("Remove anybody's search (Administrators)", EMPTY, refuses="400 401 403", key=True),
    },
}


def _searches(noun: str, record: str, wanted: str, synchronous: str) -> dict[str, Any]:
    """The calls that exist for ephemeris and for data products alike."""
    request = f"{V1}/{noun}/requests/{{request_id}}"
    request_id = in_path("request_id", TEXT)
    found, formatted = array(ref(record)), array(ref("FormattedRecord"))
    start = call(f"Search {noun}", EMPTY, status=202, body=ref("Query"))
    location = {"description": "Absolute address of the search request", "schema": TEXT, "required": True}
    start["responses"]["202"]["headers"] = {"Location": location}
    return {
        f"{V1}/{noun}/search": {"post": start},
        f"{V1}/{noun}/search_synchronous": {
            "post": call(
                f"Search {noun} over a short span, answered at once",
                {"anyOf": [found, formatted]},
                parameters=(RECORD_FORMAT,),
                body=ref(synchronous),
            )
        },
        request: {
            "parameters": [request_id],
            "get": call("Follow a search", ref("SearchStatus"), refuses="401 404"),
            "delete": call("Cancel a search", ref("SearchStatus"), refuses="401 404"),
        },
        f"{request}/data": {
            "parameters": [request_id],
            "get": call(
                "Read what a search found", _result(found), refuses="400 401 404", parameters=(RECORD_FORMAT,)
            ),
            "post": call(
                "Read only some keys of what a search found",
                _result(formatted),
                refuses="400 401 404",
                body=ref(wanted),
            ),
            "delete": call("Delete what a search found", ref("SearchStatus"), refuses="401 404"),
        },
        f"{V1}/utils/describe/query/{noun}": {
            "post": call("Put a query into words", TEXT, body=ref("Query"))
        },
    }


def _result(records: Schema) -> Schema:
    return {"type": "object", "properties": {"result": records}, "required": ["result"]}


PATHS: dict[str, Any] = {
    **_SOURCES,
    **_RECORDS,
    **_searches("ephemeris", "EphemerisRecord", "EphemerisFormat", "EphemerisQueryWithFormat"),
    **_searches("data_products", "DataProductRecord", "DataProductFormat", "DataProductQueryWithFormat"),
    **_OTHERS,
}
