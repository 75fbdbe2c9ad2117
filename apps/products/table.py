"""Data products as the rows of a table."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from apps.aurorax import DataProductRecord, DataSource, times
from apps.products.record_type import PRODUCTS
from apps.products.spans import edge_words, file_name, is_link
from apps.records.listing import Listing
from apps.records.metadata import cell, metadata_columns, metadata_fields
from apps.ui.selections import Selection
from apps.ui.tables import DataTable, TableColumn, TableRow

OWN = (
    TableColumn("data_product_type", "Type"),
    TableColumn("start", "Start (UTC)"),
    TableColumn("end", "End (UTC)"),
    TableColumn("url", "URL"),
)


def columns_of(source: DataSource, records: Sequence[DataProductRecord]) -> list[TableColumn]:
    """Type, times and URL, and a column for each metadata field that one of the records has."""
    fields = metadata_fields(PRODUCTS, source, records)
    return [*OWN, *metadata_columns(PRODUCTS, source, fields)]


def table_of(
    listing: Listing[DataProductRecord],
    records: Sequence[DataProductRecord],
    columns: Sequence[TableColumn],
    selection: Selection,
    *,
    may_edit: bool,
) -> DataTable:
    """The records under these of the columns. Their headings are their files' names, which lead to the products; behind
    them stands what of a product lies on other days.
    """
    rows = list(_rows(listing, records, columns, selection, may_edit))
    return DataTable("Data products", "File", columns, rows, leads_out=True, has_edit=may_edit)


def edit_address(edit: str, record: DataProductRecord) -> str:
    """Where a product is changed; `edit` is the address of the form. Its times spare a long search."""
    # By hand: a page has a hundred of these, and urlencode takes nearly a millisecond over them.
    start, end = times.write(record.start), times.write(record.end)
    return f"{edit}?url={quote(record.url, safe='/:')}&start={start}&end={end}"


def _rows(
    listing: Listing[DataProductRecord],
    records: Sequence[DataProductRecord],
    columns: Sequence[TableColumn],
    selection: Selection,
    may_edit: bool,
) -> Iterator[TableRow]:
    own = [column.name for column in columns if column in OWN]
    fields = [column.label for column in columns if column not in OWN]
    edit = reverse("products-edit", args=[listing.source.identifier])
    first, last = listing.start.date(), listing.end.date()
    for record in records:
        key, metadata = listing.key(record), record.metadata or {}
        texts = [_text(record, name) for name in own]
        texts += [str(cell(metadata.get(name))) for name in fields]
        yield TableRow(
            key,
            file_name(record.url),
            record.url if is_link(record.url) else "",
            texts,
            key in selection,
            record.url,
            edit_address(edit, record) if may_edit else "",
            edge_words(record, first, last),
        )


def _text(record: DataProductRecord, name: str) -> str:
    """One of a record's own fields; times to the second, in UTC."""
    value: Any = getattr(record, name)
    return value if isinstance(value, str) else times.write(value).replace("T", " ")
