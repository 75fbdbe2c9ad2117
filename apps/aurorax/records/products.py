"""Data product records: pointers (URLs) to keograms, movies and other summaries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from apps.aurorax import times

# API document: `data_product_type`. The documentation names two more (average, gridded_data) that the API refuses;
# a type not listed here is shown as it comes.
DATA_PRODUCT_TYPES = ("keogram", "montage", "movie", "summary_plot", "data_availability")


@dataclass(frozen=True, slots=True)
class DataProductRecord:
    """One data product; its key is the source and `url`, which may be any text and is never fetched by AuroraX."""

    data_product_type: str
    start: datetime
    end: datetime
    url: str
    metadata: dict[str, Any] | None = None

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From a search result, or from a record as it is uploaded."""
        return cls(
            data_product_type=row["data_product_type"],
            start=times.parse(row["start"]),
            end=times.parse(row["end"]),
            url=row["url"],
            metadata=row.get("metadata"),
        )

    def to_api(self) -> dict[str, Any]:
        """As it is uploaded, without program, platform and instrument type (those are the source's: `source.key`)."""
        return {
            "start": times.write(self.start),
            "end": times.write(self.end),
            "url": self.url,
            "data_product_type": self.data_product_type,
            "metadata": self.metadata,
        }
