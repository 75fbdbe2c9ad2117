"""A search in the words of the API: one string, made of names, times and filters, as its describe calls answer."""

from apps.sandbox.search.query import Expression, Search
from apps.sandbox.times import described


def description(search: Search) -> str:
    """The search as the API describes it, its double spaces and its bare AND at the end included."""
    sources = f"({_sources(search)} filtered by metadata ({_conditions(search)}))"
    if search.kind == "ephemeris":
        between = f"epoch between {described(search.start)} and {described(search.end)} UTC"
        return f"Find ephemeris for ({sources} AND  ephemeris_metadata_filters [])  AND {between}"
    times = f"data_product start >= {described(search.start)} UTC AND data_product end <= {described(search.end)} UTC"
    types = (
        f" data_product_type in ({', '.join(search.data_product_types)})" if search.data_product_types else ""
    )
    return f"Find data_products for ({sources} AND  data_product_metadata_filters []) AND {times} AND{types}"


def _sources(search: Search) -> str:
    named = {
        "program": search.programs,
        "platform": search.platforms,
        "instrument_type": search.instrument_types,
    }
    return " AND ".join(f"{name} in ({', '.join(values)})" for name, values in named.items() if values)


def _conditions(search: Search) -> str:
    return f" {search.logical_operator} ".join(map(_condition, search.expressions))


def _condition(expression: Expression) -> str:
    return f"{expression.key} {expression.operator} ({', '.join(map(str, expression.values))})"
