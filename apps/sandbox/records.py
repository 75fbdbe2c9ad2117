"""Records as they are uploaded, and as rows of the database."""

import zlib
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from apps.sandbox import jsonb
from apps.sandbox.bodies import read_rows
from apps.sandbox.errors import ApiError, invalid
from apps.sandbox.models import DataSource
from apps.sandbox.places import Place, fold
from apps.sandbox.queries import DATA_PRODUCT_TYPES
from apps.sandbox.state import state
from apps.sandbox.times import wire

Row = tuple[Any, ...]
Moment = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]  # without zone it is UTC
LONGEST_URL = 2000  # characters; the sandbox's own limit, an index of PostgreSQL cannot hold much more


class Location(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A place in degrees. Both null is a place that is not known."""

    lat: float | None = None
    lon: float | None = None


class EphemerisUpload(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One ephemeris record as uploaded (API document, LoadEphemerisSpecification)."""

    program: str
    platform: str
    instrument_type: str
    epoch: Moment
    location_geo: Location | None = None
    location_gsm: Location | None = None
    nbtrace: Location | None = None
    sbtrace: Location | None = None
    metadata: dict[str, Any] | None = None


class DataProductUpload(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One data product record as uploaded (API document, LoadDataProductSpecification)."""

    program: str
    platform: str
    instrument_type: str
    start: Moment
    end: Moment
    url: str
    data_product_type: Literal[DATA_PRODUCT_TYPES]  # type: ignore[valid-type]  # the list is kept in one place
    metadata: dict[str, Any] | None = None


def ephemeris_rows(source: DataSource, body: bytes) -> list[Row]:
    """The rows of an uploaded array, one per epoch: the last of several wins. Raises 400 naming what is wrong."""
    records = read_rows(body, EphemerisUpload)
    _check_source(source, records)
    identifier = source.identifier
    try:
        rows = {
            epoch: _ephemeris_row(identifier, epoch, record)
            for record in records
            if (epoch := wire(record.epoch))
        }
    except OverflowError:
        raise invalid(["An epoch lies outside of the years 1 to 9999."]) from None
    _reject_some(rows)
    return list(rows.values())


def data_product_rows(source: DataSource, body: bytes) -> list[Row]:
    """The rows of an uploaded array, one per URL: the last of several wins. Raises 400 naming what is wrong."""
    records = read_rows(body, DataProductUpload)
    _check_source(source, records)
    for number, record in enumerate(records):
        if len(record.url) > LONGEST_URL:
            raise invalid([f"Record {number}: url is longer than {LONGEST_URL} characters."])
    try:
        rows = {record.url: _data_product_row(source.identifier, record) for record in records}
    except OverflowError:
        raise invalid(["A start or end lies outside of the years 1 to 9999."]) from None
    _reject_some(rows)
    return list(rows.values())


def _ephemeris_row(identifier: int, epoch: str, record: EphemerisUpload) -> Row:
    return (
        identifier,
        epoch,
        *_place(record.location_geo),
        *_place(record.location_gsm),
        *_place(record.nbtrace),
        *_place(record.sbtrace),
        jsonb.text(record.metadata),
    )


def _data_product_row(identifier: int, record: DataProductUpload) -> Row:
    times = wire(record.start), wire(record.end)
    return identifier, record.url, record.data_product_type, *times, jsonb.text(record.metadata)


def _place(location: Location | None) -> Place:
    if location is None:
        return None, None
    lat, lon = location.lat, location.lon
    if lat is None or lon is None:
        return lat, lon  # only the client refuses half a place
    return fold(lat, lon)


def _check_source(source: DataSource, records: list[Any]) -> None:
    """Raises 400 for records that name another source than the one they are posted to."""
    named = (source.program, source.platform, source.instrument_type)
    wrong = [
        f"Record {number}: program, platform and instrument_type are not those of data source {source.identifier}."
        for number, record in enumerate(records)
        if (record.program, record.platform, record.instrument_type) != named
    ]
    if wrong:
        raise invalid(wrong[:100])


def _reject_some(rows: dict[str, Row]) -> None:
    """Act out the switch `reject_every`: which keys are refused depends on the switch `dice` alone, so it is always the same."""
    switches = state.switches
    if not switches.reject_every:
        return
    sentences = [
        f"Record {number}: refused for a test ({key})."
        for number, key in enumerate(rows)
        if zlib.crc32(f"{switches.dice} {key}".encode()) % switches.reject_every == 0
    ]
    if sentences and switches.reject_shape == "object":
        raise invalid(" ".join(sentences))
    if sentences:
        raise ApiError(400, sentences, key=switches.reject_shape)
