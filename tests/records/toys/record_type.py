"""Kites seen from a data source: kept by name, counted by day, in a store of their own instead of AuroraX."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import msgspec
import polars as pl

from apps.aurorax import AuroraX, Availability, DataSource, DataSourceStats, times
from apps.aurorax.records import MetadataField
from apps.aurorax.records.rows import SourceNumber
from apps.aurorax.times import TimeSpan
from apps.charts.scales import Scale, usual
from apps.permissions import Action
from apps.records.actions import Actions
from apps.records.counts import DailyCounts
from apps.records.record_type import RecordTypeOf
from apps.validation import rules
from apps.validation.batches import BatchResult, BatchValidator, Fields, json_text
from apps.validation.batches.json_text import JsonParts
from apps.validation.batches.masks import null_is_false
from apps.validation.batches.seen_keys import SeenTexts
from apps.validation.columns import Column
from apps.validation.row import Record, Row, RowValidator

TEXTS = ("name", "colour")
ALL_TIME = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)


class KiteRow(msgspec.Struct, gc=False):
    """One kite; its key is `name`."""

    name: str
    seen: str
    colour: str
    metadata: dict[str, Any] | None = None
    data_source: SourceNumber | None = None

    def to_api(self) -> Record:
        """As it is uploaded."""
        return {"name": self.name, "seen": self.seen, "colour": self.colour, "metadata": self.metadata}


STORE: dict[int, dict[str, KiteRow]] = {}  # by data source and name


def held_by(source: DataSource) -> list[KiteRow]:
    """All of a data source, by time."""
    return sorted(STORE.get(source.identifier, {}).values(), key=lambda row: (row.seen, row.name))


class KiteValidator(RowValidator):
    """A name, a time and a colour."""

    key_column = "name"

    def _ahead(self, column: str) -> timedelta:
        return timedelta(days=1)

    def _fields(self, row: Row) -> Record:
        return {
            "name": self._word(row, "name"),
            "seen": self._minute(row, "seen"),
            "colour": self._word(row, "colour"),
        }

    def _word(self, row: Row, column: str) -> str:
        text = str(row.get(column) or "").strip()
        if not text:
            self._report(rules.REQUIRED, column, text)
        return text


class KiteBatchResult(BatchResult):
    """The same for rows that are plainly right."""

    def _fields(self) -> Fields:
        seen = self._times("seen")
        texts = {name: self.batch.column(name).cast(pl.String).str.strip_chars() for name in TEXTS}
        for text in texts.values():
            self._defer(~null_is_false(text != ""))
        json: dict[str, JsonParts] = json_text.texts(pl.DataFrame(texts))
        ordered: dict[str, JsonParts] = {
            "name": json["name"],
            "seen": ['"', seen.texts, '"'],
            "colour": json["colour"],
        }
        return Fields(ordered, key=texts["name"], first=seen.minutes, last=seen.minutes)


class KiteBatchValidator(BatchValidator):
    """Both together, for the rows of a file."""

    result_class = KiteBatchResult
    seen_keys_class = SeenTexts
    spans: ClassVar[Mapping[str, str]] = {"first": "seen"}

    def _key_of(self, record: Record) -> tuple[str, str, str]:
        return record["name"], record["seen"], record["seen"]


class KiteCounts(DailyCounts):
    """Of the one data source that a test has."""

    def total(self, stats: DataSourceStats) -> int:
        """All there are."""
        return sum(map(len, STORE.values()))

    def earliest(self, stats: DataSourceStats) -> datetime | None:
        """The first of all."""
        return min((times.parse(row.seen) for rows in STORE.values() for row in rows.values()), default=None)

    def latest(self, stats: DataSourceStats) -> datetime | None:
        """The last of all."""
        return max((times.parse(row.seen) for rows in STORE.values() for row in rows.values()), default=None)

    def counting(self, client: AuroraX) -> Callable[..., list[Availability]]:
        """By the day they were seen."""

        def count(*, start: date, end: date, source: DataSource, slow: bool = False) -> list[Availability]:
            days = Counter(date.fromisoformat(row.seen[:10]) for row in held_by(source))
            return [Availability(source, {day: days[day] for day in sorted(days) if start <= day <= end})]

        return count

    def scale(self, counts: Iterable[int]) -> Scale:
        """Beside the usual day."""
        return Scale(usual(counts))

    def month_scale(self, counts: Iterable[int]) -> Callable[[date], Scale]:
        """Beside the usual month."""
        scale = Scale(usual(counts))
        return lambda _: scale


class KiteType(RecordTypeOf[KiteRow]):
    """Kites."""

    slug = "kites"
    label = "Kites"
    noun = "kite"
    nouns = "kites"
    key_name = "name"
    actions = Actions(Action.PRODUCTS_CREATE, Action.PRODUCTS_UPDATE, Action.PRODUCTS_DELETE)
    counts = KiteCounts()
    day_query = "on={day}"
    key_is_time = False
    deletes_by_key = True
    row_class = KiteRow
    compare_batch_size = 1_000
    validator_class = KiteValidator
    batch_validator_class = KiteBatchValidator
    summary: ClassVar[Mapping[str, Callable[[KiteRow], str]]] = {
        "Name": lambda row: row.name,
        "Seen (UTC)": lambda row: row.seen,
    }
    columns = (
        Column("name", "what it is called", "Dragon", required=True),
        Column("seen", "UTC", "2020-01-01T00:00:00", required=True, holds="time"),
        Column("colour", "its colour", "red", required=True),
    )

    def schema(self, source: DataSource) -> Sequence[MetadataField]:
        """Nobody describes metadata of kites."""
        return ()

    def key(self, row: KiteRow) -> str:
        """The name."""
        return row.name

    def span(self, row: KiteRow) -> tuple[str, str]:
        """A moment."""
        return row.seen, row.seen

    def upload(self, client: AuroraX, source: DataSource, body: bytes) -> None:
        """Into the store."""
        STORE.setdefault(source.identifier, {}).update({row.name: row for row in self.rows_of(body)})

    def windows(
        self, client: AuroraX, source: DataSource, spans: Iterable[TimeSpan], *, whole_source: bool = False
    ) -> list[TimeSpan]:
        """One of all time, or the spans."""
        return [ALL_TIME] if whole_source else [*spans]

    def search_window(
        self, client: AuroraX, source: DataSource, window: TimeSpan
    ) -> Callable[[], list[KiteRow]]:
        """In the store."""
        start, end = map(times.write, window)
        return lambda: [row for row in held_by(source) if start <= row.seen <= end]

    def delete(self, client: AuroraX, source: DataSource, runs: Sequence[Sequence[str]]) -> None:
        """By name."""
        for name in (name for run in runs for name in run):
            STORE[source.identifier].pop(name, None)


KITES = KiteType()
