"""Records exactly as the API writes them, decoded straight from its answer: for comparing many, not for showing.

Times stay text (`YYYY-MM-DDTHH:MM:SS`, UTC). Two rows are equal when every field is; whatever else an answer holds is
left out.
"""

from typing import Any

import msgspec


class Place(msgspec.Struct, gc=False):
    """Latitude and longitude in degrees; both None, or the whole place None, where there is none."""

    lat: float | None = None
    lon: float | None = None


class SourceNumber(msgspec.Struct, gc=False):
    """Whose record it is."""

    identifier: int | None = None


class EphemerisRow(msgspec.Struct, gc=False):
    """One ephemeris record; its key is `epoch`."""

    epoch: str
    location_geo: Place | None = None
    location_gsm: Place | None = None
    nbtrace: Place | None = None
    sbtrace: Place | None = None
    metadata: dict[str, Any] | None = None
    data_source: SourceNumber | None = None


class DataProductRow(msgspec.Struct, gc=False):
    """One data product record; its key is `url`."""

    start: str
    end: str
    url: str
    data_product_type: str
    metadata: dict[str, Any] | None = None
    data_source: SourceNumber | None = None


class EphemerisHead(msgspec.Struct, gc=False):
    """Of a record that is read later: whose it is and where it belongs. Any value will do for now."""

    epoch: Any = None
    data_source: SourceNumber | None = None


class DataProductHead(msgspec.Struct, gc=False):
    """The same of a data product."""

    start: Any = None
    end: Any = None
    url: Any = None
    data_product_type: Any = None
    data_source: SourceNumber | None = None
