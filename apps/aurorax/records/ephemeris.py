"""Ephemeris records: where an instrument was, and what it saw of the sky, at one UTC minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from apps.aurorax import times


class Location(NamedTuple):
    """A place in degrees, longitude east; both None where there is none.

    A tuple rather than a dataclass because four of them come with every record, tens of thousands at a time.
    """

    lat: float | None = None
    lon: float | None = None

    @classmethod
    def from_api(cls, place: Mapping[str, float | None] | None) -> "Location":
        """From `{"lat": ..., "lon": ...}`. Null members, `{}` (formatted answers) and null all mean no location."""
        if not place:
            return NOWHERE
        lat, lon = place.get("lat"), place.get("lon")
        return cls(None if lat is None else float(lat), None if lon is None else float(lon))

    def to_api(self) -> dict[str, float | None]:
        """The API's object, always with both keys."""
        return {"lat": self.lat, "lon": self.lon}

    @property
    def is_empty(self) -> bool:
        """Whether there is no location here."""
        return self.lat is None and self.lon is None


NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class EphemerisRecord:
    """One minute of one data source; its key is the source and `epoch`.

    `location_geo` is geographic, `location_gsm` geocentric solar magnetospheric, `nbtrace` and `sbtrace` the northern
    and southern magnetic footprints. AuroraX folds a latitude over 90 to 180 minus it.
    """

    epoch: datetime
    location_geo: Location = NOWHERE
    location_gsm: Location = NOWHERE
    nbtrace: Location = NOWHERE
    sbtrace: Location = NOWHERE
    metadata: dict[str, Any] | None = None

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From a search result, or from a record as it is uploaded."""
        return cls(
            times.parse(row["epoch"]),
            Location.from_api(row.get("location_geo")),
            Location.from_api(row.get("location_gsm")),
            Location.from_api(row.get("nbtrace")),
            Location.from_api(row.get("sbtrace")),
            row.get("metadata"),
        )

    def to_api(self) -> dict[str, Any]:
        """As it is uploaded, without program, platform and instrument type (those are the source's: `source.key`)."""
        return {
            "epoch": times.write(self.epoch),
            "location_geo": self.location_geo.to_api(),
            "location_gsm": self.location_gsm.to_api(),
            "nbtrace": self.nbtrace.to_api(),
            "sbtrace": self.sbtrace.to_api(),
            "metadata": self.metadata,
        }
