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
        self,
        *,
        start: date,
        end: date,
        source: DataSource | None = None,
        owner: str | None = None,
        program: str | None = None,
        slow: bool = False,
    ) -> list[Availability]:
        """Ephemeris records for each day from `start` to `end`, both inclusive, of one source, of all that somebody owns
        or that belong to a program, or of all. AuroraX compares `owner` exactly, and has no filter for maintainers.

        A source without any is absent. `slow` counts again instead of taking numbers up to ten minutes old; raises
        `errors.Maintenance` while AuroraX does not offer that.
        """
        filters = _filters(source, owner=owner, program=program, slow=slow or None)
        return self._ask("ephemeris", start, end, source, filters)

    def products(
        self,
        *,
        start: date,
        end: date,
        source: DataSource | None = None,
        owner: str | None = None,
        program: str | None = None,
        data_product_type: str | None = None,
        slow: bool = False,
    ) -> list[Availability]:
        """The same for data products, of one type or of all; each counts on the day it starts."""
        filters = _filters(
            source, owner=owner, program=program, data_product_type=data_product_type, slow=slow or None
        )
        return self._ask("data_products", start, end, source, filters)

    def _ask(
        self, kind: str, start: date, end: date, source: DataSource | None, filters: dict[str, Any]
    ) -> list[Availability]:
        params = {"start": start.isoformat(), "end": end.isoformat(), **filters}
        rows = objects_of(self._transport.get(f"/api/v1/availability/{kind}", params))

        def read(row: Mapping[str, Any]) -> Availability:
            days = {date.fromisoformat(day): int(n) for day, n in row[f"available_{kind}"].items()}
            # In 2022 the API answered one day more than asked for.
            inside = {day: days[day] for day in sorted(days) if start <= day <= end}
            return Availability(DataSource.from_api(row["data_source"]), inside)

        found = records_of(read, rows)
        return [each for each in found if source is None or each.data_source.identifier == source.identifier]


def _filters(source: DataSource | None, **others: Any) -> dict[str, Any]:
    """The key of one source goes before other filters; those that are None are not sent."""
    return others | (source.key if source else {})
