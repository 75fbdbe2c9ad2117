"""What every reader is given, and what it returns."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from apps.readers.dialect import Dialect
from apps.readers.headers import HeaderMapping
from apps.validation.angle_formats import members_of
from apps.validation.batches import Batch
from apps.validation.columns import Column
from apps.validation.findings import Places
from apps.validation.questions import Question
from apps.validation.time_parts import part_of
from apps.validation.value_formats import ValueFormats


@dataclass(frozen=True)
class Layout:
    """What a reader needs to know: the columns there may be, and what the person chose for their headers and for the
    dialect. `value_formats` is for it to fill in. `key` is the column by which AuroraX keeps a record. `largest_unpacked` is in
    bytes. `recall` is called with the layout and the headers before they are matched: whoever gave it may then fill in the
    `mapping` and `value_formats` they gave with what was chosen for an earlier file, or raise `ReadOtherwise`.
    """

    columns: Sequence[Column]
    mapping: Mapping[str, str]
    dialect: Dialect = field(default_factory=Dialect)
    value_formats: ValueFormats = field(default_factory=ValueFormats)
    key: str = ""
    largest_unpacked: int = 4096 * 1024 * 1024
    recall: "Callable[[Layout, Sequence[str]], None] | None" = None

    def note_headers(self, headers: Sequence[str], **found: Any) -> None:
        """Say which headers there are, and how the file is read to have these (as fields of the dialect)."""
        if self.recall is not None:
            self.recall(replace(self, dialect=self.dialect.with_(**found)), headers)


@dataclass(frozen=True)
class Table:
    """An opened file. `batches` yields its rows; iterating raises `UnreadableFile` where the file breaks off. `dialect` is how
    it is read, found out or chosen; `remark` is what there is to know about that. `questions` are those that reading
    depends on, answered or not; `places` is how people find a row of it again.
    """

    format: str
    dialect: Dialect
    matching: HeaderMapping
    batches: Iterator[Batch]
    remark: str = ""
    questions: Sequence[Question] = ()
    places: Places = field(default_factory=Places)
    met: Collection[str] | None = None  # where every record has names of its own: those met so far

    @property
    def given(self) -> Collection[str]:
        """The canonical names of what the file gives; complete when all batches are read."""
        names = self.matching.kept if self.met is None else self.met
        wholes = {name: part_of(name) for name in names}
        return {
            member for name, whole in wholes.items() for member in ([whole[0]] if whole else members_of(name))
        }
