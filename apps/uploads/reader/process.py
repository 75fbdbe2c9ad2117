"""Reading a file: every row checked, the valid ones laid out as chunks that are ready to send. No network."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from time import monotonic
from typing import BinaryIO, NamedTuple, TypeVar

from apps.jobs.isolation import Channel
from apps.jobs.prefetch import map_prefetched
from apps.readers import Dialect, Layout, Table, open_table
from apps.readers.errors import ReadOtherwise, UnreadableFile
from apps.readers.rust_panics import without_panic
from apps.uploads.reader import messages
from apps.uploads.reader.chunk_layout import ChunkLayout
from apps.uploads.reader.column_limits import MOST_COLUMNS, check_columns
from apps.uploads.reader.options import Choice, ReaderOptions
from apps.uploads.reader.problem_list import ProblemList
from apps.uploads.reader.repeated_rows import RepeatedRows
from apps.uploads.reader.wrong_rows import WrongRows
from apps.uploads.spans import TimeSpan
from apps.validation import questions
from apps.validation.batches import BatchValidator
from apps.validation.batches.mended import Mender
from apps.validation.findings import Findings, Places
from apps.validation.value_formats import DATE_ORDER, SECONDS, ValueFormats

BATCHES_AT_ONCE = 2  # batches that are worked on at once
CAUSES_EVERY = 1.0  # seconds between two looks at what has been found so far
NO_ROWS = "The file has a header and no rows. Choose a file with records in it."
PANIC = (
    "Something in this file is more than the portal can bear, which is a fault of the portal. Tell its administrator, and"
    " send the file along. Nothing was sent to AuroraX."
)
Reply = TypeVar("Reply")


def read_file(
    channel: Channel, stream: BinaryIO, listing: BinaryIO, wrong_rows: BinaryIO, *, options: ReaderOptions
) -> None:
    """Read the file, and send over the channel what is found; write the list of problems, and the rows that have some."""
    reader = _Reader(channel, stream, _Outputs(listing, wrong_rows), options)
    try:
        with without_panic(PANIC):
            reader.read()
    except UnreadableFile as refusal:
        reader.send(messages.Unreadable(refusal.message, [*refusal.headers][:MOST_COLUMNS]))
    except _Larger:
        reader.send(messages.Larger())


class _Outputs(NamedTuple):
    """Files that are written."""

    listing: BinaryIO
    wrong_rows: BinaryIO


class _Larger(Exception):
    """More comes out of the file than was to be read now."""


class _Reader:
    """Reads one file."""

    def __init__(self, channel: Channel, stream: BinaryIO, outputs: _Outputs, options: ReaderOptions) -> None:
        self._channel, self._stream, self._outputs, self._options = channel, stream, outputs, options
        self._leave_out = {(each.old, each.column) for each in options.fixes if each.kind == "leave out"}
        self._choice = Choice(dict(options.mapping), options.dialect, options.is_recalled, options.tolerance)
        self._is_recallable = options.is_recallable

    def send(self, message: messages.Message) -> None:
        """Send a message to the process that waits for the file."""
        self._channel.send(messages.encode(message))

    def read(self) -> None:
        """All of it; once more without those answers that do not fit. Raises `UnreadableFile`."""
        if unfit := self._read():
            self.send(messages.Restart())
            self._read(without=unfit)

    def _read(self, without: Collection[str] = ()) -> Collection[str]:
        """Read it by the answers there are, `without` those of these names. Answers the names of those that do not fit, with
        which it was read for nothing.
        """
        with self._opened(without) as (table, value_formats):
            if not self._may_read_on(table):
                return ()
            with ProblemList(table.places) as listing:
                wrong = WrongRows(listing.write, table.places, self._leave_out, self._outputs.wrong_rows)
                findings, mender = Findings(wrong.note), Mender(self._options.fixes, self._options.edits)
                mended = replace(table, batches=mender.batches(table.batches))
                checking = self._options.kind.batch_validator(self._options.source, findings, value_formats)
                with closing(checking):
                    layout, rows = self._check_rows(mended, checking, findings, wrong)
                if unfit := checking.unfit():
                    return unfit
                groups = _groups(findings, table.places)
                wrong.finish()
                listing.write_to(self._outputs.listing)
        self.send(
            messages.Finished(
                rows=rows,
                valid=layout.count,
                first=layout.first,
                last=layout.last,
                days=dict(sorted(layout.days.items())),
                first_records=layout.first_records,
                given=sorted(table.given),
                lacks=sorted(checking.lacks),
                time_formats=value_formats.time_formats,
                groups=groups,
                questions=questions.to_json(checking.questions()),
                mended=mender.counts,
                edited=mender.cells,
                left_out=wrong.left_out,
                watched=checking.watched.summary(),
                noun=table.places.noun,
            )
        )
        return ()

    @contextmanager
    def _opened(self, without: Collection[str]) -> Iterator[tuple[Table, ValueFormats]]:
        """The table, read as it was chosen, or as an earlier file was."""
        try:
            with self._open(without) as opened:
                yield opened
        except ReadOtherwise as otherwise:
            self._choice.dialect = otherwise.dialect
            with self._open(without) as opened:
                yield opened

    @contextmanager
    def _open(self, without: Collection[str]) -> Iterator[tuple[Table, ValueFormats]]:
        value_formats = self._choice.formats(without)
        layout = Layout(
            self._options.kind.columns_of(self._options.source),
            self._choice.mapping,
            self._choice.dialect,
            value_formats,
            key=self._options.kind.validator_class.key_column,
            largest_unpacked=self._options.largest_unpacked,
            recall=self._recall if self._is_recallable else None,
        )
        with open_table(self._stream, layout) as table:
            check_columns(table.matching)
            yield table, value_formats

    def _recall(self, layout: Layout, headers: Sequence[str]) -> None:
        """Read it as an earlier file with these headers was read: from here on, where that is possible."""
        if len(headers) > MOST_COLUMNS or not all(map(str.isprintable, headers)):
            return  # refused in a moment
        self._is_recallable = False
        recalled = self._ask(messages.Headers([*headers]), messages.Recalled)
        self._choice.mapping.update(recalled.mapping)
        self._choice.is_recalled = recalled.is_recalled
        dialect = Dialect.from_json(dict(recalled.dialect))
        if _changes_opening(dialect, layout.dialect):
            raise ReadOtherwise(dialect)
        self._choice.dialect = dialect
        chosen = self._choice.formats()
        for name in ("words", "undescribed", "answers", "is_recalled"):
            setattr(layout.value_formats, name, getattr(chosen, name))

    def _may_read_on(self, table: Table) -> bool:
        opened = messages.Opened(
            format=table.format,
            remark=table.remark,
            dialect=table.dialect.with_(numbers=table.matching.numbers, offers=self._offers(table)).to_json(),
            headers=[*table.matching.headers],
            names=[*table.matching.names],
            questions=questions.to_json(table.questions),
        )
        return self._ask(opened, bool)

    def _offers(self, table: Table) -> list[questions.Question]:
        return [*self._options.kind.offers(self._options.source, table.matching.kept)]

    def _check_rows(
        self, table: Table, checking: BatchValidator, findings: Findings, wrong: WrongRows
    ) -> tuple[ChunkLayout, int]:
        layout, rows, width = ChunkLayout(self._options.chunk_records), 0, len(table.matching.headers)
        told = 0.0
        for result in map_prefetched(checking.check_vectorised, table.batches, BATCHES_AT_ONCE):
            rows += result.rows
            if self._options.most_cells is not None and rows * width > self._options.most_cells:
                raise _Larger
            doubtful = result.deferred.batch
            parts = layout.add(checking.complete(result))
            wrong.keep(doubtful)
            del result, doubtful  # or it would stay until the next is there
            self.send(messages.Rows(rows, layout.count, parts))
            del parts
            if monotonic() - told > CAUSES_EVERY and (groups := _groups(findings, table.places)):
                self.send(messages.Causes(groups))
                told = monotonic()
        if not rows:
            raise UnreadableFile(NO_ROWS)
        for parts in layout.rest():
            self.send(messages.Rows(rows, layout.count, parts))
        checking.conclude(RepeatedRows(self._options.kind, self._spans, self._body))
        return layout, rows

    def _spans(self) -> Sequence[TimeSpan]:
        return self._ask(messages.ChunkSpans(), list[TimeSpan])

    def _body(self, index: int) -> bytes:
        return self._ask(messages.ChunkBody(index), bytes)

    def _ask(self, message: messages.Message, expected: type[Reply]) -> Reply:
        self.send(message)
        return messages.answer(self._channel.receive()[1], expected)


def _changes_opening(chosen: Dialect, found: Dialect) -> bool:
    """Whether what was chosen changes more than what the columns mean and how their values are taken."""
    differs = any(
        getattr(chosen, name) not in (None, getattr(found, name))
        for name in ("encoding", "delimiter", "decimal_comma", "sheet")
    )
    return differs or any(name != DATE_ORDER and not name.startswith(SECONDS) for name in chosen.answers)


def _groups(findings: Findings, places: Places) -> list[messages.Group]:
    return [
        messages.Group(
            group.rule.slug,
            group.column,
            group.count,
            [messages.Example(found.line, places.words(found), found.value) for found in group.examples],
        )
        for group in findings.groups()
    ]
