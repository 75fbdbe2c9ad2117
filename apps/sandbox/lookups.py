"""Which of the records that come are there already: the question of every write, so its SQL is written by hand.

Building such a query takes Django longer than the database takes for one that finds nothing, and most uploads bring
what is new, or the same keys once more. Either way the keys between the first and the last of them are no more than they are.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import connection

Product = tuple[str, str, str]  # type, start and end

EPHEMERIS = "SELECT epoch FROM sandbox_ephemeris WHERE source_id = %s AND "
PRODUCTS = 'SELECT url, data_product_type, start, "end" FROM sandbox_dataproduct WHERE source_id = %s AND '
BETWEEN = "{} BETWEEN %s AND %s LIMIT %s"
ANY = "{} = ANY(%s)"  # PostgreSQL, which is given a list
ONE_OF = "{} IN (SELECT value FROM json_each(%s))"  # SQLite, which is given it as JSON


def epochs(source: int, keys: Sequence[str]) -> set[str]:
    """Those of these epochs that are there, and perhaps others."""
    rows = _between(EPHEMERIS, "epoch", source, keys)
    return {epoch for (epoch,) in (_among(EPHEMERIS, "epoch", source, keys) if rows is None else rows)}


def products(source: int, keys: Sequence[str]) -> dict[str, Product]:
    """What is there of these URLs, and perhaps of others."""
    # How PostgreSQL sorts text depends on the server; SQLite sorts it as Python does.
    sorts_alike = connection.vendor == "sqlite"
    rows = _between(PRODUCTS, "url", source, keys) if sorts_alike else None
    rows = _among(PRODUCTS, "url", source, keys) if rows is None else rows
    return {url: (kind, start, end) for url, kind, start, end in rows}


def _between(select: str, key: str, source: int, keys: Sequence[str]) -> list[Any] | None:
    """The rows from the first to the last of `keys`; None where they are more than these."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(select + BETWEEN.format(key), (source, min(keys), max(keys), len(keys) + 1))
        rows: list[Any] = cursor.fetchall()
    return rows if len(rows) <= len(keys) else None


def _among(select: str, key: str, source: int, keys: Sequence[str]) -> list[Any]:
    """The rows of exactly these keys, which go as one value however many they are."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(select + ANY.format(key), (source, list(keys)))
        else:
            listed = msgspec.json.encode(keys).decode()
            cursor.execute(select + ONE_OF.format(key), (source, listed))
        rows: list[Any] = cursor.fetchall()
    return rows
