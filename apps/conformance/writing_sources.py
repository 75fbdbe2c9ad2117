"""Behaviours of creating, changing and deleting data sources, looked at on the scratch source."""

from typing import Any

from apps.aurorax.records import DataSource
from apps.conformance.behaviours import Need, behaviour, expect, expect_that
from apps.conformance.reading_sources import FORMATS
from apps.conformance.scratch import FIELDS
from apps.conformance.server import Server


def path_of(source: DataSource) -> str:
    """Its address under /api/v1."""
    return f"/data_sources/{source.identifier}"


def schema_row(name: str) -> dict[str, object]:
    """A row of a metadata schema."""
    return {"field_name": name, "description": name, "data_type": "string", "allowed_values": []}


@behaviour("Writing without a key is a 401", "API document: security", Need.WRITING)
def anonymous(server: Server, source: DataSource) -> None:
    """For each way of writing."""
    for method, path, body in (
        ("PATCH", path_of(source), {"display_name": "Nobody was here"}),
        ("DELETE", path_of(source), None),
        ("POST", f"{path_of(source)}/ephemeris", []),
        ("POST", f"{path_of(source)}/data_products", []),
    ):
        expect(server.ask(method, path, body, anonymous=True).status, 401, f"{method} {path}")


@behaviour("A source that exists is a 409", "API document: POST /data_sources", Need.WRITING)
def duplicate(server: Server, source: DataSource) -> str:
    """Same program, platform and instrument type."""
    answer = server.post("/data_sources", FIELDS)
    expect(answer.status, 409)
    return answer.message


@behaviour("The creator becomes the owner", "example output of PyAuroraX", Need.WRITING)
def owner(server: Server, source: DataSource) -> None:
    """When none was named."""
    expect_that(bool(source.owner), "an owner", source.owner)


@behaviour("A full record of the least that is needed has every key", "PyAuroraX tests", Need.WRITING)
def least(server: Server, source: DataSource) -> None:
    """Null or empty where nothing was given."""
    expect(list(server.get(path_of(source), format="full_record").json), FORMATS["full_record"])


@behaviour("null in PATCH leaves alone, [] and {} overwrite", "PyAuroraX and its tests", Need.WRITING)
def patch(server: Server, source: DataSource) -> None:
    """So a field cannot be set to null with PATCH."""
    path = path_of(source)
    given = {
        "metadata": {"made_by": "verify_api"},
        "maintainers": ["maintainer@example.org"],
        "ephemeris_metadata_schema": [schema_row("a")],
    }
    expect(server.ask("PATCH", path, given).status, 200)
    expect(server.ask("PATCH", path, {**dict.fromkeys(given), "display_name": "Changed"}).status, 200)
    kept = server.get(path, format="full_record").json
    expect({name: kept[name] for name in given}, given, "after null")
    expect(kept["display_name"], "Changed")
    emptied: dict[str, Any] = {"metadata": {}, "maintainers": [], "ephemeris_metadata_schema": []}
    server.ask("PATCH", path, emptied)
    kept = server.get(path, format="full_record").json
    expect({name: kept[name] for name in emptied}, emptied, "after [] and {}")


@behaviour("PUT loses what it leaves out", "documentation: full update", Need.WRITING)
def put(server: Server, source: DataSource) -> None:
    """The portal therefore shows the difference first. The owner is repeated here, or it would be lost, too."""
    path = path_of(source)
    server.ask("PATCH", path, {"metadata": {"made_by": "verify_api"}})
    expect(
        server.ask("PUT", path, {"identifier": source.identifier, **FIELDS, "owner": source.owner}).status,
        200,
    )
    expect_that(
        not server.get(path, format="full_record").json["metadata"],
        "no metadata",
        "metadata that was left out",
    )


@behaviour("A field that is too long is a bare 500", "a comment in PyAuroraX", Need.WRITING)
def too_long(server: Server, source: DataSource) -> str:
    """The portal therefore checks lengths before sending."""
    answer = server.ask("PATCH", path_of(source), {"display_name": "x" * 51})
    kept = server.get(path_of(source)).json["display_name"]
    expect_that(len(kept) <= 50, "the name refused or cut", kept)
    expect(answer.status, 500)
    return answer.text[:100]


@behaviour("The longest allowed values pass", "PyAuroraX compares with greater-than", Need.WRITING)
def longest(server: Server, source: DataSource) -> None:
    """50 characters of display name."""
    expect(server.ask("PATCH", path_of(source), {"display_name": "x" * 50}).status, 200)
    expect(server.get(path_of(source)).json["display_name"], "x" * 50)
