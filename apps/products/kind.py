"""The record kind of data products: its columns, its rules, and how AuroraX keeps it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

import polars as pl

from apps.aurorax import AuroraX, DataSource
from apps.aurorax.overlaps import whole
from apps.aurorax.records import DATA_PRODUCT_TYPES, MetadataField
from apps.aurorax.records.rows import DataProductRow
from apps.permissions import Action
from apps.records.types import AnyRow, RecordType
from apps.validation import null_words, rules
from apps.validation.batches import BatchResult, BatchValidator, Fields, json_text
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.seen_keys import SeenTexts
from apps.validation.columns import Column
from apps.validation.row import Record, Row, RowValidator

URL_JSON = "url_json"  # a column for URLs as JSON text, see `Column.json_column`


class ProductValidator(RowValidator):
    """A pointer to a data product: a type, a time span and a URL, which may be any text (API document)."""

    key_column = "url"
    ends = frozenset({"end"})

    def _ahead(self, column: str) -> timedelta:
        """What a product shows has begun; the product of a month may end with the month."""
        return timedelta(days=31 if column == "end" else 1)

    def _fields(self, row: Row) -> Record:
        start, end = self._minute(row, "start"), self._minute(row, "end")
        if start and end and start > end:
            self._report(rules.START_AFTER_END, "start", row["start"])
        return {
            "start": start,
            "end": end,
            "url": self._url(row),
            "data_product_type": self._product_type(row),
        }

    def _url(self, row: Row) -> str:
        """Out of a cell without the blanks around it, out of JSON with them: they may be part of the key."""
        as_json = row.get(URL_JSON)
        if as_json is not None and as_json != "":
            return self._url_of_json(row, as_json)
        text = self._text(row, "url")
        bare = text.strip()
        if text == bare or not bare:
            return text
        exact = self.value_formats.exact_texts
        self._report(rules.URL_BLANKS if exact else rules.URL_TRIMMED, "url", f'"{text}"')
        return text if exact else bare

    def _url_of_json(self, row: Row, as_json: object) -> str:
        try:
            found = json.loads(str(as_json))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, str) or not found.strip() or row.get("url") not in (None, "", found):
            self._report(rules.URL_JSON, URL_JSON, as_json)
            return ""
        return found

    def _text(self, row: Row, column: str) -> str:
        value = row.get(column)
        text = "" if value is None else str(value)
        if not text.strip() or (null_words.is_null_word(text) and not self.value_formats.exact_texts):
            self._report(rules.REQUIRED, column, text)
        return text

    def _product_type(self, row: Row) -> str:
        text = self._text(row, "data_product_type")
        known = text.strip().lower()
        if known and known not in DATA_PRODUCT_TYPES:
            self._report(rules.PRODUCT_TYPE, "data_product_type", text)
        elif known != text and known:
            self._report(rules.PRODUCT_TYPE_SPELLING, "data_product_type", text)
        return known


class ProductBatchResult(BatchResult):
    """The same for rows that are plainly right."""

    def _fields(self) -> Fields:
        start, end = self._times("start"), self._times("end")
        self._defer(null_is_false(start.minutes > end.minutes))
        url, type_ = self._urls(), self._types()
        json: dict[str, JsonParts] = {
            "start": ['"', start.texts, '"'],
            "end": ['"', end.texts, '"'],
            **json_text.texts(pl.DataFrame({"url": url, "data_product_type": type_})),
        }
        return Fields(json, key=url, first=start.minutes, last=end.minutes)

    def _urls(self) -> pl.Series:
        """In this or that way, as they come; those that stand as JSON are looked at one by one."""
        as_json = self.batch.column(URL_JSON)
        if as_json.null_count() < len(as_json):
            self._defer(null_is_false(as_json != ""))
        text = self.batch.column("url").cast(pl.String)
        bare = text.str.strip_chars()
        self._defer(~null_is_false(bare != ""))
        exact = self._value_formats.exact_texts
        if not exact:
            self._defer(null_is_false(bare.is_in(list(null_words.NULL_WORDS))))
        padded = null_is_false(text != bare)
        if padded.any():
            self._note(rules.URL_BLANKS if exact else rules.URL_TRIMMED, "url", padded, '"' + text + '"')
        return text if exact else bare

    def _types(self) -> pl.Series:
        """As AuroraX takes them."""
        text = self.batch.column("data_product_type").cast(pl.String)
        if text.is_in(list(DATA_PRODUCT_TYPES)).all() and not text.has_nulls():  # nearly always
            return text
        known = text.str.strip_chars().str.to_lowercase()
        self._defer(~null_is_false(known.is_in(list(DATA_PRODUCT_TYPES))))
        self._note(rules.PRODUCT_TYPE_SPELLING, "data_product_type", null_is_false(text != known), text)
        return known


class ProductBatchValidator(BatchValidator):
    """Both together, for the rows of a file."""

    result_class = ProductBatchResult
    seen_keys_class = SeenTexts
    spans = {"first": "start", "last": "end"}

    def _key_of(self, record: Record) -> tuple[str, str, str]:
        return record["url"], record["start"], record["end"]


class ProductType(RecordType):
    """Data product records, kept by their URL."""

    slug = "products"
    label = "Data products"
    noun = "data product"
    nouns = "data products"
    key_name = "URL"
    create = Action.PRODUCTS_CREATE
    delete_action = Action.PRODUCTS_DELETE
    row_class = DataProductRow
    compare_batch_size = 200_000  # all of a source's have to be read each time
    validator_class = ProductValidator
    batch_validator_class = ProductBatchValidator
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

    def search_replaceable(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[Record]:
        """All of the source's: a URL may be stored with quite another time than the one it is uploaded with."""
        return self.stored(client, source, *_whole_span(client, source, first, last))

    def windows(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime, *, whole_source: bool
    ) -> Iterator[list[AnyRow]]:
        """By search; all of the source's with `whole_source`."""
        span = _whole_span(client, source, first, last) if whole_source else (first, last)
        return cast("Iterator[list[AnyRow]]", client.products.windows(source, *span))

    def touching(
        self, client: AuroraX, source: DataSource, first: datetime, last: datetime
    ) -> Iterator[list[AnyRow]]:
        """Those that begin before or end after it too."""
        yield list(client.products.touching(source, first, last))

    def row_key(self, row: AnyRow) -> str:
        """The URL."""
        return cast("DataProductRow", row).url

    def day(self, row: AnyRow) -> str:
        """That of its start."""
        return cast("DataProductRow", row).start[:10]

    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """By URL, whatever lies between."""
        client.products.delete(source, [url for run in runs for url in run])

    def canonical(self, record: Record) -> Record:
        """Times to the minute."""
        times = {"start": f"{record['start'][:16]}:00", "end": f"{record['end'][:16]}:00"}
        return super().canonical(record) | times


def _whole_span(
    client: AuroraX, source: DataSource, first: datetime, last: datetime
) -> tuple[datetime, datetime]:
    """All the time in which the source can have data products, and these two."""
    stats = client.sources.get(source.identifier, include_stats=True).stats
    earliest, latest = whole(stats) if stats else (first, last)
    return min(first, earliest), max(last, latest)


PRODUCTS = ProductType()
