"""Checking a block at a time: what is plainly right becomes records together, every other row is looked at by itself.

Only `RowCheck` knows what is a problem and says so; here rows are proved right, with what is worth a notice or a warning
on the way. A row that cannot be proved right costs time, never correctness.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import msgspec
import polars as pl

from apps.uploads import rules
from apps.uploads.blocks import metadata, numbers, times
from apps.uploads.blocks.block import Block
from apps.uploads.blocks.seen import Seen
from apps.uploads.cells import Spelling, moment, spelling_of
from apps.uploads.findings import EXAMPLES, Findings
from apps.uploads.row_check import Record, RowCheck
from apps.uploads.rules import NOTICE, Rule

# What checking answers: `body` is the record as JSON, `first` and `last` are its span (UTC, naive), `key` is what AuroraX
# keeps it by, `line` is where it stands in the file.
RECORDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "line": pl.UInt32,
    "key": pl.String,
    "first": pl.Datetime("us"),
    "last": pl.Datetime("us"),
    "body": pl.String,
}
Records = pl.DataFrame
NUL = r"\u0000"  # as JSON writes what no PostgreSQL keeps


class BlockCheck(ABC):
    """Checks one file: it remembers which keys it has seen, and how the times of each column are spelt."""

    seen_class: type[Seen]
    key_column: str

    def __init__(self, row_check: RowCheck, findings: Findings) -> None:
        self._rows = row_check
        self._findings = findings
        self._notation = row_check.notation
        self._seen = self.seen_class()
        self._block: Block
        self._odd: pl.Series
        self._told: list[tuple[Rule, str, pl.Series, pl.Series]] = []

    @abstractmethod
    def _fields(self) -> Mapping[str, pl.Series]:
        """The record's own fields, in the API's order; what is not plainly right is marked with `_look_at`."""

    @abstractmethod
    def _keys(self, fields: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """`key`, `first` and `last` of the records with these fields."""

    @abstractmethod
    def _key_of(self, record: Record) -> tuple[str, str, str]:
        """The same of a single record; `first` and `last` as text."""

    def check(self, block: Block) -> Records:
        """The records of the block in the order of the file, ready to send."""
        self._block, self._told = block, []
        self._odd = pl.Series([False]).new_from_index(0, len(block.lines))
        plain = self._plain() if len(block.lines) else _no_records()
        alone = self._alone(block)
        for told in block.told:
            self._findings.add(*told)
        records = pl.concat([plain, alone]).sort("line") if len(alone) else plain
        records = self._without_repeated(records)
        self._findings.settle()
        return records

    # Rows that are plainly right -----------------------------------------------------------------------------------------

    def _plain(self) -> Records:
        fields = self._fields()
        found = metadata.metadata_of(self._block, self._rows.schema)
        self._look_at(found.odd)
        for warned in found.warned:
            self._note(warned.rule, f"metadata.{warned.field}", warned.rows, warned.values)
        self._check_source()
        own = {f"#{name}": column for name, column in self._keys(fields).items()}
        columns = {**fields, "metadata": found.texts, "#line": self._block.lines, **own}
        frame = pl.DataFrame(columns).filter(~self._odd)
        body = self._bodies(frame, [*fields])
        storable = ~body.str.contains(NUL, literal=True)
        if not storable.all():
            lines = frame.filter(~storable)["#line"]
            self._look_at(self._block.lines.is_in(lines.implode()))
            frame, body = frame.filter(storable), body.filter(storable)
        self._tell()
        return pl.DataFrame([*(frame[f"#{name}"].alias(name) for name in RECORDS if name != "body"), body])

    def _bodies(self, frame: pl.DataFrame, names: list[str]) -> pl.Series:
        """Each record as JSON: encoded by the library, but for the metadata, which is JSON already."""
        identity = [pl.lit(value).alias(name) for name, value in self._rows.identity.items()]
        moments = pl.col(pl.Datetime).dt.to_string(times.MINUTE)
        encoded = frame.with_columns(moments).select(
            pl.concat_str(
                pl.struct(*identity, *names).struct.json_encode().str.strip_suffix("}"),
                pl.lit(',"metadata":'),
                pl.col("metadata").fill_null("null"),
                pl.lit("}"),
            ).alias("body")
        )
        return encoded["body"]

    def _check_source(self) -> None:
        """Rows that name a data source, and not exactly this one."""
        identity = self._rows.identity | {"data_source.identifier": str(self._rows.source.identifier)}
        for column, expected in identity.items():
            if column in self._block.cells.columns:
                given = self._block.column(column).cast(pl.String)
                self._look_at(~((given == expected) | (given == "")).fill_null(value=True))

    def _minutes(self, column: str) -> pl.Series:
        """A required time, naive UTC."""
        cells = self._block.column(column)
        found = times.times(cells, self._rows.notation.spellings.get(column) or self._spell(column, cells))
        self._look_at(found.odd)
        self._note(rules.OFFSET, column, found.shifted, cells)
        self._note(rules.SECONDS_CUT, column, found.cut, cells)
        return found.minutes

    def _spell(self, column: str, cells: pl.Series) -> Spelling:
        """Times of a column are spelt as its first one is; until there is one, ISO 8601 will do."""
        known = next((spelling for value in cells if (spelling := spelling_of(value))), None)
        return self._notation.spellings.setdefault(column, known) if known else Spelling.ISO

    def _numbers(self, names: Sequence[str]) -> pl.DataFrame:
        """Columns of numbers or null."""
        cells = pl.DataFrame([self._block.column(name).alias(name) for name in names])
        found = numbers.numbers(cells, decimal_comma=self._notation.decimal_comma)
        self._look_at(found.odd)
        for name in names:
            self._note(rules.FILL_VALUE, name, found.fills[name], cells[name])
        return found.values

    def _look_at(self, odd: pl.Series) -> None:
        self._odd = self._odd | odd

    def _note(self, rule: Rule, column: str, rows: pl.Series, values: pl.Series) -> None:
        """Something worth telling of rows that turn out plainly right; the others tell it themselves."""
        if rows.any():
            self._told.append((rule, column, rows, values))

    def _tell(self) -> None:
        for rule, column, rows, values in self._told:
            meant = rows & ~self._odd
            lines, shown = self._block.lines.filter(meant), values.filter(meant)
            few = EXAMPLES if rule.severity is NOTICE else len(lines)
            if len(lines):
                self._findings.add_all(rule, column, lines.head(few), shown.head(few), len(lines))

    # Rows by themselves --------------------------------------------------------------------------------------------------

    def _alone(self, block: Block) -> Records:
        """The rows that are left: each a record after all, or told of."""
        found = []
        for line, row in block.rows(self._odd):
            record = self._rows.check(line, row)
            body = encode(record) if record is not None else None
            if record is not None and body is None:
                self._findings.add(rules.NOT_STORABLE, line, "", "")
            if record is not None and body is not None:
                key, first, last = self._key_of(record)
                found.append((line, key, _naive(first), _naive(last), body))
        return pl.DataFrame(found, schema=RECORDS, orient="row") if found else _no_records()

    def _without_repeated(self, records: Records) -> Records:
        """AuroraX would keep only the last of several records with one key; the first one counts here."""
        repeated = self._seen.repeated(records)
        if not repeated.any():
            return records
        for line, key in records.filter(repeated).select("line", "key").iter_rows():
            self._findings.add(rules.DUPLICATE, line, self.key_column, key)
        return records.filter(~repeated)


def encode(record: Record) -> str | None:
    """A record as JSON; None when it holds what JSON or AuroraX's database (PostgreSQL: no NUL) cannot."""
    try:
        body = msgspec.json.encode(record).decode()
    except (ValueError, OverflowError, RecursionError):
        return None
    return None if NUL in body else body


def _naive(text: str) -> object:
    return moment(text).replace(tzinfo=None)


def _no_records() -> Records:
    return pl.DataFrame(schema=RECORDS)
