"""How many records there are on each day. (API document: /availability)"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from apps.aurorax.answers import objects_of, records_of
from apps.aurorax.records import Availability, DataSource
from apps.aurorax.transport import Transport


class Availabilities:
    """`AuroraX(...).availability`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ephemeris(
        self, *, start: date, end: date, source: DataSource | None = None, slow: bool = False
    ) -> list[Availability]:
        """Ephemeris records for each day from `start` to `end`, both inclusive, of one source or of all.

        A source without any is absent. `slow` counts anew instead of taking numbers up to ten minutes old; raises
        `errors.Maintenance` while AuroraX does not offer that.
        """
        return self._ask("ephemeris", start, end, source, slow)

    def products(
        self, *, start: date, end: date, source: DataSource | None = None, slow: bool = False
    ) -> list[Availability]:
        """The same for data products."""
        return self._ask("data_products", start, end, source, slow)

    def _ask(
        self, kind: str, start: date, end: date, source: DataSource | None, slow: bool
    ) -> list[Availability]:
        params = {
            "start": start.isoformat(),
            "end": end.isoformat(),
            "slow": slow or None,
            **(source.key if source else {}),
        }
        rows = objects_of(self._transport.get(f"/api/v1/availability/{kind}", params))

        def read(row: Mapping[str, Any]) -> Availability:
            days = {date.fromisoformat(day): int(n) for day, n in row[f"available_{kind}"].items()}
            # In 2022 the API answered one day more than asked for.
            inside = {day: days[day] for day in sorted(days) if start <= day <= end}
            return Availability(DataSource.from_api(row["data_source"]), inside)

        found = records_of(read, rows)
        return [each for each in found if source is None or each.data_source.identifier == source.identifier]
