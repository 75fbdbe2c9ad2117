"""What happened: append-only events, and copies of records as they were before a write."""

import uuid
from contextlib import suppress
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.accounts.models import User


class AppendOnly(Exception):
    """Somebody tried to change or remove what is kept for ever."""


class EventQuerySet(models.QuerySet["Event"]):
    """Events can be read and added, and those of writes that have begun be finished; nothing else."""

    def finish(self, pk: uuid.UUID, **fields: Any) -> None:
        """Say how a write ended whose event was left when it began. Later changes are refused."""
        begun = self.filter(pk=pk, outcome=Event.Outcome.BEGUN)
        if not super(EventQuerySet, begun).update(**fields):
            raise AppendOnly("Events are never changed.")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly("Events are never changed.")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnly("Events are never deleted.")

    def in_list(self) -> "EventQuerySet":
        """Without the parts of bulk actions: these are one row, which opens."""
        return self.filter(part_of=None)

    def about_source(self, identifier: int) -> "EventQuerySet":
        """Those about one data source, by its number: they outlive the source."""
        return self.filter(source_identifier=identifier)

    def by(self, words: str) -> "EventQuerySet":
        """Those of people whose address has these words in it. People are few and events are many: the words are looked for
        among people, and events by whole addresses, for which there is an index.
        """
        people = User.objects.filter(email__icontains=words).values_list("email", flat=True)
        return self.filter(actor__in={*people, words.lower()})


class Event(models.Model):
    """One write, or one attempt: who, when, what, before and after. Texts, no foreign keys: it outlives everything."""

    class Outcome(models.TextChoices):
        """How it ended; BEGUN where nobody lived to say so."""

        BEGUN = "begun", "Not known whether it arrived"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused by AuroraX"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.CharField("person", max_length=254)
    actor_role = models.CharField("role", max_length=20)
    actor_note = models.CharField(max_length=100, blank=True)
    # Whose upload or deletion it was about, where that is a thing of its own.
    made_by = models.CharField("made by", max_length=254, blank=True)
    made_by_note = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    summary = models.TextField()
    source_identifier = models.IntegerField("data source", null=True, blank=True)
    source_name = models.CharField(max_length=250, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    snapshot = models.UUIDField(null=True, blank=True)
    api_url = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)  # why, in the person's words
    about = models.UUIDField(null=True, blank=True)  # the upload or deletion that it tells of
    record_kind = models.CharField(
        max_length=20, blank=True
    )  # slug of the record type, where it is about records
    undoes = models.UUIDField(null=True, blank=True)  # the event that this one takes back
    part_of = models.UUIDField(null=True, blank=True)  # the event of the bulk action that this one belongs to

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("actor", "-at"), name="event_by_person"),
            models.Index(fields=("source_identifier", "-at"), name="event_by_source"),
            models.Index(fields=("action", "-at"), name="event_by_action"),
            models.Index(fields=("outcome", "-at"), name="event_by_outcome"),
            models.Index(fields=("snapshot",), name="event_by_copy"),
            models.Index(fields=("about",), name="event_about"),
            models.Index(fields=("undoes",), name="event_undoes"),
            models.Index(fields=("part_of", "-at"), name="event_part_of"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%S} {self.actor} {self.action}: {self.summary}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; a second save is refused."""
        if not self._state.adding:
            raise AppendOnly("Events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly("Events are never deleted.")

    @property
    def concerns(self) -> uuid.UUID | None:
        """The upload or deletion that it tells of; events of earlier releases say so in their receipt."""
        if self.about is not None:
            return self.about
        told = self.after.get("upload") if isinstance(self.after, dict) else None
        with suppress(ValueError):
            return uuid.UUID(told) if isinstance(told, str) else None
        return None

    @property
    def is_about_anothers(self) -> bool:
        """Whether somebody acted on what another person has made; who only states an address is not who has it."""
        return bool(self.made_by) and (self.made_by, self.made_by_note) != (self.actor, self.actor_note)


class Snapshot(models.Model):
    """Full copies of the records that a write was about to replace or delete, as gzipped NDJSON in file storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taken_at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.CharField(max_length=254)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    source_identifier = models.IntegerField(db_index=True)
    count = models.PositiveIntegerField()
    file = models.FileField(upload_to="snapshots/", blank=True)  # empty once it is let go
    size = models.BigIntegerField(default=0)  # bytes that are kept

    class Meta:
        ordering = ("-taken_at",)

    def __str__(self) -> str:
        return f"{self.count} {self.kind} records of data source {self.source_identifier}"
