"""Records to look at."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location

DAY = datetime(2020, 1, 1, tzinfo=UTC)
Fill = Callable[..., list[EphemerisRecord]]


def record(epoch: datetime, **fields: Any) -> EphemerisRecord:
    defaults = {
        "location_geo": Location(51.049999, -114.066666),
        "nbtrace": Location(51.049999, -114.066666),
        "metadata": {"example_meta1": "one"},
    }
    return EphemerisRecord(epoch=epoch, **(defaults | fields))


@pytest.fixture
def fill(aurorax: AuroraX) -> Fill:
    """Puts minute records into a data source, from `start` on."""

    def filled(source: DataSource, count: int, start: datetime = DAY, **fields: Any) -> list[EphemerisRecord]:
        records = [record(start + timedelta(minutes=number), **fields) for number in range(count)]
        aurorax.ephemeris.upload(source.identifier, records, source=source)
        return records

    return filled
