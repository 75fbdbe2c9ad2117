"""The shapes of bodies: those that are read come from the code that reads them, those that are answered stand here."""

from typing import Any

import msgspec

from apps.sandbox.errors import CODES
from apps.sandbox.queries import DATA_PRODUCT_TYPES, ROLES, SEARCH_TYPES, SOURCE_TYPES
from apps.sandbox.records import DataProductUpload, EphemerisUpload
from apps.sandbox.search.format import DataProductFormat, EphemerisFormat
from apps.sandbox.search.query import Query
from apps.sandbox.sources import SourceBody
from apps.sandbox.views.accounts import AuthenticationRequest
from apps.sandbox.views.records import DeleteDataProducts, DeleteEphemeris
from apps.sandbox.views.searches import DataProductQueryWithFormat, EphemerisQueryWithFormat
from apps.sandbox.views.sources import SourceQuery

Schema = dict[str, Any]
BODIES = (
    AuthenticationRequest,
    DataProductFormat,
    DataProductQueryWithFormat,
    DataProductUpload,
    DeleteDataProducts,
    DeleteEphemeris,
    EphemerisFormat,
    EphemerisQueryWithFormat,
    EphemerisUpload,
    Query,
    SourceBody,
    SourceQuery,
)


def bodies() -> dict[str, Schema]:
    """The schemas of everything that is read."""
    _, components = msgspec.json.schema_components(BODIES, ref_template="#/components/schemas/{name}")
    return components


def ref(name: str) -> Schema:
    """A pointer to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema) -> Schema:
    """A list of `items`."""
    return {"type": "array", "items": items}


def _object(required: str = "", **properties: Schema) -> Schema:
    """An object with these keys and no others; all of them are there unless `required` names fewer."""
    names = required.split() if required else list(properties)
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
INT32: Schema = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
TIME: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$",
    "description": "UTC, no zone, no fraction",
}
STAMP: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?$",
    "description": "UTC, no zone, microseconds with trailing zeros cut",
}
FREE: Schema = {"type": "object", "description": "Any keys; they come back by length, then by alphabet"}
DAYS: Schema = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}}


def _enum(words: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(words)}


ANSWERS: dict[str, Schema] = {
    "ErrorDocument": _object(
        "error_code",
        error_code=_enum(tuple(sorted({*CODES.values(), "Duplicate", "Other"}))),
        error_message=TEXT,
        message={**TEXT, "description": "Instead of error_message, where an upload was told to answer so"},
    ),
    "UserAccount": _object(
        account_id=TEXT,
        upload_username=TEXT,
        email_address=TEXT,
        email_confirmed=STAMP,
        first_name=TEXT,
        last_name=TEXT,
        role=_enum(ROLES),
        agree_terms=STAMP,
        this_login=_nullable(STAMP),
        last_login=_nullable(STAMP),
        disabled=FLAG,
    ),
    "MetadataSchema": array(ref("MetadataField")),
    "DataSource": {
        **_object(
            "identifier",
            identifier=INT32,
            program=TEXT,
            platform=TEXT,
            instrument_type=TEXT,
            source_type=_enum(SOURCE_TYPES),
            display_name=TEXT,
            metadata=_nullable(FREE),
            owner=_nullable(TEXT),
            maintainers=_nullable(array(TEXT)),
            ephemeris_metadata_schema=_nullable(ref("MetadataSchema")),
            data_product_metadata_schema=_nullable(ref("MetadataSchema")),
            stats=ref("DataSourceStats"),
        ),
        "description": "Keys that the format does not carry are absent, not null",
    },
    "DataSourceStats": _object(
        data_source=ref("DataSource"),
        earliest_ephemeris_loaded=_nullable(TIME),
        latest_ephemeris_loaded=_nullable(TIME),
        ephemeris_count=COUNT,
        earliest_data_product_loaded=_nullable(TIME),
        latest_data_product_loaded=_nullable(TIME),
        data_product_count=COUNT,
    ),
    "Place": {
        **_object(
            lat=_nullable({"type": "number", "minimum": -90, "maximum": 90}),
            lon=_nullable({"type": "number", "minimum": -180, "maximum": 180}),
        ),
        "description": "Degrees; both null where the place is not known",
    },
    "EphemerisRecord": _object(
        data_source=ref("DataSource"),
        epoch=TIME,
        location_geo=ref("Place"),
        location_gsm=ref("Place"),
        nbtrace=ref("Place"),
        sbtrace=ref("Place"),
        metadata=_nullable(FREE),
    ),
    "DataProductRecord": _object(
        start=TIME,
        end=TIME,
        data_source=ref("DataSource"),
        url=TEXT,
        data_product_type=_enum(DATA_PRODUCT_TYPES),
        metadata=_nullable(FREE),
    ),
    "FormattedRecord": {"type": "object", "description": "The wanted keys only; a place not known is {}"},
    "SearchStatus": _object(
        search_request=_object(
            request_id=TEXT, query=FREE, requested=STAMP, request_type=_enum(("ephemeris", "data_product"))
        ),
        logs=array(_object(timestamp=STAMP, level=_enum(("debug", "info", "warn", "error")), summary=TEXT)),
        search_result=_object(
            data_uri=_nullable(TEXT),
            result_count=_nullable(COUNT),
            result_file_deleted_timestamp=_nullable(STAMP),
            file_size=_nullable(COUNT),
            completed_timestamp=_nullable(STAMP),
            query_duration=_nullable(COUNT),
            error_condition=_nullable(FLAG),
        ),
    ),
    "SearchListing": _object(
        search_type=_enum(SEARCH_TYPES),
        ip_address=TEXT,
        request_id=TEXT,
        requested=STAMP,
        active=FLAG,
        query_duration=_nullable(COUNT),
        result_file_exists=FLAG,
        file_size=_nullable(COUNT),
        result_count=_nullable(COUNT),
        error_condition=_nullable(FLAG),
    ),
    "EphemerisAvailability": _object(data_source=ref("DataSource"), available_ephemeris=DAYS),
    "DataProductAvailability": _object(data_source=ref("DataSource"), available_data_products=DAYS),
}
