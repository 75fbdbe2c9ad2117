"""The parameters of calls, in the address and behind its question mark."""

from apps.sandbox.openapi.schemas import FLAG, TEXT, Schema
from apps.sandbox.queries import SOURCE_FORMATS, SOURCE_TYPES


def in_query(name: str, schema: Schema) -> Schema:
    """A parameter behind the question mark; none is required."""
    return {"name": name, "in": "query", "schema": schema}


def in_path(name: str, schema: Schema) -> Schema:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def words(*words: str) -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(words)}


DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
INT64: Schema = {"type": "integer", "minimum": 0, "maximum": 2**62 - 1}

FORMAT = in_query("format", words(*SOURCE_FORMATS))
RECORD_FORMAT = in_query("data_source_record_format", words(*SOURCE_FORMATS))
WITH_STATS = in_query("include_stats", FLAG)
SLOW = in_query("slow", FLAG)
FILTERS = (
    in_query("program", TEXT),
    in_query("platform", TEXT),
    in_query("instrument_type", TEXT),
    in_query("source_type", words(*SOURCE_TYPES)),
    in_query("owner", TEXT),
)
SPAN = (in_query("start", DAY), in_query("end", DAY))
