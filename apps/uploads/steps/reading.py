"""Keeping what the reader of a file finds, and answering what it asks."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, NamedTuple

import msgspec
from django.core.files import File
from django.db import transaction

from apps.jobs.isolation import Child, ChildEnded, Reason
from apps.jobs.leases import STATE_CHECK_SECONDS, Lease
from apps.readers import Dialect
from apps.readers.errors import UnreadableFile
from apps.uploads import presets
from apps.uploads.chunks import ChunkWriter
from apps.uploads.models import Problem, Upload, UploadMending
from apps.uploads.reader import messages
from apps.uploads.states import State
from apps.validation import questions
from apps.validation.findings import FindingGroup
from apps.validation.questions import Question
from apps.validation.rules import RULES
from apps.validation.time_formats import TimeFormat
from apps.validation.value_formats import ValueFormats

PATIENCE = 1.0  # seconds between two signs of life, while the reader is silent


class TooLargeForRequest(Exception):
    """More comes out of the file than was to be read now."""


class ReadFiles(NamedTuple):
    """What a child writes: the list of problems, and the rows that have some."""

    listing: IO[bytes]
    wrong_rows: IO[bytes]


class Reading:
    """One reading of one upload's file by a child."""

    def __init__(self, upload: Upload, lease: Lease[Upload], child: Child, files: ReadFiles) -> None:
        self._upload, self._lease, self._child, self._files = upload, lease, child, files
        self._asked: Sequence[Question] = ()  # before its rows were read
        self._rows = self._valid = 0  # so far

    def run(self) -> None:
        """Until it is read, or a person has to be asked. Raises `UnreadableFile`, `ChildEnded` and `TooLargeForRequest`."""
        with ThreadPoolExecutor(1, thread_name_prefix="storing") as pool:
            self._chunks = ChunkWriter(self._upload, pool)
            while not self._is_over(self._next()):
                self._give_sign_of_life()

    def _next(self) -> messages.Message:
        while (payload := self._child.receive(PATIENCE)) is None:
            self._give_sign_of_life()
        try:
            return messages.decode(payload)
        except msgspec.MsgspecError:
            raise ChildEnded(Reason.FAULT, "it said what it cannot say") from None

    def _give_sign_of_life(self) -> None:
        if self._lease.renew_after(STATE_CHECK_SECONDS):
            self._upload.update_fields(rows=self._rows, valid=self._valid)

    def _is_over(self, message: messages.Message) -> bool:
        """Keep or answer what the child says; whether that was the last of it."""
        match message:
            case messages.Unreadable():
                raise UnreadableFile(message.message, message.headers)
            case messages.Larger():
                raise TooLargeForRequest
            case messages.Opened():
                may_go_on = self._may_read_on(message)
                self._answer(may_go_on)
                return not may_go_on
            case messages.Finished():
                self._finish(message)
                return True
        self._serve(message)
        return False

    def _serve(self, message: messages.Message) -> None:
        match message:
            case messages.Headers():
                self._answer(self._recalled(message.headers))
            case messages.Rows():
                self._chunks.add(message.parts)
                self._rows, self._valid = message.rows, message.valid
            case messages.Causes():
                self._keep_causes(message.groups)
            case messages.Restart():
                self._chunks.forget()
                self._keep_causes(())
            case messages.ChunkSpans():
                self._chunks.finish()
                self._answer([*self._upload.chunks.values_list("first", "last")])
            case messages.ChunkBody():
                self._answer(self._upload.chunks.get(index=message.index).as_given())

    def _answer(self, answer: object) -> None:
        self._child.send(messages.encode(answer))

    def _recalled(self, headers: Sequence[str]) -> messages.Recalled:
        """What was chosen for an earlier file with these headers, from now on also for this one."""
        presets.apply(self._upload, headers)
        upload = self._upload
        return messages.Recalled(upload.mapping, upload.chosen_dialect, upload.recalled_from is not None)

    def _may_read_on(self, opened: messages.Opened) -> bool:
        """Keep how the file is read; whether nobody has to be asked first."""
        upload, asked = self._upload, questions.from_json(opened.questions)
        presets.record_header(upload, opened.headers)
        columns = [*zip(opened.headers, opened.names, strict=True)]
        upload.update_fields(
            format=opened.format, dialect=dict(opened.dialect), remark=opened.remark, columns=columns
        )
        if presets.is_only_proposed(upload, asked):
            message, proposed = presets.propose(upload, asked)
            self._ask(proposed)
            upload.transition(State.NEEDS_COLUMNS, message=message)
            return False
        if self._ask(asked) or None in opened.names:
            upload.transition(State.NEEDS_COLUMNS)
            return False
        self._asked = asked
        return True

    def _finish(self, finished: messages.Finished) -> None:
        self._chunks.finish()
        upload = self._upload
        upload.update_fields(
            stored=upload.size + self._chunks.size + sum(_size(each) for each in self._files),
            rows=finished.rows,
            valid=finished.valid,
            left_out=finished.left_out,
            first=finished.first,
            last=finished.last,
            given=[*finished.given],
            lacks=[*finished.lacks],
        )
        upload.report.update_fields(
            days=dict(finished.days),
            first_records=[msgspec.json.decode(body) for body in finished.first_records],
            watched=dict(finished.watched),
            row_noun=finished.noun,
        )
        self._keep_findings(finished.groups)
        self._keep_wrong_rows(finished)
        groups = [FindingGroup(RULES[each.slug], each.column, each.count) for each in finished.groups]
        formats = ValueFormats(
            time_formats={name: TimeFormat(spelling) for name, spelling in finished.time_formats.items()}
        )
        if misfits := presets.misfits(upload, formats, groups):
            upload.transition(State.NEEDS_COLUMNS, message=presets.ask_again(upload, misfits))
        elif self._ask([*self._asked, *questions.from_json(finished.questions)]):
            upload.transition(State.NEEDS_COLUMNS)
        else:
            upload.transition(State.COMPARING if upload.valid else State.CHECKED, attempts=0)

    def _ask(self, asked: Sequence[Question]) -> bool:
        """Keep the questions about the file; whether one of them has no answer yet, or none that counts any more."""
        chosen = Dialect.from_json(self._upload.chosen_dialect)
        answers = questions.standing(asked, chosen.answers)
        if answers != chosen.answers:
            self._upload.update_fields(chosen_dialect=chosen.with_(answers=answers).to_json())
        self._upload.update_fields(questions=questions.to_json(asked))
        return bool(questions.unanswered(asked, answers))

    def _keep_findings(self, groups: Sequence[messages.Group]) -> None:
        self._keep_causes(groups)
        self._files.listing.seek(0)
        self._upload.problem_list.save("", File(self._files.listing), save=False)
        self._upload.update_fields(problem_list=self._upload.problem_list.name)

    def _keep_wrong_rows(self, finished: messages.Finished) -> None:
        """Beside what was said of them, if anything was."""
        size = _size(self._files.wrong_rows)
        mending, is_new = UploadMending.objects.get_or_create(upload=self._upload)
        if is_new and not size:
            mending.delete()
            return
        if size:
            self._files.wrong_rows.seek(0)
            mending.wrong_rows.save("", File(self._files.wrong_rows), save=False)
        mending.counts, mending.edited = [*finished.mended], finished.edited
        mending.save()

    def _keep_causes(self, groups: Sequence[messages.Group]) -> None:
        """What was found, in the place of what had been found so far."""
        with transaction.atomic():
            self._upload.problems.all().delete()
            Problem.objects.bulk_create(self._problem(group) for group in groups)

    def _problem(self, group: messages.Group) -> Problem:
        return Problem(
            upload=self._upload,
            severity=RULES[group.slug].severity,
            slug=group.slug,
            column=group.column[:250],
            count=group.count,
            examples=[
                {"line": found.line, "place": found.place, "value": found.value} for found in group.examples
            ],
        )


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size
