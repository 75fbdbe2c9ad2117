"""The tabs of a data source. Record types add theirs: see `apps.records.types.register`."""

from typing import NamedTuple

from apps.permissions import Action


class RecordPages(NamedTuple):
    """The pages of a record type under a data source: `<slug>-browse` is its tab, `<slug>-upload` its button."""

    label: str
    slug: str
    create: Action
    delete: Action


RECORD_PAGES: dict[str, RecordPages] = {}  # by slug


def register(pages: RecordPages) -> None:
    """Give a record type its tab and its button on all pages of data sources."""
    RECORD_PAGES[pages.slug] = pages


def labels_and_names() -> list[tuple[str, str]]:
    """Label and URL name of each tab; an app that adds one of its own adds a line here."""
    return [
        ("Overview", "source-detail"),
        *((pages.label, f"{pages.slug}-browse") for pages in RECORD_PAGES.values()),
        ("Maintainers", "maintainers-source"),
        ("Metadata schema", "source-schema"),
        ("Health", "source-health"),
        ("Activity", "source-activity"),
    ]
