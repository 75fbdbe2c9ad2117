"""The copies that deletions need: nobody else must let go of them."""

from collections.abc import Iterator
from uuid import UUID

from apps.deletions.models import ENDED, Deletion


def copies_named() -> Iterator[UUID]:
    """Every copy that a deletion tells of."""
    named = Deletion.objects.exclude(snapshot=None)
    return named.values_list("snapshot", flat=True).iterator()  # type: ignore[return-value]


def copies_at_work() -> Iterator[UUID]:
    """Those of deletions that are not over."""
    unfinished = Deletion.objects.exclude(state__in=ENDED).exclude(snapshot=None)
    return unfinished.values_list("snapshot", flat=True).iterator()  # type: ignore[return-value]
