"""What the process that reads a file is told about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from apps.aurorax import DataSource
from apps.readers import Dialect
from apps.records.types import RecordType
from apps.validation.batches.mended import Edits
from apps.validation.fixes import Fix
from apps.validation.value_formats import ValueFormats


@dataclass(frozen=True)
class ReaderOptions:
    """What a reader needs to know. With `is_recallable` it asks what was chosen for an earlier file with these headers; from
    `most_cells` on it gives up.
    """

    kind: RecordType
    source: DataSource
    mapping: dict[str, str]
    dialect: Dialect
    chunk_records: int
    largest_unpacked: int  # bytes
    is_recalled: bool = False
    is_recallable: bool = False
    most_cells: int | None = None
    fixes: Sequence[Fix] = ()
    edits: Edits = field(default_factory=dict)
    tolerance: float = 0.05  # degrees: `ValueFormats`


@dataclass
class Choice:
    """What was chosen for this file, or for an earlier one like it."""

    mapping: dict[str, str]
    dialect: Dialect
    is_recalled: bool
    tolerance: float

    def formats(self, without: Collection[str] = ()) -> ValueFormats:
        """How values are written, as far as somebody has said it; `without` the answers of these names."""
        answers = {name: answer for name, answer in self.dialect.answers.items() if name not in without}
        return ValueFormats(
            words=self.dialect.no_value,
            undescribed=self.dialect.undescribed,
            answers=answers,
            is_recalled=self.is_recalled,
            tolerance=self.tolerance,
        )
