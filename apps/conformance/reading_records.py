"""Behaviours of searches and availability that can be seen without writing."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from apps.aurorax import times
from apps.aurorax.searching import REQUEST_ID, criteria
from apps.conformance.behaviours import NotHere, behaviour, expect, expect_that
from apps.conformance.server import Server

ROW = [
    "data_source",
    "epoch",
    "location_geo",
    "location_gsm",
    "nbtrace",
    "sbtrace",
    "metadata",
]
LOCATIONS = ROW[2:6]
RESULT = {
    "data_uri",
    "result_count",
    "result_file_deleted_timestamp",
    "file_size",
    "completed_timestamp",
    "query_duration",
    "error_condition",
}


def hour_of_ephemeris(server: Server, length: timedelta = timedelta(minutes=59)) -> dict[str, Any]:
    """A query for records of the sample source, from the beginning of its day."""
    source, day = server.sample()
    return {"data_sources": criteria(source), "start": times.write(day), "end": times.write(day + length)}


@behaviour("A search is accepted with 202, no body and a Location", "PyAuroraX; API document")
def accepted(server: Server) -> None:
    """An absolute address that ends in the id of the request."""
    handed_in, _, _ = server.search("ephemeris", hour_of_ephemeris(server))
    expect((handed_in.status, handed_in.text), (202, ""))
    location = handed_in.headers.get("Location", "")
    expect_that(bool(urlsplit(location).netloc), "an absolute address", location)
    found = REQUEST_ID.search(location)
    expect_that(found is not None and len(found.group(1)) == 36, "36 characters of request id", location)


@behaviour("A finished search says so in every field clients wait for", "PyAuroraX, idl-aurorax")
def status(server: Server) -> None:
    """One waits for `data_uri`, the other for `completed_timestamp`."""
    _, ended, path = server.search("ephemeris", hour_of_ephemeris(server))
    expect(set(ended.json), {"search_request", "logs", "search_result"})
    result = ended.json["search_result"]
    expect(set(result), RESULT)
    expect(result["error_condition"], False, "error_condition")
    expect_that(bool(result["completed_timestamp"]), "a completed_timestamp", result)
    expect_that(
        str(result["data_uri"]).endswith(f"{path}/data"),
        "data_uri as the path of the data",
        result["data_uri"],
    )
    expect(urlsplit(result["data_uri"]).netloc, "", "host of data_uri")


@behaviour("The query comes back as an object with request_id null", "example output of PyAuroraX")
def query(server: Server) -> None:
    """The API document calls it a string."""
    _, ended, _ = server.search("ephemeris", hour_of_ephemeris(server))
    request = ended.json["search_request"]
    expect(type(request["query"]), dict, "query")
    expect(request["query"].get("request_id", "absent"), None, "query.request_id")
    expect(request["request_type"], "ephemeris")


@behaviour('Results come as {"result": [...]}', "PyAuroraX, idl-aurorax")
def result(server: Server) -> None:
    """The API document has a bare array."""
    _, _, path = server.search("ephemeris", hour_of_ephemeris(server))
    expect(list(server.get(f"{path}/data").json), ["result"])


@behaviour("Ephemeris rows have all keys, and all locations both members", "examples in the documentation")
def rows(server: Server) -> None:
    """Null members where there is no location; times without zone or fraction."""
    _, _, path = server.search("ephemeris", hour_of_ephemeris(server))
    found = server.get(f"{path}/data").rows
    expect_that(bool(found), "records", found)
    for row in found:
        expect(list(row), ROW)
        expect_that(len(row["epoch"]) == 19, "epoch as YYYY-MM-DDTHH:MM:SS", row["epoch"])
        expect([set(row[name]) for name in LOCATIONS], [{"lat", "lon"}] * 4, "locations")


@behaviour("Metadata keys come by length, then by alphabet", "examples in the documentation")
def metadata_order(server: Server) -> None:
    """The order in which they were sent is lost."""
    _, _, path = server.search("ephemeris", hour_of_ephemeris(server))
    looked_at = [list(row["metadata"]) for row in server.get(f"{path}/data").rows if row["metadata"]]
    if not looked_at:
        raise NotHere("the records looked at have no metadata")
    for keys in looked_at:
        expect(keys, sorted(keys, key=lambda key: (len(key), key)))


@behaviour("Rows describe their source as briefly as asked", "API document: data_source_record_format")
def row_source(server: Server) -> None:
    """basic_info when not asked."""
    _, _, path = server.search("ephemeris", hour_of_ephemeris(server))
    expect(len(server.get(f"{path}/data").rows[0]["data_source"]), 6, "keys of basic_info")
    brief = server.get(f"{path}/data", data_source_record_format="identifier_only").rows[0]
    expect(list(brief["data_source"]), ["identifier"])


@behaviour("A formatted answer has only the keys asked for", "PyAuroraX examples")
def formatted(server: Server) -> None:
    """Down into the data source."""
    _, _, path = server.search("ephemeris", hour_of_ephemeris(server))
    wanted = {"data_source": {"identifier": True, "display_name": True}, "epoch": True}
    found = server.post(f"{path}/data", wanted).rows[0]
    expect(
        (set(found), set(found["data_source"])), ({"data_source", "epoch"}, {"identifier", "display_name"})
    )


@behaviour("A synchronous search finds what the asynchronous one finds", "API document")
def synchronous(server: Server) -> None:
    """Both ends of the range are inclusive."""
    asked = hour_of_ephemeris(server)
    _, _, path = server.search("ephemeris", asked)
    at_once = server.post("/ephemeris/search_synchronous", {"query": asked})
    expect(at_once.status, 200)
    epochs = [row["epoch"] for row in at_once.rows]
    expect(sorted(epochs), sorted(row["epoch"] for row in server.get(f"{path}/data").rows), "epochs")
    expect_that(asked["start"] <= min(epochs) and max(epochs) <= asked["end"], "epochs in the range", epochs)


@behaviour("A request id nobody has is a 404, a UUID or not", "PyAuroraX tests")
def unknown_request(server: Server) -> None:
    """For both kinds."""
    for kind in ("ephemeris", "data_products"):
        for request_id in ("some-bad-request-id", "00000000-0000-4000-8000-000000000000"):
            expect(server.get(f"/{kind}/requests/{request_id}").status, 404, request_id)


@behaviour("Data products are found only where they lie wholly inside", "describe output of the API")
def wholly_inside(server: Server) -> None:
    """A record that overlaps an edge of the range is left out."""
    source, day = server.sample()
    asked = {
        "data_sources": {"programs": [source.program]},
        "start": times.write(day - timedelta(days=30)),
        "end": times.write(day + timedelta(hours=12)),
    }
    answer = server.post("/data_products/search_synchronous", {"query": asked})
    expect(answer.status, 200)
    for row in answer.rows:
        inside = asked["start"] <= row["start"] and row["end"] <= asked["end"]
        expect_that(inside, f"records within {asked['start']} and {asked['end']}", row)


@behaviour("A query is described in one string", "PyAuroraX, idl-aurorax")
def described(server: Server) -> None:
    """The API document says an array of strings."""
    asked = hour_of_ephemeris(server)
    answer = server.post("/utils/describe/query/ephemeris", asked)
    expect(type(answer.json), str)
    expect_that(answer.json.startswith("Find ephemeris for "), "Find ephemeris for ...", answer.json)


@behaviour("Availability is days and counts, the last day included", "PyAuroraX examples")
def availability(server: Server) -> None:
    """Flat for both kinds; a source without records is absent, an unknown program gives an empty list."""
    source, day = server.sample()
    first, last = (day - timedelta(days=1)).date(), day.date()
    answer = server.get("/availability/ephemeris", start=first, end=last, **source.key)
    expect(set(answer.json[0]), {"data_source", "available_ephemeris"})
    days = answer.json[0]["available_ephemeris"]
    expect(max(days), last.isoformat(), "last day")
    expect({type(count) for count in days.values()}, {int}, "counts")
    expect(server.get("/availability/ephemeris", start=first, end=last, program="no-such-program").json, [])


@behaviour("A date that is none is a 400", "API document: availability")
def bad_date(server: Server) -> None:
    """In availability as in searches."""
    expect(server.get("/availability/ephemeris", start="yesterday", end="2020-01-02").status, 400)
    asked = hour_of_ephemeris(server) | {"start": "yesterday"}
    expect(server.post("/ephemeris/search", asked).status, 400)
