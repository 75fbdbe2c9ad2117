"""Metadata filters of searches."""

import pytest

from tests.sandbox.conftest import SWARM_DAY, Api, ephemeris, keogram, query

RECORDS = [
    {"region": "north polar cap", "distance": 10, "on": True},
    {"region": "low latitude", "distance": 9.5, "on": False},
    {"region": "north cusp"},
    None,
]
FILTERS = [
    ("region", "=", ["north cusp"], {2}),
    ("region", "!=", ["north cusp"], {0, 1}),
    ("region", "in", ["north cusp", "low latitude"], {1, 2}),
    ("region", "not in", ["north cusp", "low latitude"], {0}),
    ("distance", "<", ["10"], {1}),
    ("distance", "<=", ["10"], {0, 1}),
    ("distance", ">", [9.5], {0}),
    ("distance", ">=", ["9.50"], {0, 1}),
    ("distance", "between", ["9", "9.9"], {1}),
    ("distance", "=", ["10.0"], {0}),
    ("on", "=", ["true"], {0}),
    ("on", "in", ["false"], {1}),
    ("region", "<", ["m"], {1}),
    ("nothing", "!=", ["x"], set()),
]


@pytest.mark.parametrize(("key", "operator", "values", "found"), FILTERS)
def test_metadata_filters(
    owner: Api, source: int, key: str, operator: str, values: list[object], found: set[int]
) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(m, metadata=RECORDS[m]) for m in range(4)])
    filters = {"expressions": [{"key": key, "operator": operator, "values": values}]}
    sources = {"programs": ["example-program"], "ephemeris_metadata_filters": filters}
    records = owner.search("ephemeris", **query(data_sources=sources))
    assert {int(record["epoch"][14:16]) for record in records} == found


@pytest.mark.parametrize(
    ("operator", "found"), [("AND", {0}), ("OR", {0, 1, 2}), ("or", {0, 1, 2}), (None, {0})]
)
def test_metadata_filters_are_joined(owner: Api, source: int, operator: str | None, found: set[int]) -> None:
    owner.post(f"/data_sources/{source}/ephemeris", [ephemeris(m, metadata=RECORDS[m]) for m in range(4)])
    expressions = [
        {"key": "region", "operator": "!=", "values": ["low latitude"]},
        {"key": "distance", "operator": ">", "values": ["1"]},
    ]
    filters = {"logical_operator": operator, "expressions": expressions}
    sources = {"programs": ["example-program"], "ephemeris_metadata_filters": filters}
    records = owner.search("ephemeris", **query(data_sources=sources))
    assert {int(record["epoch"][14:16]) for record in records} == found


@pytest.mark.parametrize("filters", [{}, [], None, [{"key": "run", "operator": "=", "values": ["1"]}]])
def test_filters_also_come_empty_or_as_a_bare_list(owner: Api, source: int, filters: object) -> None:
    owner.post(f"/data_sources/{source}/data_products", [keogram("a", metadata={"run": 1})])
    sources = {"programs": ["example-program"], "data_product_metadata_filters": filters}
    assert len(owner.search("data_products", **query(data_sources=sources))) == 1


@pytest.mark.parametrize(
    "filters",
    [
        {"logical_operator": "XOR", "expressions": []},
        {"expressions": [{"key": "a", "operator": "like", "values": ["b"]}]},
        {"expressions": [{"key": "a", "operator": "between", "values": ["1"]}]},
        {"expressions": [{"key": "a", "operator": "=", "values": []}]},
    ],
)
def test_filters_that_make_no_sense_are_refused(anyone: Api, filters: object) -> None:
    sources = {"programs": ["swarm"], "ephemeris_metadata_filters": filters}
    assert anyone.post("/ephemeris/search", {**SWARM_DAY, "data_sources": sources}).status_code == 400
