"""Behaviours of data sources, accounts and errors that can be seen without writing."""

from apps.conformance.behaviours import behaviour, expect, expect_that
from apps.conformance.server import Server

BASIC_INFO = ["identifier", "program", "platform", "instrument_type", "source_type", "display_name"]
FORMATS = {
    "identifier_only": BASIC_INFO[:1],
    "basic_info": BASIC_INFO,
    "with_metadata": [*BASIC_INFO, "metadata"],
    "full_record": [
        *BASIC_INFO,
        "metadata",
        "owner",
        "maintainers",
        "ephemeris_metadata_schema",
        "data_product_metadata_schema",
    ],
}
STATS = {
    "data_source",
    "earliest_ephemeris_loaded",
    "latest_ephemeris_loaded",
    "ephemeris_count",
    "earliest_data_product_loaded",
    "latest_data_product_loaded",
    "data_product_count",
}
NOBODY = 2_000_000_011  # an identifier nobody has
UNAUTHORIZED = "Unauthorized. Please authenticate"


@behaviour("Each format carries exactly its keys, the others are absent", "examples in the documentation")
def formats(server: Server) -> None:
    """In the order in which they are documented."""
    for name, keys in FORMATS.items():
        answer = server.get("/data_sources", format=name)
        expect(answer.status, 200)
        expect(list(answer.json[0]), keys, name)


@behaviour("Without a format the answer is basic_info", "API document: format")
def own_format(server: Server) -> None:
    """PyAuroraX always asks for full_record."""
    expect(list(server.get("/data_sources").json[0]), BASIC_INFO)


@behaviour("include_stats adds stats to any format, and only it does", "API document: include_stats")
def stats(server: Server) -> None:
    """Times have no zone and are null where there is nothing."""
    row = server.get("/data_sources", format="identifier_only", include_stats="true").json[0]
    expect(set(row), {"identifier", "stats"})
    expect(set(row["stats"]), STATS)
    for name in STATS:
        if name.endswith("_loaded") and row["stats"][name] is not None:
            expect_that(len(row["stats"][name]) == 19, f"{name} as YYYY-MM-DDTHH:MM:SS", row["stats"][name])


@behaviour("Booleans may be written true or True", "PyAuroraX and idl-aurorax send both")
def booleans(server: Server) -> None:
    """In queries."""
    for text in ("true", "True"):
        expect("stats" in server.get("/data_sources", include_stats=text).json[0], True, text)


@behaviour("A filter matches exactly, and nothing found is an empty list", "PyAuroraX tests")
def filters(server: Server) -> None:
    """With status 200."""
    first = server.get("/data_sources").json[0]
    found = server.get("/data_sources", program=first["program"]).json
    expect({row["program"] for row in found}, {first["program"]})
    nothing = server.get("/data_sources", program="no-such-program-anywhere")
    expect((nothing.status, nothing.json), (200, []))


@behaviour("program, platform and instrument_type name one source", "PyAuroraX examples")
def natural_key(server: Server) -> None:
    """Across the whole list."""
    rows = server.get("/data_sources").json
    keys = [(row["program"], row["platform"], row["instrument_type"]) for row in rows]
    expect(len(set(keys)), len(keys), "different keys")


@behaviour("Sources can be searched by lists of values", "API document: POST /data_sources/search")
def search(server: Server) -> None:
    """Answered at once."""
    first = server.get("/data_sources").json[0]
    answer = server.post("/data_sources/search", {"programs": [first["program"]]}, format="identifier_only")
    expect(answer.status, 200)
    expect_that({"identifier": first["identifier"]} in answer.json, "the source that was named", answer.json)


@behaviour("An unknown source is a 404 with AuroraX's own words", "PyAuroraX tests")
def unknown_source(server: Server) -> None:
    """The client shows them."""
    answer = server.get(f"/data_sources/{NOBODY}")
    expect(answer.status, 404)
    expect(answer.message, f"No Data Source record found in AuroraX for identifier {NOBODY}")


@behaviour("An error is an object with error_code and error_message", "API document: ErrorDocument")
def error_shape(server: Server) -> None:
    """Code in mixed case."""
    document = server.get(f"/data_sources/{NOBODY}").json
    expect(set(document), {"error_code", "error_message"})
    expect(document["error_code"], "NotFound")


@behaviour("Answers are application/json and nothing more", "PyAuroraX compares the header exactly")
def content_type(server: Server) -> None:
    """A charset would break PyAuroraX."""
    expect(server.get("/data_sources").headers.get("Content-Type"), "application/json")


@behaviour("Repeated slashes in an address do no harm", "PyAuroraX 1.22 sent them")
def slashes(server: Server) -> None:
    """As in //api/v1."""
    expect(server.ask("GET", "//data_sources").status, 200)


@behaviour("Accounts and search requests are not shown without a key", "PyAuroraX tests")
def anonymous(server: Server) -> None:
    """401 in AuroraX's words."""
    for path in ("/accounts", "/utils/admin/search_requests"):
        answer = server.ask("GET", path, anonymous=True)
        expect(answer.status, 401, path)
        expect_that(
            UNAUTHORIZED in answer.message or "Administrator" in answer.message, UNAUTHORIZED, answer.text
        )


@behaviour("A key that is none is a 401", "PyAuroraX tests")
def unknown_key(server: Server) -> None:
    """Where a key is needed."""
    expect(server.with_key("verify-api-has-no-such-key").get("/accounts").status, 401)
