"""One file on its way to AuroraX."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.jobs.models import Job
from apps.uploads.states import ENDED, RUNNING, TRANSITIONS, PauseReason, State, WrongTransition

TAKEN_UP_WITHIN = timedelta(seconds=60)  # a wake-up call nobody has answered after this is given again

OTHERS_LISTED = 1_000  # keys of records that are somebody else's


def file_path(upload: "Upload", name: str) -> str:
    """Where the file is kept. The name people gave it is only a label in the database."""
    return f"uploads/{upload.pk}/file"


def problems_path(upload: "Upload", name: str) -> str:
    """Where the list of all problems is kept."""
    return f"uploads/{upload.pk}/problems.csv"


class UploadQuerySet(models.QuerySet["Upload"]):
    """Questions about uploads."""

    def seen_by(self, person: User, own_sources: Collection[int] = ()) -> "UploadQuerySet":
        """Their own, and what others have begun to send to data sources of theirs; an Administrator sees all."""
        if person.is_administrator:
            return self
        begun = Q(source_identifier__in=own_sources, started_at__isnull=False)
        return self.filter(Q(owner=person) | begun)

    def unfinished(self) -> "UploadQuerySet":
        """Those that are on their way or wait for somebody."""
        return self.exclude(state__in=ENDED)

    def abandoned(self, now: datetime) -> "UploadQuerySet":
        """Those a worker should be at while none is: its lease ran out, or nobody answered the wake-up call."""
        unanswered = Q(lease_until=None, retry_at=None, woken_at__lt=now - TAKEN_UP_WITHIN)
        return self.filter(Q(lease_until__lt=now) | unanswered, state__in=RUNNING)

    def due_again(self, now: datetime) -> "UploadQuerySet":
        """Those that wait for AuroraX to come back, or to take the records in, and whose time to look has come."""
        unavailable = Q(state=State.PAUSED, pause_reason=PauseReason.UNAVAILABLE)
        parked = Q(state=State.VERIFYING, lease_until=None)
        return self.filter(unavailable | parked, retry_at__lte=now)


class Upload(Job):
    """A file of records for one data source, and how far it has come.

    What it needs to know of the source is kept as text, so that it outlives the source. Counts are of rows up to
    `problems`, of records from there on. `first` and `last` are the span of the valid records.
    """

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

    file = models.FileField(upload_to=file_path)
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

    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED, db_index=True)
    pause_reason = models.CharField(max_length=20, choices=PauseReason.choices, blank=True)
    message = models.TextField(blank=True)  # why it is where it is, for people
    rows = models.PositiveIntegerField(default=0)
    valid = models.PositiveIntegerField(default=0)
    first = models.DateTimeField(null=True)
    last = models.DateTimeField(null=True)
    days = models.JSONField(default=dict)  # day -> valid records
    first_records = models.JSONField(default=list)
    given = models.JSONField(null=True)  # canonical names of what the file has, with a value or without
    lacks = models.JSONField(default=list)  # members of a record that some of its records do not have
    problem_list = models.FileField(upload_to=problems_path, blank=True)

    compared_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(
        max_length=64, blank=True
    )  # of what AuroraX then held under the file's keys
    differences = models.JSONField(
        default=dict
    )  # how the changed records differ: `comparing.ComparisonSummary`
    only_new = models.BooleanField(default=False)  # leave alone what AuroraX holds already
    empty_missing = models.BooleanField(default=False)  # what the file does not give is emptied, not kept
    only_if_all_valid = models.BooleanField(default=False)
    snapshot = models.UUIDField(null=True)  # of what is replaced; None until sending has begun
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    identical = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    resent = models.PositiveIntegerField(default=0)
    resent_times = models.PositiveSmallIntegerField(default=0)
    resent_at = models.DateTimeField(null=True)  # or when it was sent for the first time
    others = models.JSONField(
        default=dict
    )  # somebody else's: {"sending" | "verifying": {"count": …, "listed": [keys]}}
    undo = models.JSONField(default=dict)  # what came of undoing: `undoing.Found`
    undo_shared = models.BooleanField(default=False)  # undo also what later uploads stand for
    checked_again = models.JSONField(default=dict)  # what the last look afterwards found: `checking_again`
    read_back = models.JSONField(default=list)  # the first records as AuroraX answers them

    retry_at = models.DateTimeField(null=True)
    retries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    resumes_at = models.CharField(max_length=20, choices=State.choices, default=State.SENDING)  # from a pause
    started_at = models.DateTimeField(null=True)  # of sending
    pace_since = models.DateTimeField(null=True)  # sending began, or went on
    pace_from = models.PositiveIntegerField(default=0)  # records sent by then
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} for data source {self.source_identifier} ({self.get_state_display()})"

    def transition(self, to: State, **changes: Any) -> None:
        """Go to another state, together with other changes. Raises `WrongTransition`, also when somebody else has just
        moved it: of two who decide at the same time one wins, and the other learns of it.
        """
        if to not in TRANSITIONS[State(self.state)]:
            raise WrongTransition(self.state, to)
        fields = {"state": to, "pause_reason": "", "message": "", "retry_at": None} | changes
        if to in ENDED:
            fields["ended_at"] = timezone.now()
        moved = Upload.objects.filter(pk=self.pk, state=self.state).update(**fields)
        if not moved:
            self.refresh_from_db()
            raise WrongTransition(self.state, to)
        for name, value in fields.items():
            setattr(self, name, value)

    def update_fields(self, **changes: Any) -> None:
        """Save these fields, here and in the database, and no others."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=[*changes])

    def set_others(self, when: str, keys: Sequence[str]) -> None:
        """Keep what was somebody else's when it was sent (`sending`) or read back (`verifying`)."""
        part = {when: {"count": len(keys), "listed": list(keys[:OTHERS_LISTED])}} if keys else {}
        others = {name: found for name, found in self.others.items() if name != when} | part
        if others != self.others:
            self.update_fields(others=others)

    def pause(self, because: PauseReason, message: str = "", **changes: Any) -> None:
        """Stop for now; `resume` goes on with what was being done. Raises `WrongTransition`."""
        going_on = State(self.state) if self.state in (State.COMPARING, State.UNDOING) else State.SENDING
        changes |= {"pause_reason": because, "message": message, "resumes_at": going_on}
        self.transition(State.PAUSED, **changes)

    def resume(self, **changes: Any) -> None:
        """Go on where it was paused. Raises `WrongTransition`."""
        self.transition(State(self.resumes_at), **changes)

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
    def missing(self) -> int:
        """Records AuroraX accepted that were not found there."""
        if self.state != State.DONE:
            return 0
        return max(self.sent - self.verified - int(self.others.get("verifying", {}).get("count", 0)), 0)

    @property
    def left_to_others(self) -> int:
        """Records that somebody else had changed by the time they were to be sent, sent again or read back."""
        return sum(int(part["count"]) for part in self.others.values())

    @property
    def others_listed(self) -> list[str]:
        """The keys of the first of these."""
        return [key for part in self.others.values() for key in part["listed"]]

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
    def is_running(self) -> bool:
        """Whether a worker is, or should be, at it."""
        return self.state in RUNNING

    @property
    def is_for_another_aurorax(self) -> bool:
        """Whether the AuroraX it was checked for is not the one the portal points at now."""
        return self.api_url != settings.AURORAX_API_URL
