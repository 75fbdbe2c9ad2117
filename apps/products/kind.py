"""The record kind of data products: its columns, its rules, and how AuroraX keeps it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.records import DATA_PRODUCT_TYPES, MetadataField
from apps.permissions import Action
from apps.uploads import rules
from apps.uploads.columns import Column
from apps.uploads.kinds import RecordKind
from apps.uploads.row_check import Record, Row, RowCheck


class ProductCheck(RowCheck):
    """A pointer to a data product: a type, a time span and a URL, which may be any text (API document)."""

    key_column = "url"

    def _fields(self, row: Row) -> Record:
        start, end = self._minute(row, "start"), self._minute(row, "end")
        if start and end and start > end:
            self._tell(rules.START_AFTER_END, "start", row["start"])
        return {
            "start": start,
            "end": end,
            "url": self._text(row, "url"),
            "data_product_type": self._product_type(row),
        }

    def _key(self, record: Record) -> str:
        return str(record["url"])

    def _text(self, row: Row, column: str) -> str:
        value = row.get(column)
        text = "" if value is None else str(value).strip()
        if not text:
            self._tell(rules.REQUIRED, column, "")
        return text

    def _product_type(self, row: Row) -> str:
        text = self._text(row, "data_product_type")
        if text and text.lower() not in DATA_PRODUCT_TYPES:
            self._tell(rules.PRODUCT_TYPE, "data_product_type", text)
        return text.lower()


class ProductKind(RecordKind):
    """Data product records, kept by their URL."""

    slug = "products"
    label = "Data products"
    noun = "data product"
    nouns = "data products"
    key_name = "URL"
    create = Action.PRODUCTS_CREATE
    check_class = ProductCheck
    columns = (
        Column(
            "data_product_type", "keogram, montage, movie, summary_plot or data_availability", "keogram",
            required=True, synonyms=("type", "product_type"),
        ),
        Column(
            "start", "UTC", "2020-01-01T00:00:00",
            required=True, synonyms=("start_time", "start_utc", "start_datetime", "begin", "from"),
        ),
        Column(
            "end", "UTC, inclusive", "2020-01-01T23:59:00",
            required=True, synonyms=("end_time", "end_utc", "end_datetime", "stop", "until", "to"),
        ),
        Column("url", "where it is; any text", "example1.jpg", required=True, synonyms=("link", "address", "href")),
    )  # fmt: skip

    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """The metadata schema for data products."""
        return source.data_product_metadata_schema

    def key(self, record: Record) -> str:
        """The URL."""
        return str(record["url"])

    def span(self, record: Record) -> tuple[str, str]:
        """Start and end."""
        return record["start"], record["end"]

    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """POST /data_sources/{identifier}/data_products."""
        client.products.upload(source.identifier, body)

    def stored(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[Record]:
        """By search: those that lie wholly within the span."""
        return (record.to_api() for record in client.products.search(source, first, last))

    def existing(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[Record]:
        """All of the source's: a URL may be stored with quite another time than the one it is uploaded with."""
        stats = client.sources.get(source.identifier, include_stats=True).stats
        earliest = stats.earliest_data_product_loaded if stats else None
        latest = stats.latest_data_product_loaded if stats else None
        return self.stored(client, source, min(first, earliest or first), max(last, latest or last))

    def canonical(self, record: Record) -> Record:
        """Times to the minute."""
        return record | {"start": f"{record['start'][:16]}:00", "end": f"{record['end'][:16]}:00"}


PRODUCTS = ProductKind()
