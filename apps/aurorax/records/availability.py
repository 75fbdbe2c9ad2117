"""How many records a source holds on each day."""

from dataclasses import dataclass
from datetime import date

from apps.aurorax.records.sources import DataSource


@dataclass(frozen=True)
class Availability:
    """Records for each UTC day, in day order. The numbers lag uploads by about ten minutes unless asked for `slow`."""

    data_source: DataSource
    counts: dict[date, int]
