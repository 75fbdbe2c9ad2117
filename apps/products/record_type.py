"""The record type of data products: its columns, its rules, and how AuroraX keeps it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec

from apps.aurorax import AuroraX, DataSource, times
from apps.aurorax.overlaps import whole
from apps.aurorax.records import MetadataField
from apps.aurorax.records.rows import DataProductRow
from apps.aurorax.times import TimeSpan
from apps.permissions import Action
from apps.products.counts import ProductCounts
from apps.products.validators import URL_JSON, ProductBatchValidator, ProductValidator
from apps.records.actions import Actions
from apps.records.deletion_scope import DeletionScope
from apps.records.record_type import RecordTypeOf
from apps.records.spans import span_of
from apps.validation.columns import Column


class ProductType(RecordTypeOf[DataProductRow]):
    """Data product records, kept by their URL."""

    slug = "products"
    api_name = "data_products"
    label = "Data products"
    noun = "data product"
    nouns = "data products"
    key_name = "URL"
    export_note = (
        "It holds every data product that touches the span, also one that begins before it or ends after it."
    )
    actions = Actions(Action.PRODUCTS_CREATE, Action.PRODUCTS_UPDATE, Action.PRODUCTS_DELETE)
    counts = ProductCounts()
    day_query = "first={day}"
    key_is_time = False
    deletes_by_key = True
    row_class = DataProductRow
    compare_batch_size = 200_000  # all of a source's have to be read each time
    validator_class = ProductValidator
    batch_validator_class = ProductBatchValidator
    summary: ClassVar[Mapping[str, Callable[[DataProductRow], str]]] = {
        "URL": lambda row: row.url,
        "Type": lambda row: row.data_product_type,
        "Start (UTC)": lambda row: row.start,
        "End (UTC)": lambda row: row.end,
    }
    columns = (
        Column(
            "data_product_type", "keogram, montage, movie, summary_plot or data_availability", "keogram",
            required=True, synonyms=("type", "product_type"),
        ),
        Column(
            "start", "UTC", "2020-01-01T00:00:00",
            required=True, holds="time", synonyms=("start_time", "start_utc", "start_datetime", "begin", "from"),
        ),
        Column(
            "end", "UTC, inclusive", "2020-01-01T23:59:00",
            required=True, holds="time", synonyms=("end_time", "end_utc", "end_datetime", "stop", "until", "to"),
        ),
        Column(
            "url", "where it is; any text", "example1.jpg",
            required=True, json_column=URL_JSON, synonyms=("link", "address", "href"),
        ),
    )  # fmt: skip

    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """The metadata schema for data products."""
        return source.data_product_metadata_schema

    def key(self, row: DataProductRow) -> str:
        """The URL."""
        return row.url

    def span(self, row: DataProductRow) -> tuple[str, str]:
        """Start and end."""
        return row.start, row.end

    def canonical(self, row: DataProductRow) -> DataProductRow:
        """Times to the minute."""
        minutes = {"start": f"{row.start[:16]}:00", "end": f"{row.end[:16]}:00"}
        return msgspec.structs.replace(super().canonical(row), **minutes)

    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """POST /data_sources/{identifier}/data_products."""
        client.products.upload(source.identifier, body)

    def windows(
        self, client: AuroraX, source: DataSource, spans: Iterable[TimeSpan], *, whole_source: bool = False
    ) -> list[TimeSpan]:
        """The spans: what lies across a cut would not be found. With `whole_source` all the time in which the source has
        data products: a URL may be stored with quite another time than the one it is uploaded with.
        """
        windows = [span for span in spans if span[0] <= span[1]]
        if not whole_source or not windows:
            return windows
        return [_whole_span(client, source, windows[0][0], max(last for _, last in windows))]

    def search_window(
        self, client: AuroraX, source: DataSource, window: TimeSpan
    ) -> Callable[[], list[DataProductRow]]:
        """POST /data_products/search_synchronous, or search: those that lie wholly within."""
        return client.products.window(source, *window)

    def search_touching(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[list[DataProductRow]]:
        """Those that begin before or end after it too."""
        yield client.products.touching(source, first, last)

    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """By URL, whatever lies between."""
        client.products.delete(source, [url for run in runs for url in run])

    def spans_meant(self, client: AuroraX, source: DataSource, scope: DeletionScope) -> Sequence[TimeSpan]:
        """As far as the chosen ones reach that only touch the span: none of them may be cut."""
        if scope.reach is not None:
            return [scope.reach]
        touching = client.products.touching(source, scope.start, scope.end)
        meant = [span_of(self, [row]) for row in touching if self.is_meant(row, scope)]
        return [(min(first for first, _ in meant), max(last for _, last in meant))] if meant else []

    def is_meant(self, row: DataProductRow, scope: DeletionScope) -> bool:
        """Those with the chosen URLs; without a choice all that lie wholly within the span, and the chosen of the others."""
        if scope.keys:
            return row.url in scope.keys
        return row.url in scope.edge_keys or _is_within(row, scope)

    def on_edge(self, client: AuroraX, source: DataSource, scope: DeletionScope) -> Sequence[DataProductRow]:
        """Those that begin before the span or end after it, however long they are."""
        if scope.keys:
            return ()
        touching = client.products.touching(source, scope.start, scope.end)
        return [row for row in touching if not _is_within(row, scope)]


def _is_within(row: DataProductRow, scope: DeletionScope) -> bool:
    return times.write(scope.start) <= row.start and row.end <= times.write(scope.end)


def _whole_span(client: AuroraX, source: DataSource, first: datetime, last: datetime) -> TimeSpan:
    """All the time in which the source can have data products, and these two."""
    stats = source.stats or client.sources.get(source.identifier, include_stats=True).stats
    earliest, latest = whole(stats) if stats else (first, last)
    return min(first, earliest), max(last, latest)


PRODUCTS = ProductType()
