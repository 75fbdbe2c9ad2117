"""One file on its way to AuroraX."""

import uuid
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from apps.accounts.models import Credential, User
from apps.jobs.models import Job, JobQuerySet
from apps.uploads.models.report import UploadReport
from apps.uploads.states import ENDED, RUNNING, TRANSITIONS, State

ATTEMPT = "attempt"  # in `Upload.undo`, while it is being undone: `undo.Attempt`


def file_path(upload: "Upload", name: str) -> str:
    """Where the file is kept. The name people gave it is only a label in the database."""
    return f"uploads/{upload.pk}/file"


def problems_path(upload: "Upload", name: str) -> str:
    """Where the list of all problems is kept."""
    return f"uploads/{upload.pk}/problems.csv"


class UploadQuerySet(JobQuerySet["Upload"]):
    """Questions about uploads."""

    def seen_by(
        self, person: User, kept_sources: Mapping[str, Collection[int]] = MappingProxyType({})
    ) -> "UploadQuerySet":
        """Their own, and what others upload to data sources whose records they keep (by record type); an Administrator sees
        all.
        """
        if person.is_administrator:
            return self
        seen = Q(owner=person)
        for kind, identifiers in kept_sources.items():
            seen |= Q(kind=kind, source_identifier__in=identifiers)
        return self.filter(seen)

    def unfinished(self) -> "UploadQuerySet":
        """Those that are on their way or wait for somebody."""
        return self.exclude(state__in=ENDED)


class Upload(Job):
    """A file of records for one data source, and how far it has come.

    What it needs to know of the source is kept as text, so that it outlives the source. Counts are of rows up to
    `problems`, of records from there on. `first` and `last` are the span of the valid records.
    """

    transitions = TRANSITIONS
    running = RUNNING
    ended = ENDED

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    source_identifier = models.IntegerField("data source", db_index=True)
    source_name = models.CharField(max_length=250)
    program = models.CharField(max_length=200)
    platform = models.CharField(max_length=50)
    instrument_type = models.CharField(max_length=200)
    api_url = models.CharField(max_length=200)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="+")
    acting = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")  # see `actor`
    restores = models.UUIDField(null=True)  # the deletion whose copy this is
    undoes = models.UUIDField(null=True)  # the event that sending it takes back
    brought_by = models.UUIDField(null=True, db_index=True)  # the feed that has fetched it
    sends_itself = models.BooleanField(default=False)  # where nothing is there that it would replace
    may_replace = models.BooleanField(default=False)  # by itself, too
    sends_at_most = models.PositiveIntegerField(null=True)  # records, by itself
    note = models.TextField(blank=True)  # why, in the person's words
    undo_copy = models.UUIDField(null=True)  # of what others have changed since, where that is undone, too
    undo_note = models.TextField(blank=True)  # why it was undone

    file = models.FileField(upload_to=file_path)  # empty once it is let go: `retention`
    name = models.CharField(max_length=250)
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=20, blank=True)
    dialect = models.JSONField(default=dict)  # how it was read: `readers.Dialect`
    chosen_dialect = models.JSONField(default=dict)  # what of that a person chose
    remark = models.TextField(blank=True)  # what there is to know about how it was read
    columns = models.JSONField(default=list)  # [header, canonical column or null] in the order of the file
    header = models.CharField(max_length=64, blank=True)  # stands for the headers: `recipes.print_of`
    recalled_from = models.DateTimeField(null=True)  # when a file with this header was last sent
    mapping = models.JSONField(default=dict)  # header -> canonical column, "" to ignore it
    questions = models.JSONField(default=list)  # about the file as a whole: `questions.Question`
    attempts = models.PositiveSmallIntegerField(default=0)  # at reading it

    stored = models.BigIntegerField(
        default=0
    )  # bytes that are kept of it: the file, its chunks, the list of problems
    packed_at = models.DateTimeField(null=True)  # its chunks, to a fraction of the room
    let_go_at = models.DateTimeField(null=True)  # its chunks, so that it cannot be undone any more

    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED, db_index=True)
    rows = models.PositiveIntegerField(default=0)
    valid = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(
        default=0
    )  # of the others, because somebody said so: `UploadMending`
    first = models.DateTimeField(null=True)
    last = models.DateTimeField(null=True)
    given = models.JSONField(null=True)  # canonical names of what the file has, with a value or without
    lacks = models.JSONField(default=list)  # members of a record that some of its records do not have
    problem_list = models.FileField(upload_to=problems_path, blank=True)

    compared_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(
        max_length=64, blank=True
    )  # of what AuroraX then held under the file's keys
    only_new = models.BooleanField(default=False)  # leave alone what AuroraX holds already
    empty_missing = models.BooleanField(default=False)  # what the file does not give is emptied, not kept
    only_if_all_valid = models.BooleanField(default=False)
    snapshot = models.UUIDField(null=True)  # of what is replaced; None until sending has begun
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    identical = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)  # by the comparison that is under way
    verified = models.PositiveIntegerField(default=0)
    resent = models.PositiveIntegerField(default=0)
    resent_times = models.PositiveSmallIntegerField(default=0)
    resent_at = models.DateTimeField(null=True)  # or when it was sent for the first time
    undo = models.JSONField(default=dict)  # what came of undoing: `undo.Found`
    undo_shared = models.BooleanField(default=False)  # undo also what later uploads stand for
    checked_again = models.JSONField(default=dict)  # what the last look afterwards found: `recheck.Found`

    resumes_at = models.CharField(max_length=20, choices=State.choices, default=State.SENDING)  # from a pause
    started_at = models.DateTimeField(null=True)  # of sending
    pace_since = models.DateTimeField(null=True)  # sending began, or went on
    pace_from = models.PositiveIntegerField(default=0)  # records sent by then
    pace_records = models.PositiveIntegerField(default=0)  # of a request, while it is being sent
    pace_connections = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    read_back_since = models.DateTimeField(
        null=True
    )  # the first look at what was sent, perhaps before all was

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("owner", "-created_at"), name="upload_of_person"),
            models.Index(fields=("-created_at",), name="upload_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.name} for data source {self.source_identifier} ({self.get_state_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new upload with an empty report."""
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                UploadReport.objects.create(upload=self)

    @property
    def waits_its_turn(self) -> bool:
        """Whether as many others of the same owner are at work as may be."""
        others = Upload.objects.at_work().filter(owner=self.owner_id).exclude(pk=self.pk)
        return others.count() >= settings.UPLOADS_AT_ONCE

    def state_after_pause(self) -> State:
        """Reading back goes on with sending, which sends nothing again that was accepted."""
        return State(self.state) if self.state in (State.COMPARING, State.UNDOING) else State.SENDING

    @property
    def unknown_headers(self) -> list[str]:
        """Headers that somebody has to map or ignore."""
        return [header for header, name in self.columns if name is None]

    @property
    def has_open_questions(self) -> bool:
        """Whether a question about the file as a whole waits for its answer."""
        answers = self.chosen_dialect.get("answers", {})
        return any(answers.get(each["name"]) not in each["choices"] for each in self.questions)

    @property
    def to_send(self) -> int:
        """Records that are sent, or would be: identical ones never, changed ones unless they are to be left alone."""
        return self.valid - self.identical - (self.changed if self.only_new else 0)

    @property
    def with_problems(self) -> int:
        """Rows that cannot be sent."""
        return self.rows - self.valid

    @property
    def has_copy(self) -> bool:
        """Whether records were replaced of which a copy is still kept."""
        return bool(self.snapshot and self.changed and not self.only_new and not self.let_go_at)

    @property
    def is_undone(self) -> bool:
        """Whether what it sent was taken back, all but what was left alone."""
        return self.state == State.UNDONE

    @property
    def undone(self) -> dict[str, Any]:
        """What came of undoing, as far as that is known."""
        return {name: found for name, found in self.undo.items() if name != ATTEMPT}

    @property
    def missing(self) -> int:
        """Records AuroraX accepted that were not found there."""
        if self.state != State.DONE:
            return 0
        return max(self.sent - self.verified - self.report.others_when("verifying"), 0)

    @property
    def actor(self) -> User:
        """Who pressed the last button: the work is done under their sign-in, and events name them."""
        return self.acting or self.owner

    @property
    def is_verified(self) -> bool:
        """Whether every record that was to be sent was found in AuroraX with equal values."""
        return self.state == State.DONE and self.verified == self.to_send

    @property
    def is_another_now(self) -> bool | None:
        """Whether the last look afterwards found something else than the file has; None where nobody has looked."""
        if "same" not in self.checked_again:
            return None
        return bool(self.checked_again["differing"] or self.checked_again["gone"])

    @property
    def is_for_another_aurorax(self) -> bool:
        """Whether the AuroraX it was checked for is not the one the portal points at now."""
        return self.api_url != settings.AURORAX_API_URL
