"""Search queries as clients send them, and as the API repeats them (API document, EphemerisQuery, DataProductQuery)."""

from typing import Any, Literal

import msgspec

from apps.sandbox.errors import invalid
from apps.sandbox.queries import DATA_PRODUCT_TYPES
from apps.sandbox.state import state
from apps.sandbox.times import When, parse, span

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "between"]
Scalar = str | int | float | bool | None


class Expression(msgspec.Struct):
    """One condition on one metadata key. Values are strings by the document; clients also send numbers."""

    key: str
    operator: Operator
    values: list[Scalar]


class Filters(msgspec.Struct):
    """Conditions joined by AND (the default) or OR."""

    logical_operator: str | None = None
    expressions: list[Expression] | None = None


class Criteria(msgspec.Struct):
    """Which sources are searched, and which of their records."""

    programs: list[str] | None = None
    platforms: list[str] | None = None
    instrument_types: list[str] | None = None
    # Old clients send a bare list of expressions, and {} for no filter.
    ephemeris_metadata_filters: Filters | list[Expression] | None = None
    data_product_metadata_filters: Filters | list[Expression] | None = None


class Query(msgspec.Struct):
    """A search as sent. `request_id` is read and ignored: the API chooses it."""

    data_sources: Criteria | None = None
    start: When | None = None
    end: When | None = None
    request_id: str | None = None
    data_product_type_filters: list[Literal[DATA_PRODUCT_TYPES]] | None = None  # type: ignore[valid-type]  # one list


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """A search that can be run. `start` and `end` are in wire form and both included."""

    kind: Literal["ephemeris", "data_product"]
    programs: list[str]
    platforms: list[str]
    instrument_types: list[str]
    logical_operator: Literal["AND", "OR"]
    expressions: list[Expression]
    start: str
    end: str
    data_product_types: list[str]

    def document(self) -> dict[str, Any]:
        """The query as the API repeats it, `request_id: null` included."""
        filters = {
            "logical_operator": self.logical_operator,
            "expressions": msgspec.to_builtins(self.expressions),
        }
        document: dict[str, Any] = {
            "request_id": None,
            "data_sources": {
                "programs": self.programs,
                "platforms": self.platforms,
                "instrument_types": self.instrument_types,
                f"{self.kind}_metadata_filters": filters,
            },
            "start": self.start,
            "end": self.end,
        }
        if self.kind == "data_product":
            document["data_product_type_filters"] = self.data_product_types
        return document


def ephemeris_search(query: Query, *, most_days: float) -> Search:
    """A runnable ephemeris search. Raises 400: it needs a filter, and may not span more than `most_days`."""
    criteria = query.data_sources
    if criteria is None:
        raise invalid("data_sources is missing.")
    filters = _filters(criteria.ephemeris_metadata_filters)
    if not (criteria.programs or criteria.platforms or criteria.instrument_types or filters.expressions):
        raise invalid("At least one of programs, platforms, instrument_types or metadata filters is needed.")
    return _search("ephemeris", query, criteria, filters, most_days)


def data_product_search(query: Query, *, most_days: float) -> Search:
    """A runnable data product search. Raises 400 where it spans more than `most_days`."""
    criteria = query.data_sources or Criteria()
    filters = _filters(criteria.data_product_metadata_filters)
    return _search("data_product", query, criteria, filters, most_days)


def _search(
    kind: Literal["ephemeris", "data_product"],
    query: Query,
    criteria: Criteria,
    filters: Filters,
    most_days: float,
) -> Search:
    start, end = _span(query, most_days)
    return Search(
        kind=kind,
        programs=criteria.programs or [],
        platforms=criteria.platforms or [],
        instrument_types=criteria.instrument_types or [],
        logical_operator="OR" if (filters.logical_operator or "").upper() == "OR" else "AND",
        expressions=filters.expressions or [],
        start=start,
        end=end,
        data_product_types=query.data_product_type_filters or [],
    )


def _filters(given: Filters | list[Expression] | None) -> Filters:
    """The filters in their one form, checked."""
    filters = Filters(expressions=given) if isinstance(given, list) else given or Filters()
    if filters.logical_operator and filters.logical_operator.upper() not in ("AND", "OR"):
        raise invalid(f"logical_operator is {filters.logical_operator!r}; write AND or OR.")
    for expression in filters.expressions or []:
        if expression.operator == "between" and len(expression.values) != 2:
            raise invalid(f"between needs two values for {expression.key!r}, not {len(expression.values)}.")
        if not expression.values:
            raise invalid(f"{expression.operator} needs a value for {expression.key!r}.")
    return filters


def _span(query: Query, most_days: float) -> tuple[str, str]:
    if not query.start or not query.end:
        raise invalid("start and end are both needed.")
    start, end = parse(query.start, name="start"), parse(query.end, name="end")
    if end < start:
        raise invalid(f"end {end} is before start {start}.")
    if state.switches.search_limits and span(start, end) > most_days:
        raise invalid(f"This search may span {most_days:g} days at most; {start} to {end} is longer.")
    return start, end
