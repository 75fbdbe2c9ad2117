"""Which keys of a record an answer shall carry (API document, EphemerisFormat, DataProductFormat)."""

from typing import Any

import msgspec


class SchemaFormat(msgspec.Struct, omit_defaults=True):
    """Keys of the fields of a metadata schema."""

    field_name: bool | None = None
    description: bool | None = None
    data_type: bool | None = None
    allowed_values: bool | None = None
    additional_description: bool | None = None


class SourceFormat(msgspec.Struct, omit_defaults=True):
    """Keys of a data source."""

    identifier: bool | None = None
    program: bool | None = None
    platform: bool | None = None
    instrument_type: bool | None = None
    source_type: bool | None = None
    display_name: bool | None = None
    ephemeris_metadata_schema: SchemaFormat | None = None
    data_product_metadata_schema: SchemaFormat | None = None
    owner: bool | None = None
    maintainers: bool | None = None
    metadata: bool | None = None


class LocationFormat(msgspec.Struct, omit_defaults=True):
    """Keys of a place."""

    lat: bool | None = None
    lon: bool | None = None


class EphemerisFormat(msgspec.Struct, omit_defaults=True):
    """Keys of an ephemeris record."""

    data_source: SourceFormat | None = None
    epoch: bool | None = None
    location_geo: LocationFormat | None = None
    location_gsm: LocationFormat | None = None
    nbtrace: LocationFormat | None = None
    sbtrace: LocationFormat | None = None
    metadata: bool | None = None


class DataProductFormat(msgspec.Struct, omit_defaults=True):
    """Keys of a data product record."""

    start: bool | None = None
    end: bool | None = None
    data_source: SourceFormat | None = None
    url: bool | None = None
    data_product_type: bool | None = None
    metadata: bool | None = None


def as_dict(wanted: EphemerisFormat | DataProductFormat) -> dict[str, Any]:
    """The wanted keys as nested dictionaries; what was not mentioned is left out."""
    keys: dict[str, Any] = msgspec.to_builtins(wanted)
    return keys
