"""The data sources the sandbox starts with: 107 real ones, and a hidden one with a negative number."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

from apps.sandbox.models import DataSource

FOLDER = Path(__file__).parent
OWN_PROGRAMS = ("themis-asi", "trex")  # of owner@example.org
OWNERLESS_PROGRAMS = ("campaigns", "iss", "sampex")  # owner is null in some real records too
MAINTAINED = (46, 95, 103)  # by maintainer@example.org
SWARM = (3, 29, 30)
# Made for searches on the fly; the API lists such sources, its clients hide every negative identifier.
HIDDEN = {
    "identifier": -1,
    "program": "adhoc",
    "platform": "adhoc",
    "instrument_type": "adhoc",
    "source_type": "not_applicable",
    "display_name": "Adhoc",
}


@cache
def _rows() -> list[dict[str, Any]]:
    with (FOLDER / "sources.csv").open(newline="") as file:
        return [row | {"identifier": int(row["identifier"])} for row in csv.DictReader(file)]


@cache
def _schemas() -> dict[str, list[dict[str, Any]]]:
    schemas: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "schemas.json").read_text())
    return schemas


def sources() -> list[DataSource]:
    """All of them as rows, not stored yet."""
    return [DataSource(**HIDDEN), *(_source(row) for row in _rows())]


def _source(row: dict[str, Any]) -> DataSource:
    return DataSource(
        **row,
        owner=_owner(row["program"]),
        maintainers=["maintainer@example.org"] if row["identifier"] in MAINTAINED else [],
        ephemeris_metadata_schema=_ephemeris_schema(row),
        data_product_metadata_schema=_schemas()["keograms"] if row["source_type"] == "ground" else [],
        metadata={"country": "Canada"} if row["program"] == "trex" else None,
    )


def _owner(program: str) -> str | None:
    if program in OWNERLESS_PROGRAMS:
        return None
    return "owner@example.org" if program in OWN_PROGRAMS else "owner2@example.org"


def _ephemeris_schema(row: dict[str, Any]) -> list[dict[str, Any]]:
    if row["program"] == "themis-asi":
        return _schemas()["themis_asi"]
    if row["source_type"] == "ground":
        return []
    return _schemas()["spacecraft"] + (_schemas()["swarm"] if row["identifier"] in SWARM else [])
