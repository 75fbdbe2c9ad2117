"""Behaviours of uploading and deleting records, looked at on the scratch source. Each has days of its own."""

from datetime import datetime, timedelta
from typing import Any

from apps.aurorax import times
from apps.aurorax.records import DataSource
from apps.aurorax.searching import criteria
from apps.conformance.behaviours import Need, behaviour, expect, expect_that
from apps.conformance.scratch import START, URLS
from apps.conformance.server import Server, ServerAnswer
from apps.conformance.writing_sources import path_of

GROUND = {"lat": 51.05, "lon": -114.0666}
NOWHERE = {"lat": None, "lon": None}


def day(number: int) -> datetime:
    """Midnight of a day within the span the scratch source may use."""
    return START + timedelta(days=number)


def row(source: DataSource, epoch: datetime, **fields: Any) -> dict[str, Any]:
    """An ephemeris record to upload; the epoch is written as PyAuroraX does."""
    return {**source.key, "epoch": times.write(epoch) + ".000Z", "location_geo": GROUND, **fields}


def product(source: DataSource, url: str, start: datetime, **fields: Any) -> dict[str, Any]:
    """A data product record of one day to upload."""
    return {
        **source.key,
        "start": times.write(start) + ".000",
        "end": times.write(start + timedelta(hours=23)) + ".000",
        "url": url,
        "data_product_type": "keogram",
        **fields,
    }


def upload(
    server: Server, source: DataSource, rows: list[dict[str, Any]], kind: str = "ephemeris"
) -> ServerAnswer:
    return server.post(f"{path_of(source)}/{kind}", rows)


def search(server: Server, source: DataSource, first: datetime, kind: str = "ephemeris") -> ServerAnswer:
    """What one day holds."""
    query = {
        "data_sources": criteria(source),
        "start": times.write(first),
        "end": times.write(first + timedelta(hours=23, minutes=59)),
    }
    return server.post(f"/{kind}/search_synchronous", {"query": query})


def held(
    server: Server, source: DataSource, first: datetime, number: int, kind: str = "ephemeris"
) -> list[dict[str, Any]]:
    """Rows of one day, looked for until there are `number` of them or patience ends."""
    return server.wait(
        lambda: search(server, source, first, kind), lambda answer: len(answer.rows) == number
    ).rows


@behaviour("An upload is accepted with 202 and no body, and taken in later", "API document", Need.WRITING)
def accepted(server: Server, source: DataSource) -> str:
    """How much later is measured."""
    answer = upload(server, source, [row(source, day(0))])
    expect((answer.status, answer.text), (202, ""))
    there = "at once" if search(server, source, day(0)).rows else "not at once"
    expect(len(held(server, source, day(0), 1)), 1, "records in the end")
    return f"there {there}"


@behaviour("A source just uploaded to is not deleted: 409", "PyAuroraX tests", Need.WRITING)
def delete_with_data(server: Server, source: DataSource) -> str:
    """Also while the upload was only just accepted."""
    upload(server, source, [row(source, day(1))])
    answer = server.ask("DELETE", path_of(source))
    expect(answer.status, 409)
    return answer.message


@behaviour("What was not uploaded comes back as null", "examples in the documentation", Need.WRITING)
def nulls(server: Server, source: DataSource) -> None:
    """All four locations, with both members."""
    upload(server, source, [row(source, day(2), location_geo=NOWHERE)])
    (found,) = held(server, source, day(2), 1)
    locations = [found[name] for name in ("location_geo", "location_gsm", "nbtrace", "sbtrace")]
    expect((locations, found["metadata"]), ([NOWHERE] * 4, None))


@behaviour("A latitude over 90 is folded, a longitude over 180 turned", "examples of PyAuroraX", Need.WRITING)
def folding(server: Server, source: DataSource) -> None:
    """150.25 comes back as 29.75, 239.75 as -120.25."""
    places = {"location_gsm": {"lat": 150.25, "lon": -10.75}, "nbtrace": {"lat": 1.5, "lon": 239.75}}
    expect(upload(server, source, [row(source, day(3), **places)]).status, 202)
    (found,) = held(server, source, day(3), 1)
    gsm, trace = found["location_gsm"], found["nbtrace"]
    seen = (round(gsm["lat"], 6), round(gsm["lon"], 6), round(trace["lon"], 6))
    expect(seen, (29.75, -10.75, -120.25))


@behaviour(
    "Metadata comes back with equal values, keys by length", "examples in the documentation", Need.WRITING
)
def metadata(server: Server, source: DataSource) -> None:
    """Then by alphabet."""
    sent = {"region": "polar cap", "a": 1, "tii_on": True, "b": 6819.1090046469235, "c": None}
    upload(server, source, [row(source, day(4), metadata=sent)])
    (found,) = held(server, source, day(4), 1)
    expect(found["metadata"], sent)
    expect(list(found["metadata"]), ["a", "b", "c", "region", "tii_on"])


@behaviour("A record is replaced by its key", "documentation: updating records", Need.WRITING)
def replaced(server: Server, source: DataSource) -> None:
    """Source and epoch for ephemeris."""
    upload(server, source, [row(source, day(5), metadata={"version": 1})])
    held(server, source, day(5), 1)
    upload(server, source, [row(source, day(5), metadata={"version": 2})])
    second = server.wait(
        lambda: search(server, source, day(5)),
        lambda answer: [found["metadata"] for found in answer.rows] == [{"version": 2}],
    )
    expect([found["metadata"] for found in second.rows], [{"version": 2}])


@behaviour("A deleted range includes both its ends", "PyAuroraX: delete", Need.WRITING)
def delete_range(server: Server, source: DataSource) -> None:
    """Accepted with 202, done later."""
    epochs = [day(6) + timedelta(minutes=minute) for minute in range(4)]
    upload(server, source, [row(source, epoch) for epoch in epochs])
    expect(len(held(server, source, day(6), 4)), 4, "records before")
    body = {**source.key, "start": times.write(epochs[1]), "end": times.write(epochs[2])}
    expect(server.ask("DELETE", f"{path_of(source)}/ephemeris", body).status, 202)
    left = [found["epoch"] for found in held(server, source, day(6), 2)]
    expect(left, [times.write(epochs[0]), times.write(epochs[3])], "records after")


@behaviour("Data products are replaced and deleted by URL", "documentation; PyAuroraX", Need.WRITING)
def products(server: Server, source: DataSource) -> None:
    """Times with and without Z are taken; the deletion answers 200 and repeats nothing."""
    rows = [product(source, url, day(7)) for url in URLS[:3]]
    rows[1] |= {"start": times.write(day(7)) + "Z", "end": times.write(day(7) + timedelta(hours=1)) + ".000Z"}
    expect(upload(server, source, rows, "data_products").status, 202)
    expect(len(held(server, source, day(7), 3, "data_products")), 3, "records before")
    upload(server, source, [product(source, URLS[0], day(8))], "data_products")
    expect(len(held(server, source, day(8), 1, "data_products")), 1, "the record with its new time")
    answer = server.ask("DELETE", f"{path_of(source)}/data_products", {**source.key, "urls": URLS[1:3]})
    expect_that(answer.status in (200, 202), "200 or 202", answer.status)
    expect(held(server, source, day(7), 0, "data_products"), [], "records after")


@behaviour("Records of another source are refused with 400", "API document: upload", Need.WRITING)
def another_source(server: Server, source: DataSource) -> str:
    """Whatever was right in the same upload."""
    wrong = row(source, day(9)) | {"platform": "another platform"}
    answer = upload(server, source, [wrong])
    expect(answer.status, 400)
    return answer.text
