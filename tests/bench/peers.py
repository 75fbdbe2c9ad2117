"""What others do with the same file: the ways a provider or another Django project would check and send it."""

import csv
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.files import HEADER
from tests.bench.records import METADATA, NAMES, PLACES

CHUNK = 2_000
MONTH, MINUTE = timedelta(days=31), timedelta(minutes=1)


def by_hand(path: str) -> tuple[int, float]:
    """The csv module, every cell checked by hand, orjson-like encoding by msgspec: the fastest script without columns."""
    import msgspec  # noqa: PLC0415

    began, records, bad = time.perf_counter(), list[dict[str, Any]](), 0
    count = 0
    for row in _rows(path):
        count += 1
        try:
            records.append(_checked(row))
        except ValueError:
            bad += 1
        if len(records) == CHUNK:
            msgspec.json.encode(records)
            records = []
    msgspec.json.encode(records)
    return count, time.perf_counter() - began


def pydantic(path: str) -> tuple[int, float]:
    """The csv module and a pydantic model for each row."""
    from pydantic import BaseModel, Field, ValidationError  # noqa: PLC0415

    class Place(BaseModel):  # type: ignore[misc]
        lat: float | None = Field(ge=-90, le=90)
        lon: float | None = Field(ge=-180, le=180)

    class Model(BaseModel):  # type: ignore[misc]
        epoch: datetime
        location_geo: Place
        location_gsm: Place
        nbtrace: Place
        sbtrace: Place
        metadata: dict[str, str]

    began, count = time.perf_counter(), 0
    for row in _rows(path):
        count += 1
        places = {p: {"lat": row[f"{p}.lat"] or None, "lon": row[f"{p}.lon"] or None} for p in PLACES}
        metadata = {name: row[f"metadata.{name}"] for name in METADATA}
        try:
            Model(epoch=row["epoch"], metadata=metadata, **places).model_dump_json()
        except ValidationError:
            continue
    return count, time.perf_counter() - began


def pandera(path: str) -> tuple[int, float]:
    """pandas and a pandera schema, then NDJSON (flat: not even the API's shape)."""
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    began = time.perf_counter()
    frame = pd.read_csv(path, dtype=str)
    frame["epoch"] = pd.to_datetime(frame["epoch"], errors="coerce")
    columns = {"epoch": pa.Column("datetime64[us]", coerce=True)}
    for name in HEADER[1:9]:
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
        most = 90 if name.endswith("lat") else 180
        columns[name] = pa.Column(float, pa.Check.in_range(-most, most), nullable=True)
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except SchemaErrors as errors:
        frame = frame.drop(index=errors.failure_cases["index"].dropna().unique())
    frame.to_json(io.StringIO(), orient="records", lines=True)
    return len(frame), time.perf_counter() - began


def frictionless(path: str) -> tuple[int, float]:
    """frictionless: all errors of a file in a report."""
    from frictionless import Resource, Schema, fields, system  # noqa: PLC0415

    system.trusted = True
    began = time.perf_counter()
    numbers = [
        fields.NumberField(
            name=name,
            constraints={"minimum": -(m := 90 if name.endswith("lat") else 180), "maximum": m},
        )
        for name in HEADER[1:9]
    ]
    schema = Schema(
        fields=[
            fields.DatetimeField(name="epoch"),
            *numbers,
            *(fields.StringField(name=n) for n in HEADER[9:]),
        ]
    )
    report = Resource(path=path, schema=schema).validate(limit_errors=1_000_000)
    return report.tasks[0].stats["rows"], time.perf_counter() - began


def import_export(path: str) -> tuple[int, float]:
    """django-import-export: a dry run, as its preview does it."""
    from import_export import fields as columns  # noqa: PLC0415
    from import_export import resources, widgets  # noqa: PLC0415
    from tablib import Dataset  # noqa: PLC0415

    from apps.uploads.models import Chunk  # noqa: PLC0415

    class ChunkResource(resources.ModelResource):  # type: ignore[misc]
        first = columns.Field(column_name="epoch", attribute="first", widget=widgets.DateTimeWidget())
        index = columns.Field(
            column_name="location_geo.lat", attribute="answer", widget=widgets.FloatWidget()
        )

        class Meta:
            model = Chunk
            import_id_fields = ("first",)
            fields = ("first", "index")
            skip_diff = True
            use_bulk = True
            force_init_instance = True

    began = time.perf_counter()
    data = Dataset().load(Path(path).read_text(), format="csv")
    ChunkResource().import_data(data, dry_run=True)
    return len(data), time.perf_counter() - began


def pyaurorax(
    path: str,
    url: str,
    identifier: str = "1",
    platform: str = NAMES["platform"],
    key: str = "x",
    reads_back: str = "",
) -> tuple[int, float]:
    """A script as PyAuroraX's documentation has it: read the CSV, make objects, upload them. With a number of seconds in
    `reads_back` it waits for as long, and searches what it has sent.
    """
    import pyaurorax as library  # noqa: PLC0415
    from pyaurorax.search import DataSource, EphemerisData, Location  # noqa: PLC0415

    began = time.perf_counter()
    aurorax = library.PyAuroraX(
        download_output_root_path="/tmp", read_tar_temp_path="/tmp", api_base_url=url, api_key=key
    )
    source = DataSource(identifier=int(identifier), **NAMES | {"platform": platform})
    records = []
    for row in _rows(path):
        places = {}
        for place in PLACES:
            lat, lon = row[f"{place}.lat"], row[f"{place}.lon"]
            places[place] = Location(lat=float(lat), lon=float(lon)) if lat else Location(lat=None, lon=None)
        metadata = {name: row[f"metadata.{name}"] for name in METADATA}
        epoch = datetime.strptime(row["epoch"], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - as its documentation does
        records.append(EphemerisData(source, epoch, **places, metadata=metadata))
    first, last = records[0].epoch, records[-1].epoch
    aurorax.search.ephemeris.upload(int(identifier), records)  # and they are dictionaries from here on
    if reads_back:
        time.sleep(float(reads_back))  # until all is taken in
        found = 0
        while first <= last:  # a month at a time, as AuroraX documents it
            until = min(first + MONTH - MINUTE, last)
            found += len(aurorax.search.ephemeris.search(first, until, platforms=[platform]).data)
            first = until + MINUTE
        if found != len(records):
            raise RuntimeError(f"The script finds {found} of {len(records)}.")
    return len(records), time.perf_counter() - began


def json_module(path: str) -> tuple[int, float]:
    """The json module, one record after the other: read, the same checks, written again."""
    began, count = time.perf_counter(), 0
    text = Path(path).read_text()
    records = json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())
    for record in records:
        count += 1
        datetime.fromisoformat(record["epoch"]).replace(tzinfo=UTC)
        for place in PLACES:
            _place(record[place]["lat"], record[place]["lon"])
        json.dumps(record)
    return count, time.perf_counter() - began


def calamine(path: str) -> tuple[int, float]:
    """The library that reads workbooks, and nothing done with what it reads."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    began = time.perf_counter()
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sum(1 for _ in sheet.iter_rows()) - 1, time.perf_counter() - began


def _rows(path: str) -> Iterator[dict[str, str]]:
    with Path(path).open(newline="") as file:
        yield from csv.DictReader(file)


def _checked(row: dict[str, str]) -> dict[str, Any]:
    epoch = datetime.strptime(row["epoch"], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    places = {}
    for name in PLACES:
        lat, lon = row[f"{name}.lat"], row[f"{name}.lon"]
        places[name] = _place(float(lat) if lat else None, float(lon) if lon else None)
    metadata = {name: row[f"metadata.{name}"] for name in METADATA}
    return {**NAMES, "epoch": f"{epoch:%Y-%m-%dT%H:%M:%S}", **places, "metadata": metadata}


def _place(lat: float | None, lon: float | None) -> dict[str, float | None]:
    if (lat is None) != (lon is None):
        raise ValueError("one-sided")
    if lat is not None and lon is not None and not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("out of range")
    return {"lat": lat, "lon": lon}
