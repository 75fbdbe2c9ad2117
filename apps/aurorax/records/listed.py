"""Data sources as one finds them in the list of all: thousands, of which a page looks at some."""

from collections.abc import Mapping
from typing import Any, Self

import msgspec

from apps.aurorax.records.sources import DataSource, texts_of


class ListedSource(msgspec.Struct, frozen=True, gc=False):
    """What one finds a data source by, and what rights hang on. The rest, metadata and schemas, is in `DataSource`."""

    identifier: int
    program: str = ""
    platform: str = ""
    instrument_type: str = ""
    source_type: str = ""
    display_name: str = ""
    owner: str | None = None
    maintainers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.display_name or f"data source {self.identifier}"

    @property
    def key(self) -> dict[str, str]:
        """Program, platform and instrument type, as `DataSource.key`."""
        return {
            "program": self.program,
            "platform": self.platform,
            "instrument_type": self.instrument_type,
        }

    def as_data_source(self) -> DataSource:
        """The data source, without metadata and schemas."""
        return DataSource(**msgspec.structs.asdict(self))

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From the API's object; a text alone is a list of one maintainer, and null in that list an empty text."""
        return cls(
            int(row["identifier"]),
            row.get("program") or "",
            row.get("platform") or "",
            row.get("instrument_type") or "",
            row.get("source_type") or "",
            row.get("display_name") or "",
            row.get("owner"),
            texts_of(row.get("maintainers")),
        )
