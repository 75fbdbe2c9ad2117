"""What no document answers. Nothing here can differ: the answers are for us to learn from, and to pin afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.aurorax import times
from apps.aurorax.records import DataSource
from apps.conformance.behaviours import Need, NotHere, question
from apps.conformance.reading_records import hour_of_ephemeris
from apps.conformance.server import Server, ServerAnswer
from apps.conformance.writing_records import day, product, row, upload
from apps.conformance.writing_sources import path_of

MANY = 10_000  # records in one request
LIMIT_WORDS = ("limit", "retry", "quota", "throttle")
PAGE_WORDS = ("link", "x-total", "content-range")


def summary(answer: ServerAnswer) -> str:
    """Status and body."""
    return f"{answer.status} {answer.text}".strip()


def headers_with(answer: ServerAnswer, words: tuple[str, ...]) -> str:
    """Headers whose names hold one of the words."""
    found = {
        name: value for name, value in answer.headers.items() if any(word in name.lower() for word in words)
    }
    return str(found or "no such header")


@question("What does a 400 say?")
def bad_request(server: Server) -> str:
    """No literal text was found anywhere."""
    asked = hour_of_ephemeris(server) | {"start": "yesterday"}
    return summary(server.post("/ephemeris/search", asked))


@question("What does a search without any filter say?")
def no_filter(server: Server) -> str:
    """At least one is said to be needed."""
    asked = hour_of_ephemeris(server) | {"data_sources": {}}
    return summary(server.post("/ephemeris/search_synchronous", {"query": asked}))


@question("Are the documented spans of searches enforced?")
def spans(server: Server) -> str:
    """One month and two days for ephemeris, ten years for data products."""
    seen = []
    for kind, path, days in (
        ("ephemeris", "search", 40),
        ("ephemeris", "search_synchronous", 3),
        ("data_products", "search_synchronous", 4000),
    ):
        asked: dict[str, Any] = hour_of_ephemeris(server, timedelta(days=days))
        answer = server.post(f"/{kind}/{path}", asked if path == "search" else {"query": asked})
        seen.append(
            f"{kind}/{path} over {days} days: {answer.status} {answer.message if answer.status >= 400 else ''}"
        )
    return "; ".join(seen)


@question("What does a 403 say?", Need.KEY)
def forbidden(server: Server) -> str:
    """Seen with a key that is not an Administrator's."""
    answer = server.get("/utils/admin/search_requests", active="true")
    if answer.status != 403:
        raise NotHere(f"this key may list search requests ({answer.status})")
    return summary(answer)


@question("What does availability of data products look like?")
def product_availability(server: Server) -> str:
    """No real answer was found."""
    source, last = server.sample()
    first = (last - timedelta(days=365)).date()
    answer = server.get("/availability/data_products", start=first, end=last.date(), program=source.program)
    return summary(answer)


@question("Are there rate limits?")
def rate_limits(server: Server) -> str:
    """Only the error code ToManyRequests is known; nothing is hammered here, headers are read."""
    return headers_with(server.get("/data_sources"), LIMIT_WORDS)


@question("Are lists paged?")
def paging(server: Server) -> str:
    """No endpoint is known to."""
    answer = server.get("/data_sources", format="identifier_only")
    return f"{len(answer.json)} sources at once; {headers_with(answer, PAGE_WORDS)}"


@question("Does the list hold sources with negative identifiers?")
def hidden_sources(server: Server) -> str:
    """Clients drop them, so the API may list them."""
    rows = server.get("/data_sources", format="identifier_only").json
    return f"{sum(1 for found in rows if found['identifier'] < 0)} of {len(rows)}"


@question("In which order do sources come?")
def order(server: Server) -> str:
    """Clients sort by identifier themselves."""
    identifiers = [
        found["identifier"] for found in server.get("/data_sources", format="identifier_only").json
    ]
    return (
        f"{'by identifier' if identifiers == sorted(identifiers) else 'not by identifier'}: {identifiers[:8]}"
    )


@question("How long do result files live?", Need.ADMINISTRATOR)
def life_of_results(server: Server) -> str:
    """Five days in 2021; the oldest that is still there is a lower bound."""
    requests = server.client.searches.list(active=False)
    kept = [each.requested for each in requests if each.result_file_exists and each.requested]
    return f"the oldest of {len(kept)} is of {times.write(min(kept))}" if kept else "none is kept"


@question("What does an upload with a bad record say, and in which shape?", Need.WRITING)
def bad_record(server: Server, source: DataSource) -> str:
    """No epoch in the second of two."""
    bad = row(source, day(20))
    del bad["epoch"]
    return summary(upload(server, source, [row(source, day(20)), bad]))


@question("Is a location with one member refused?", Need.WRITING)
def one_sided(server: Server, source: DataSource) -> str:
    """The clients refuse it themselves."""
    return summary(upload(server, source, [row(source, day(21), location_geo={"lat": 1.0, "lon": None})]))


@question("Is an unknown key in a record refused?", Need.WRITING)
def unknown_key(server: Server, source: DataSource) -> str:
    """The clients stopped sending `identifier` in 2021."""
    return summary(upload(server, source, [row(source, day(22), identifier=source.identifier)]))


@question("Is a data product type that is not listed refused?", Need.WRITING)
def unknown_type(server: Server, source: DataSource) -> str:
    """The documentation names two more than the API document."""
    rows = [
        product(source, "https://example.org/verify-api/4.jpg", day(23), data_product_type="gridded_data")
    ]
    return summary(upload(server, source, rows, "data_products"))


@question("Are seconds of an epoch kept?", Need.WRITING)
def seconds(server: Server, source: DataSource) -> str:
    """PyAuroraX cuts them before it sends."""
    upload(server, source, [row(source, day(24) + timedelta(seconds=30))])
    query = {
        "data_sources": {"programs": [source.program]},
        "start": times.write(day(24)),
        "end": times.write(day(25)),
    }
    found = server.wait(
        lambda: server.post("/ephemeris/search_synchronous", {"query": query}),
        lambda answer: bool(answer.rows),
    )
    return str([each["epoch"] for each in found.rows])


@question("What does the list of delete jobs hold?", Need.WRITING)
def delete_jobs(server: Server, source: DataSource) -> str:
    """Nor is it known how a caller learns the id of its own deletion."""
    body = {**source.key, "start": times.write(day(30)), "end": times.write(day(30))}
    deletion = server.ask("DELETE", f"{path_of(source)}/ephemeris", body)
    jobs = server.get(f"{path_of(source)}/ephemeris/delete_jobs")
    one = server.get(f"{path_of(source)}/ephemeris/delete_jobs/{jobs.json[0]}") if jobs.json else jobs
    return f"deletion: {summary(deletion)}; jobs: {summary(jobs)}; one job: {summary(one)}"


@question("Are many records taken in one request?", Need.WRITING)
def many(server: Server, source: DataSource) -> str:
    """The API document says that very large files are fine."""
    rows = [row(source, day(40) + timedelta(minutes=minute)) for minute in range(MANY)]
    started = datetime.now(UTC)
    answer = upload(server, source, rows)
    return f"{MANY} records: {summary(answer)} after {(datetime.now(UTC) - started).total_seconds():.1f} s"
