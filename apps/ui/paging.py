"""Pages of a list that is already in memory."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator

PAGE_SIZE = 50


def page_of(items: Sequence[Any], number: str | None, *, size: int = PAGE_SIZE) -> "Page[Any]":
    """The page with this number; nonsense leads to the first page, a number too high to the last."""
    return Paginator(items, size).get_page(number or 1)
