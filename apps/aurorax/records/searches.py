"""Search requests, as an Administrator sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from apps.aurorax import times

# API document, SearchRequestListing: `search_type`.
SEARCH_TYPES = ("conjunction", "ephemeris", "data_product")


@dataclass(frozen=True)
class SearchRequest:
    """One search somebody asked AuroraX for. `query_duration` is in milliseconds, `file_size` in bytes."""

    request_id: str
    search_type: str
    ip_address: str | None = None
    requested: datetime | None = None
    active: bool = False
    query_duration: int | None = None
    result_file_exists: bool = False
    file_size: int | None = None
    result_count: int | None = None
    error_condition: bool | None = None

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From the API's SearchRequestListing object."""
        return cls(
            request_id=row["request_id"],
            search_type=row["search_type"],
            ip_address=row.get("ip_address"),
            requested=times.parse_optional(row.get("requested")),
            active=bool(row.get("active")),
            query_duration=row.get("query_duration"),
            result_file_exists=bool(row.get("result_file_exists")),
            file_size=row.get("file_size"),
            result_count=row.get("result_count"),
            error_condition=row.get("error_condition"),
        )
