"""Data sources: one instrument on one platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from apps.aurorax import times

# API document, Data Source: `source_type`.
GROUND = "ground"  # the type of what stands on the Earth
SOURCE_TYPES = (GROUND, "heo", "leo", "lunar", "event_list", "not_applicable")

# API document: `format`. Each carries the keys of the one before it, and more; keys it does not carry are absent.
FORMATS = ("identifier_only", "basic_info", "with_metadata", "full_record")

# Longest values in characters. The API itself answers an unexplained 500 beyond them; PyAuroraX checks the same.
FIELD_LIMITS = {"program": 200, "platform": 50, "instrument_type": 200, "display_name": 50}


@dataclass(frozen=True)
class MetadataField:
    """One row of a metadata schema. The API stores schemas and does not check records against them."""

    field_name: str
    description: str = ""
    data_type: str = "string"
    allowed_values: tuple[str, ...] = ()
    additional_description: str | None = None
    searchable: bool | None = None

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From the API's object; `additional_description` and `searchable` may be missing or null."""
        return cls(
            field_name=row["field_name"],
            description=row.get("description") or "",
            data_type=row.get("data_type") or "string",
            allowed_values=tuple(str(value) for value in row.get("allowed_values") or ()),
            additional_description=row.get("additional_description"),
            searchable=row.get("searchable"),
        )

    def to_api(self) -> dict[str, Any]:
        """The API's object, in its key order; what is None is left out."""
        row: dict[str, Any] = {
            "field_name": self.field_name,
            "description": self.description,
            "data_type": self.data_type,
            "allowed_values": list(self.allowed_values),
        }
        if self.additional_description is not None:
            row["additional_description"] = self.additional_description
        if self.searchable is not None:
            row["searchable"] = self.searchable
        return row


@dataclass(frozen=True)
class DataSourceStats:
    """How much a source holds. Times are UTC, None without records, and may lie in the future (predicted orbits)."""

    earliest_ephemeris_loaded: datetime | None = None
    latest_ephemeris_loaded: datetime | None = None
    ephemeris_count: int = 0
    earliest_data_product_loaded: datetime | None = None
    latest_data_product_loaded: datetime | None = None
    data_product_count: int = 0

    @classmethod
    def from_api(cls, stats: Mapping[str, Any]) -> Self:
        """From the API's `stats` object."""
        return cls(
            earliest_ephemeris_loaded=times.parse_optional(stats.get("earliest_ephemeris_loaded")),
            latest_ephemeris_loaded=times.parse_optional(stats.get("latest_ephemeris_loaded")),
            ephemeris_count=int(stats.get("ephemeris_count") or 0),
            earliest_data_product_loaded=times.parse_optional(stats.get("earliest_data_product_loaded")),
            latest_data_product_loaded=times.parse_optional(stats.get("latest_data_product_loaded")),
            data_product_count=int(stats.get("data_product_count") or 0),
        )


@dataclass(frozen=True)
class DataSource:
    """One data source. `owner` and `maintainers` are e-mail addresses; real records exist without an owner.

    In an answer of a smaller `format` than full_record, what the format does not carry has its default here.
    """

    identifier: int
    program: str = ""
    platform: str = ""
    instrument_type: str = ""
    source_type: str = ""
    display_name: str = ""
    metadata: dict[str, Any] | None = None
    owner: str | None = None
    maintainers: tuple[str, ...] = ()
    ephemeris_metadata_schema: tuple[MetadataField, ...] = ()
    data_product_metadata_schema: tuple[MetadataField, ...] = ()
    stats: DataSourceStats | None = None

    def __str__(self) -> str:
        return self.display_name or f"data source {self.identifier}"

    def __hash__(self) -> int:
        return hash(self.identifier)

    @property
    def key(self) -> dict[str, str]:
        """Program, platform and instrument type: AuroraX's other key, repeated in every record of the source."""
        return {
            "program": self.program,
            "platform": self.platform,
            "instrument_type": self.instrument_type,
        }

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From the API's object in any `format`; keys may be absent (not asked for) or null (nothing there)."""
        stats = row.get("stats")
        return cls(
            identifier=int(row["identifier"]),
            program=row.get("program") or "",
            platform=row.get("platform") or "",
            instrument_type=row.get("instrument_type") or "",
            source_type=row.get("source_type") or "",
            display_name=row.get("display_name") or "",
            metadata=row.get("metadata"),
            owner=row.get("owner"),
            maintainers=texts_of(row.get("maintainers")),
            ephemeris_metadata_schema=_schema(row.get("ephemeris_metadata_schema")),
            data_product_metadata_schema=_schema(row.get("data_product_metadata_schema")),
            stats=DataSourceStats.from_api(stats) if stats else None,
        )

    def to_api(self) -> dict[str, Any]:
        """Everything that can be written (all but `stats`), in the API's key order: what a PUT needs."""
        return {
            "identifier": self.identifier,
            **self.key,
            "source_type": self.source_type,
            "display_name": self.display_name,
            "metadata": self.metadata,
            "owner": self.owner,
            "maintainers": list(self.maintainers),
            "ephemeris_metadata_schema": [field.to_api() for field in self.ephemeris_metadata_schema],
            "data_product_metadata_schema": [field.to_api() for field in self.data_product_metadata_schema],
        }


def texts_of(value: Any) -> tuple[str, ...]:
    """A list of texts as they are; a text alone is a list of one, and null in a list an empty text."""
    if isinstance(value, str):
        return (value,)
    return tuple("" if each is None else str(each) for each in value or ())


def _schema(rows: list[dict[str, Any]] | None) -> tuple[MetadataField, ...]:
    return tuple(MetadataField.from_api(row) for row in rows or ())
