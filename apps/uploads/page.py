"""An upload as its page shows it: steps, counts, a bar, and what can be done now. Templates only lay it out."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from apps.jobs.models import PauseReason
from apps.readers import Dialect
from apps.records.preview import RecordTable, table_of
from apps.records.types import RecordType, type_of
from apps.ui.links import Link
from apps.uploads import choices, counts, messages, turns, unusual
from apps.uploads.choices import ActionButton
from apps.uploads.links import links_of
from apps.uploads.mending.causes import address_of
from apps.uploads.models import Chunk, Problem
from apps.uploads.models.chunk import ChunkState
from apps.uploads.outcome import UploadOutcome
from apps.uploads.speed import Speed
from apps.uploads.states import READS, RUNNING, State
from apps.uploads.steps.recheck import is_under_way
from apps.validation.rules import Severity

STEPS = (
    ("Receive", {State.RECEIVED}),
    ("Read and check", {State.READING, State.NEEDS_COLUMNS, State.REJECTED}),
    ("Compare", {State.COMPARING, State.CHECKED}),
    ("Send", {State.SENDING}),
    ("Verify", {State.VERIFYING}),
)
POLL_EVERY = 1  # seconds
REFUSALS = 100  # that are listed
OVER = frozenset({State.DONE, State.CANCELLED, State.UNDOING, State.UNDONE})
CANCELLABLE = (RUNNING - READS - {State.UNDOING}) | {State.NEEDS_COLUMNS, State.CHECKED, State.PAUSED}
# Name (as in the address), look, and the states in which it is offered.
VERBS = (
    ("resume", "btn-primary", {State.PAUSED}),
    ("pause", "", {State.COMPARING, State.SENDING, State.VERIFYING, State.UNDOING}),
    ("compare", "", {State.CHECKED}),
    ("check-again", "", {State.DONE}),
    ("cancel", "", CANCELLABLE),
)
LABELS = {"compare": "Compare again", "check-again": "Check again now"}


@dataclass(frozen=True)
class Step:
    """One step of the way. `status` is "done", "current" or "to come"."""

    label: str
    status: str


@dataclass(frozen=True)
class UploadPage(Speed, UploadOutcome):
    """Everything the page shows of an upload. `may_act` is whether this person may decide about it."""

    may_act: bool

    @property
    def kind(self) -> RecordType:
        """Its record type, for words and links."""
        return type_of(self.upload.kind)

    @property
    def title(self) -> str:
        """The state in a few words; "Verified" only where every single record is."""
        return messages.title(self.upload)

    @property
    def dialect(self) -> str:
        """How the file was read, in words."""
        return Dialect.from_json(self.upload.dialect).words()

    @property
    def how_it_was_read(self) -> str:
        """Format, dialect, remark and columns in a sentence or two."""
        upload = self.upload
        parts = [
            ", ".join(part for part in (upload.format, self.dialect) if part) + "." if upload.format else ""
        ]
        if upload.columns:
            read = sum(1 for _, name in upload.columns if name)
            parts.append(f"{read:,} of {len(upload.columns):,} columns are read.")
        if upload.recalled_from:
            parts.append(f"Read as your last file with these columns, of {upload.recalled_from:%Y-%m-%d}.")
        return " ".join(part for part in (*parts, upload.remark) if part)

    @property
    def shows_differences(self) -> bool:
        """Whether there is anything that would be changed, and still a decision to take."""
        return self.upload.state == State.CHECKED and bool(self.upload.report.differences.get("examples"))

    @cached_property
    def unusual(self) -> list[unusual.ToldRemark]:
        """What there is to look at before it is sent."""
        return unusual.told(self.upload) if self.upload.state == State.CHECKED else []

    @property
    def calendar_url(self) -> str:
        """Where the days of the file are shown among those AuroraX holds; empty unless a decision is to be taken."""
        upload = self.upload
        decides = upload.state == State.CHECKED and upload.compared_at and upload.report.days
        return reverse("upload-calendar", args=[upload.pk]) if decides else ""

    @property
    def fields_note(self) -> str:
        """How many records differ in which fields."""
        fields = self.upload.report.differences.get("fields", {}).items()
        by_count = sorted(fields, key=lambda each: (-each[1], each[0]))
        listed = ", ".join(f"{name} in {count:,}" for name, count in by_count)
        return f"{self.upload.changed:,} changed records: {listed}. The first differences:"

    @cached_property
    def message(self) -> str:
        """What there is to know or to do now."""
        ahead = turns.ahead_of(self.upload)
        waits = f"Waiting behind {ahead:,} upload{'' if ahead == 1 else 's'}." if ahead else ""
        return " ".join(filter(None, (messages.message(self.upload), waits)))

    @property
    def colour(self) -> str:
        """Tabler's colour for the state."""
        return messages.colour(self.upload)

    @property
    def poll_trigger(self) -> str:
        """When htmx asks for the fragment again; empty stops it."""
        waits = self.upload.is_running or is_under_way(self.upload)
        return f"every {POLL_EVERY}s" if waits else ""

    @property
    def is_over(self) -> bool:
        """Whether something was sent and nothing more will be."""
        return bool(self.upload.started_at) and self.upload.state in OVER

    @property
    def steps(self) -> list[Step]:
        """The way, with the place on it; what ended early stands where it ended."""
        place = self._place()
        return [
            Step(label, "done" if number < place else "current" if number == place else "to come")
            for number, (label, _) in enumerate(STEPS)
        ]

    def _place(self) -> int:
        for number, (_, states) in enumerate(STEPS):
            if self.upload.state in states:
                return number
        if self.upload.state in (State.DONE, State.UNDONE, State.UNDOING) or self.upload.sent_at:
            return len(STEPS) - 1
        return 3 if self.upload.started_at else 2

    @property
    def announcement(self) -> str:
        """One sentence for screen readers, in steps of ten percent so that it is not said every second."""
        if self.bar and self.upload.state in RUNNING:
            return f"{self.title}: {self.percent // 10 * 10} percent"
        return self.message if self.upload.state == State.DONE else f"{self.title}. {self.message}"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The counts that matter now."""
        return counts.counts(self.upload)

    @cached_property
    def problems(self) -> list[Problem]:
        """What was found, by cause; while it is read, there is a decision to take, or afterwards."""
        hidden = RUNNING - {State.READING, State.COMPARING}
        return [] if self.upload.state in hidden else list(self.upload.problems.all())

    @property
    def problems_url(self) -> str:
        """Where all problems and warnings can be downloaded; empty where there are none."""
        listed = any(problem.severity != Severity.NOTICE for problem in self.problems)
        return (
            reverse("upload-problems", args=[self.upload.pk]) if listed and self.upload.problem_list else ""
        )

    @property
    def mend_url(self) -> str:
        """Of mending; empty where nothing is wrong."""
        return address_of(self.upload) if self.may_act else ""

    @cached_property
    def refusals(self) -> list[Chunk]:
        """What AuroraX has refused, the first of it: records that stand alone before whole chunks, by time."""
        refused = self.upload.chunks.filter(state=ChunkState.REFUSED).order_by("count", "first", "index")
        return list(refused[:REFUSALS]) if self.upload.refused else []

    @property
    def refusals_note(self) -> str:
        """How many refused records the list leaves out; empty where it is complete."""
        left_out = self.upload.refused - sum(chunk.count for chunk in self.refusals)
        return f"{left_out:,} more records were refused and are not listed." if left_out > 0 else ""

    @property
    def first_rows(self) -> RecordTable:
        """The first records of the file, before they are sent."""
        shown = (
            self.upload.report.first_records if self.upload.state in (State.CHECKED, State.COMPARING) else []
        )
        return table_of(self.kind, shown)

    @property
    def first_rows_note(self) -> str:
        """What that table shows."""
        return choices.first_rows_note(self.upload)

    @property
    def read_back(self) -> RecordTable:
        """The first records as AuroraX answered them at the end; none once that is true no more."""
        is_past = self.upload.state in (State.UNDOING, State.UNDONE)
        return table_of(self.kind, [] if is_past else self.upload.report.read_back)

    @property
    def read_back_note(self) -> str:
        """What the table of records read back shows."""
        return f"The first {len(self.upload.report.read_back)} records of the file as AuroraX holds them."

    @property
    def verbs(self) -> list[ActionButton]:
        """The buttons: what this person can do with the upload now."""
        if not self.may_act:
            return []
        return (
            choices.verbs(self.upload)
            + choices.again(self.upload)
            + [
                ActionButton(self._label(name), reverse(f"upload-{name}", args=[self.upload.pk]), css)
                for name, css, states in VERBS
                if self.upload.state in states and not (name == "check-again" and self.upload.let_go_at)
            ]
        )

    def _label(self, verb: str) -> str:
        if verb == "resume" and self.upload.pause_reason == PauseReason.SIGN_IN:
            return "Sign in again and resume"
        return LABELS.get(verb, verb.capitalize())

    @property
    def links(self) -> list[Link]:
        """Where to go from here."""
        return links_of(self.upload, may_act=self.may_act, is_over=self.is_over)
