"""The rules for rows of data products: one row at a time, and many at once."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

import polars as pl

from apps.aurorax.records import DATA_PRODUCT_TYPES
from apps.validation import null_words, rules
from apps.validation.batches import BatchResult, BatchValidator, Fields, json_text
from apps.validation.batches.deferred_rows import DeferredRows
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.seen_keys import SeenTexts
from apps.validation.findings import Findings
from apps.validation.questions import SAMPLES
from apps.validation.row import Record, Row, RowPart, RowValidator
from apps.validation.unusual.product_spans import WatchedProducts

ORDER = "start > end"  # no column, but what the two are beside each other
URL_JSON = "url_json"  # a column for URLs as JSON text, see `Column.json_column`


class ProductValidator(RowValidator):
    """A pointer to a data product: a type, a time span and a URL, which may be any text (API document)."""

    key_column = "url"
    ends = frozenset({"end"})

    def _ahead(self, column: str) -> timedelta:
        """What a product shows has begun; the product of a month may end with the month."""
        return timedelta(days=31 if column == "end" else 1)

    def _begin(self, line: int, key: object) -> None:
        super()._begin(line, key)
        self._one_date: object = None  # an end that is a date alone, that of the start
        self._is_turned = False

    def _conclude(self) -> None:
        """An end that is the date of the start may mean all of that day: noted for a question."""
        super()._conclude()
        if self._one_date is not None and (self._is_turned or not self._invalid):
            self.times.day_ends.note(1, [(self._line, self._one_date)])

    def _fields(self, row: Row) -> Record:
        start, end = self._span(row)
        return {
            "start": start,
            "end": end,
            "url": self._url(row),
            "data_product_type": self._product_type(row),
        }

    def _own_parts(self) -> Sequence[RowPart]:
        return (
            RowPart(("start", "end"), self._span),
            RowPart((ORDER, "start", "end"), self._check_times),
            RowPart(("url", URL_JSON), self._url),
            RowPart(("data_product_type",), self._product_type),
        )

    def _span(self, row: Row) -> tuple[str | None, str | None]:
        start, end = self._minute(row, "start"), self._minute(row, "end")
        if start and end:
            self._check_order(row, start, end)
        return start, end

    def _check_times(self, row: Row) -> None:
        """The start is after the end, as whoever calls this has seen; both are right by themselves, and told already."""
        start, end = (self.times.minute(name, self._line, row[name]).text for name in ("start", "end"))
        self._check_order(row, start, end)

    def _check_order(self, row: Row, start: str, end: str) -> None:
        if start[:10] == end[:10] and self.times.is_date_alone["end"]:
            self._one_date = row["end"]
        if start > end:
            self._is_turned = True
            self._report(rules.START_AFTER_END, "start", row["start"])

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

    _same_day: pl.Series | None = None  # spans that end on the date they start on
    _day_ends: tuple[int, Sequence[tuple[int, object]]] = (0, ())

    def _deferred_rows(self, positions: pl.Series) -> DeferredRows:
        """And, while the batch is there, the spans of one date among the others."""
        if self._same_day is not None:
            meant = self._same_day & ~self._deferred
            rows = zip(self.batch.lines.filter(meant), self.batch.column("end").filter(meant), strict=True)
            self._day_ends = int(meant.sum()), [*islice(rows, SAMPLES)]
        return super()._deferred_rows(positions)

    def report_to(self, findings: Findings) -> None:
        """The spans, too."""
        super().report_to(findings)
        self._rows.times.day_ends.note(*self._day_ends)

    def _fields(self) -> Fields:
        start, end = self._times("start"), self._times("end")
        alone = next((rows for rule, rows in end.notices if rule in (rules.DATE_ALONE, rules.ALL_DAY)), None)
        if alone is not None:
            self._same_day = alone & null_is_false(start.minutes.dt.date() == end.minutes.dt.date())
        known = ~(start.deferred | end.deferred)
        self._defer(null_is_false(start.minutes > end.minutes) & known, ORDER)
        url, type_ = self._urls(), self._types()
        json: dict[str, JsonParts] = {
            "start": ['"', start.texts, '"'],
            "end": ['"', end.texts, '"'],
            **json_text.texts(pl.DataFrame({"url": url, "data_product_type": type_})),
        }
        watched = {"first": start.minutes, "last": end.minutes, "url": url, "data_product_type": type_}
        return Fields(json, key=url, first=start.minutes, last=end.minutes, watched=watched)

    def _urls(self) -> pl.Series:
        """In this or that way, as they come; those that stand as JSON are looked at one by one."""
        as_json = self.batch.column(URL_JSON)
        if as_json.null_count() < len(as_json):
            self._defer(null_is_false(as_json != ""), URL_JSON)
        text = self.batch.column("url").cast(pl.String)
        bare = text.str.strip_chars()
        self._defer(~null_is_false(bare != ""), "url")
        exact = self._value_formats.exact_texts
        if not exact:
            self._defer(null_is_false(bare.is_in(list(null_words.NULL_WORDS))), "url")
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
        self._defer(~null_is_false(known.is_in(list(DATA_PRODUCT_TYPES))), "data_product_type")
        self._note(rules.PRODUCT_TYPE_SPELLING, "data_product_type", null_is_false(text != known), text)
        return known


class ProductBatchValidator(BatchValidator):
    """Both together, for the rows of a file."""

    result_class = ProductBatchResult
    seen_keys_class = SeenTexts
    watched_class = WatchedProducts
    spans = {"first": "start", "last": "end"}

    def _key_of(self, record: Record) -> tuple[str, str, str]:
        return record["url"], record["start"], record["end"]
