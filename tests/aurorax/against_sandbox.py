"""The documentation's example, for tests of the client against the sandbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.aurorax import AuroraX, AuroraXCredential, DataProductRecord, EphemerisRecord, Location
from tests.support.sandbox import SandboxProcess

START = datetime(2021, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SCHEMA = [
    {
        "field_name": "example_meta1",
        "description": "example metadata field 1",
        "data_type": "string",
        "allowed_values": [],
    }
]
# The documentation page "Uploading data" creates this source.
EXAMPLE: dict[str, Any] = {
    "program": "example-program",
    "platform": "example-platform",
    "instrument_type": "example-instrument",
    "source_type": "ground",
    "display_name": "Example Instrument",
    "ephemeris_metadata_schema": SCHEMA,
    "data_product_metadata_schema": SCHEMA,
}


def client_of(name: str, sandbox: SandboxProcess) -> AuroraX:
    return AuroraX(AuroraXCredential("api_key", f"sandbox-key-{name}"), sandbox.url)


def minutes(first: datetime, number: int) -> list[EphemerisRecord]:
    return [
        EphemerisRecord(
            first + minute * MINUTE,
            location_geo=Location(51.05, -114.0666),
            nbtrace=Location(51.05, -114.0666),
            sbtrace=Location(-60.25, -148.85),
            metadata={"example_meta1": f"minute {minute}"},
        )
        for minute in range(number)
    ]


def keogram(url: str, start: datetime) -> DataProductRecord:
    end = start + timedelta(hours=23, minutes=59)
    return DataProductRecord("keogram", start, end, url, {"example_meta1": "example1"})
