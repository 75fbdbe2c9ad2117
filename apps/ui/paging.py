"""Pages of a list or of a query."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

PAGE_SIZE = 50


def page_of(
    items: "Sequence[Any] | QuerySet[Any]", number: str | None, *, size: int = PAGE_SIZE
) -> "Page[Any]":
    """The page with this number; nonsense leads to the first page, a number too high to the last."""
    return Paginator(items, size).get_page(number or 1)
