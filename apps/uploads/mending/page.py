"""The page on which wrong rows are mended: causes, what is offered for one of them, and its rows as a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import Page

from apps.records.types import type_of
from apps.ui.paging import page_of
from apps.uploads import presets
from apps.uploads.mending import causes
from apps.uploads.mending.causes import WrongCause
from apps.uploads.mending.offers import Allowed, OfferedFix, offers
from apps.uploads.models import Upload, UploadMending
from apps.uploads.reader import wrong_rows
from apps.uploads.reader.wrong_rows import WrongRow
from apps.validation.fixes import Fix
from apps.validation.rules import RULES

ROWS = 25  # to a page
LOOKED_AT = 500  # rows, to say what would be done with all of them
MOST_COLUMNS = 10  # of the grid: those that are wrong, their neighbours, and the key


class GridCell(NamedTuple):
    """One cell; `reasons` say what is wrong with it."""

    name: str
    column: str
    value: str
    reasons: Sequence[str]


class GridRow(NamedTuple):
    """One row; `reasons` are about all of it."""

    place: str
    cells: Sequence[GridCell]
    reasons: Sequence[str]


class DoneFix(NamedTuple):
    """What was said, and how many rows it has changed."""

    place: int
    words: str
    rows: int


@dataclass(frozen=True)
class MendingPage:
    """Everything the page shows. `key` is the cause that was chosen, `number` the page of its rows."""

    upload: Upload
    key: str
    number: str
    allowed: Allowed

    @cached_property
    def _mending(self) -> UploadMending | None:
        return UploadMending.objects.filter(upload=self.upload).first()

    @cached_property
    def causes(self) -> list[WrongCause]:
        """What is wrong, most frequent first."""
        return causes.causes_of(self.upload)

    @cached_property
    def cause(self) -> WrongCause | None:
        """The one that is looked at; none where nothing is wrong any more."""
        return causes.chosen(self.causes, self.key)

    @cached_property
    def _lines(self) -> list[bytes]:
        """The rows of the cause, not read yet."""
        return causes.lines_of(self._mending, self.cause) if self.cause else []

    @cached_property
    def offers(self) -> list[OfferedFix]:
        """What can be done with all rows of the cause at once, by the first of them."""
        first = [*wrong_rows.read(self._lines[:LOOKED_AT])]
        return offers(self.upload, self.cause, first, self.allowed) if self.cause else []

    @cached_property
    def page(self) -> "Page[bytes]":
        """Which rows are on this page."""
        return page_of(self._lines, self.number, size=ROWS)

    @cached_property
    def _rows(self) -> list[WrongRow]:
        """Those of this page."""
        return [*wrong_rows.read(self.page.object_list)]

    @cached_property
    def columns(self) -> list[str]:
        """Of the grid: the key, what is wrong on this page, and what belongs to it."""
        key, cells = type_of(self.upload.kind).key_name, [name for row in self._rows for name in row.cells]
        given = [*dict.fromkeys(cells)]
        wrong = {each.column for row in self._rows for each in row.found}
        places = {name.rpartition(".")[0] for name in wrong if name.endswith((".lat", ".lon"))}
        first = [name for name in given if name == key or name in wrong or name.rpartition(".")[0] in places]
        rest = [name for name in given if name not in first]
        shown = {*first[:MOST_COLUMNS], *rest[: max(MOST_COLUMNS - len(first), 0)]}
        return [name for name in given if name in shown]

    @property
    def grid(self) -> list[GridRow]:
        """The rows with their cells."""
        return [self._grid_row(row) for row in self._rows]

    def _grid_row(self, row: WrongRow) -> GridRow:
        reasons: dict[str, list[str]] = {}
        for each in row.found:
            reasons.setdefault(each.column, []).append(RULES[each.slug].message)
        cells = [
            GridCell(f"{row.line}-{name}", name, row.cells.get(name) or "", reasons.get(name, ()))
            for name in self.columns
        ]
        elsewhere = [
            f"{name}: {', '.join(each)}" if name else ", ".join(each)
            for name, each in reasons.items()
            if name not in self.columns
        ]
        return GridRow(row.place, cells, elsewhere)

    @property
    def unseen(self) -> int:
        """Rows of the cause that are in no grid: too many, or their cells are not known."""
        cause = self.cause
        is_problem = cause is not None and cause.problem.severity == "problem"
        return max(cause.problem.count - len(self._lines), 0) if cause and is_problem else 0

    @property
    def done(self) -> list[DoneFix]:
        """What was said so far."""
        mending = self._mending
        if mending is None:
            return []
        counts = [*mending.counts, *[0] * len(mending.fixes)]
        return [DoneFix(n, each.words, self._count(each, counts[n])) for n, each in enumerate(mending.chosen)]

    def _count(self, fix: Fix, count: int) -> int:
        return self.upload.left_out if fix.kind == "leave out" else count

    @property
    def edited(self) -> int:
        """Cells that were written by hand."""
        return sum(map(len, self._mending.edits.values())) if self._mending else 0

    @cached_property
    def recipe(self) -> list[Fix]:
        """What was done to the last file with these columns, and not to this one."""
        return presets.recipe(self.upload)

    def changed_cells(self, posted: Mapping[str, Any]) -> dict[int, dict[str, str]]:
        """What somebody has written into the cells of this page, by line and column."""
        found: dict[int, dict[str, str]] = {}
        for row in self._rows:
            for name in self.columns:
                text = posted.get(f"{row.line}-{name}")
                if isinstance(text, str) and text != (row.cells.get(name) or ""):
                    found.setdefault(row.line, {})[name] = text
        return found
