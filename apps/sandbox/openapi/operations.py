"""Every call: what it takes, what it answers, and how it refuses."""

from typing import Any

from apps.sandbox.openapi.schemas import FLAG, INT32, TEXT, Schema, array, ref
from apps.sandbox.queries import DATA_PRODUCT_TYPES, ROLES, SEARCH_TYPES, SOURCE_FORMATS, SOURCE_TYPES
from apps.sandbox.sources import REQUIRED

V1 = "/api/v1"
SOURCE = f"{V1}/data_sources/{{identifier}}"
REASONS = {
    400: "Something in the request is missing or wrong; the sentence says what",
    401: "No credential, or one that is wrong or expired",
    403: "The role of the caller, or their relation to the source, does not allow it",
    404: "Nothing is there",
    409: "It clashes with what is there",
    500: "A field is longer than the API takes; nothing is explained",
    503: "Maintenance mode",
}
EMPTY: Schema = {}


def _json(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _refusal(status: int) -> dict[str, Any]:
    if status == 500:
        return {"description": REASONS[status], "content": {"text/plain": {"schema": TEXT}}}
    return {"description": REASONS[status], **_json(ref("ErrorDocument"))}


def _call(
    summary: str,
    answer: Schema,
    *,
    status: int = 200,
    refuses: str = "400 401",
    parameters: tuple[Schema, ...] = (),
    body: Schema | None = None,
    key: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """One call. `refuses` lists its refusals; `key` marks one that needs a credential."""
    success = {
        "description": "Done" if status == 200 else "Accepted; done later",
        **(_json(answer) if answer else {}),
    }
    call: dict[str, Any] = {
        "summary": summary,
        "parameters": list(parameters),
        "responses": {str(status): success} | {code: _refusal(int(code)) for code in refuses.split()},
        **more,
    }
    if body is not None:
        call["requestBody"] = {"required": True, **_json(body)}
    if key:
        call["security"] = [{"ApiKey": []}, {"AccessToken": []}]
    return call


def _upload(noun: str, record: str) -> dict[str, Any]:
    call = _call(
        f"Upload {noun}; a record whose key is there already replaces it",
        EMPTY,
        status=202,
        refuses="400 401 403 404 503",
        body=array(ref(record)),
        key=True,
    )
    either = {"anyOf": [array(ref("ErrorDocument")), ref("ErrorDocument")]}
    call["responses"]["400"] = {
        "description": "One error for each wrong record, or an unknown source",
        **_json(either),
    }
    call["responses"]["404"]["description"] = "The number is not of 32 bits; an unknown source is a 400 here"
    return call


def _in_query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "schema": schema}


def _in_path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _words(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
INT64: Schema = {"type": "integer", "minimum": 0, "maximum": 2**62 - 1}

FORMAT = _in_query("format", _words(*SOURCE_FORMATS))
RECORD_FORMAT = _in_query("data_source_record_format", _words(*SOURCE_FORMATS))
WITH_STATS = _in_query("include_stats", FLAG)
SLOW = _in_query("slow", FLAG)
FILTERS = (
    _in_query("program", TEXT),
    _in_query("platform", TEXT),
    _in_query("instrument_type", TEXT),
    _in_query("source_type", _words(*SOURCE_TYPES)),
    _in_query("owner", TEXT),
)
SPAN = (_in_query("start", DAY), _in_query("end", DAY))
COMPLETE_SOURCE = {**ref("SourceBody"), "required": list(REQUIRED)}

_SOURCES: dict[str, Any] = {
    f"{V1}/data_sources": {
        "get": _call(
            "List data sources", array(ref("DataSource")), parameters=(*FILTERS, FORMAT, WITH_STATS)
        ),
        "post": _call(
            "Create a data source; the caller owns it unless an Administrator names somebody else",
            ref("DataSource"),
            refuses="400 401 403 409 500 503",
            body=COMPLETE_SOURCE,
            key=True,
        ),
    },
    f"{V1}/data_sources/search": {
        "post": _call(
            "List the data sources in all the given lists",
            array(ref("DataSource")),
            parameters=(FORMAT, WITH_STATS),
            body=ref("SourceQuery"),
        )
    },
    SOURCE: {
        "parameters": [_in_path("identifier", INT32)],
        "get": _call(
            "Read a data source", ref("DataSource"), refuses="400 401 404", parameters=(FORMAT, WITH_STATS)
        ),
        "put": _call(
            "Replace a data source; what the body leaves out is lost",
            ref("DataSource"),
            refuses="400 401 403 404 409 500 503",
            body=COMPLETE_SOURCE,
            key=True,
        ),
        "patch": _call(
            "Change a data source; null leaves a field alone, an empty list or object overwrites it",
            ref("DataSource"),
            refuses="400 401 403 404 409 500 503",
            body=ref("SourceBody"),
            key=True,
        ),
        "delete": _call(
            "Delete a data source that holds no records", EMPTY, refuses="401 403 404 409 503", key=True
        ),
    },
    f"{SOURCE}/stats": {
        "parameters": [_in_path("identifier", INT32)],
        "get": _call(
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
        "parameters": [_in_path("identifier", INT32)],
        "post": _upload("ephemeris", "EphemerisUpload"),
        "delete": _call(
            "Delete the ephemeris of a span, both ends included",
            EMPTY,
            status=202,
            refuses="400 401 403 404 503",
            body=ref("DeleteEphemeris"),
            key=True,
        ),
    },
    f"{SOURCE}/ephemeris/delete_jobs": {
        "parameters": [_in_path("identifier", INT32)],
        "get": _call("List the ephemeris deletions of the last hour", array(TEXT), refuses="404"),
    },
    f"{SOURCE}/ephemeris/delete_jobs/{{delete_job_id}}": {
        "parameters": [_in_path("identifier", INT32), _in_path("delete_job_id", TEXT)],
        "get": _call("Follow an ephemeris deletion", array(TEXT), refuses="404"),
    },
    f"{SOURCE}/data_products": {
        "parameters": [_in_path("identifier", INT32)],
        "post": _upload("data products", "DataProductUpload"),
        "delete": _call(
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
        "post": _call("Sign in", ref("UserAccount"), body=ref("AuthenticationRequest")),
    },
    f"{V1}/authenticate/end_session": {
        "post": _call("Sign out", EMPTY, refuses="400", security=[{"AccessToken": []}]),
    },
    f"{V1}/accounts": {
        "get": _call(
            "List accounts (Administrators)",
            array(ref("UserAccount")),
            refuses="400 401 403",
            parameters=(_in_query("role", _words(*ROLES)),),
            key=True,
        )
    },
    f"{V1}/availability/ephemeris": {
        "get": _call(
            "Count ephemeris records by day",
            array(ref("EphemerisAvailability")),
            refuses="400 401 503",
            parameters=(*SPAN, *FILTERS, FORMAT, SLOW),
        )
    },
    f"{V1}/availability/data_products": {
        "get": _call(
            "Count data products by the day they start",
            array(ref("DataProductAvailability")),
            refuses="400 401 503",
            parameters=(
                *SPAN,
                *FILTERS,
                _in_query("data_product_type", _words(*DATA_PRODUCT_TYPES)),
                FORMAT,
                SLOW,
            ),
        )
    },
    f"{V1}/utils/admin/search_requests": {
        "get": _call(
            "List everybody's searches (Administrators)",
            array(ref("SearchListing")),
            refuses="400 401 403",
            parameters=(
                _in_query("active", FLAG),
                _in_query("search_type", _words(*SEARCH_TYPES)),
                _in_query("start", MOMENT),
                _in_query("end", MOMENT),
                _in_query("file_size", {**INT64, "description": "Least size in kilobytes"}),
                _in_query("result_count", {**INT32, "minimum": 0, "description": "Least number of records"}),
                _in_query("query_duration", {**INT64, "description": "Least duration in milliseconds"}),
                _in_query("error_condition", FLAG),
            ),
            key=True,
        )
    },
    f"{V1}/utils/admin/search_requests/{{request_id}}": {
        "parameters": [_in_path("request_id", TEXT)],
        "delete": _call("Remove anybody's search (Administrators)", EMPTY, refuses="400 401 403", key=True),
    },
}


def _searches(noun: str, record: str, wanted: str, synchronous: str) -> dict[str, Any]:
    """The calls that exist for ephemeris and for data products alike."""
    request = f"{V1}/{noun}/requests/{{request_id}}"
    request_id = _in_path("request_id", TEXT)
    found, formatted = array(ref(record)), array(ref("FormattedRecord"))
    start = _call(f"Search {noun}", EMPTY, status=202, body=ref("Query"))
    location = {"description": "Absolute address of the search request", "schema": TEXT, "required": True}
    start["responses"]["202"]["headers"] = {"Location": location}
    return {
        f"{V1}/{noun}/search": {"post": start},
        f"{V1}/{noun}/search_synchronous": {
            "post": _call(
                f"Search {noun} over a short span, answered at once",
                {"anyOf": [found, formatted]},
                parameters=(RECORD_FORMAT,),
                body=ref(synchronous),
            )
        },
        request: {
            "parameters": [request_id],
            "get": _call("Follow a search", ref("SearchStatus"), refuses="401 404"),
            "delete": _call("Cancel a search", ref("SearchStatus"), refuses="401 404"),
        },
        f"{request}/data": {
            "parameters": [request_id],
            "get": _call(
                "Read what a search found", _result(found), refuses="400 401 404", parameters=(RECORD_FORMAT,)
            ),
            "post": _call(
                "Read only some keys of what a search found",
                _result(formatted),
                refuses="400 401 404",
                body=ref(wanted),
            ),
            "delete": _call("Delete what a search found", ref("SearchStatus"), refuses="401 404"),
        },
        f"{V1}/utils/describe/query/{noun}": {
            "post": _call("Put a query into words", TEXT, body=ref("Query"))
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
