"""What watches the records of a file go by."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import polars as pl

from apps.validation.row import Record
from apps.validation.unusual.remark import Known, Remark
from apps.validation.unusual.runs import Run

Columns = Mapping[str, pl.DataType | type[pl.DataType]]
LINE: Columns = {"line": pl.UInt32}


class Watched(ABC):
    """Takes up the records of a file, batch by batch, in memory that does not grow with it."""

    columns: ClassVar[Columns]  # beside `line`: what it wants to see of each record

    @abstractmethod
    def observe(self, records: pl.DataFrame) -> None:
        """Take up the records of a batch: `line` and the `columns`."""

    @abstractmethod
    def seen_of(self, record: Record) -> Sequence[Any]:
        """The `columns` of one record that was checked by itself."""

    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """What was seen, as JSON can hold it."""

    @classmethod
    @abstractmethod
    def remarks(cls, summary: Mapping[str, Any], known: Known) -> Sequence[Remark]:
        """What is unusual about a file with that summary. Raises `msgspec.ValidationError` where it is none."""

    @classmethod
    def longest_run(cls, summary: Mapping[str, Any]) -> Run | None:  # noqa: ARG003 - few types rest
        """The longest run of minutes of something that rests once a day, to be held against when AuroraX has records."""
        return None

    def observe_each(self, records: Sequence[tuple[int, Record]]) -> None:
        """Take up records that were checked one by one, each with its line."""
        rows = [(line, *self.seen_of(record)) for line, record in records]
        if rows:
            self.observe(pl.DataFrame(rows, schema={**LINE, **self.columns}, orient="row"))


class NothingWatched(Watched):
    """Of a record type about which nothing is known to be unusual."""

    columns: ClassVar[Columns] = {}

    def observe(self, records: pl.DataFrame) -> None:
        """Look away."""

    def seen_of(self, record: Record) -> Sequence[Any]:
        """Nothing."""
        return ()

    def summary(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    @classmethod
    def remarks(cls, summary: Mapping[str, Any], known: Known) -> Sequence[Remark]:  # noqa: ARG003 - nothing was seen
        """None."""
        return ()
