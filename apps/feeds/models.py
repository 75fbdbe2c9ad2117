"""What is fetched from where, for whom and under which conditions; what was there last time; and what came of each look."""

import uuid

from django.db import models
from django.dispatch import Signal
from django.utils import timezone

from apps.accounts.models import User
from apps.jobs.models import Leased
from apps.outbound.fetching import Validators
from apps.tokens.models import ApiToken
from apps.uploads.models import Upload

# A person has to know of it: `feed`, and `news`, one of `FeedNews`, with `message`. In the same transaction as what it tells.
told = Signal()


class FeedNews(models.TextChoices):
    """What a feed tells its person."""

    ENDED = "ended", "is paused"
    UNREADABLE = "unreadable", "has brought a file that cannot be read"
    FAILING = "failing", "gets nothing"
    WELL = "well", "works"  # settles what was failing
    LOOKED_AFTER = "looked after", "was looked after"  # settles all


class FeedPlace(models.TextChoices):
    """What kind of address it has."""

    FILE = "file", "A file at an https address"
    LIST = "list", "A list of addresses (a manifest)"
    BUCKET = "bucket", "All files under a prefix in S3"
    FOLDER = "folder", "All files in a folder of the portal's machine"


class FeedPolicy(models.TextChoices):
    """What is sent without asking."""

    NEW = "new", "Send when every row is fine and nothing that AuroraX holds would be replaced"
    REPLACE = "replace", "Send when every row is fine, also what replaces records"
    WAIT = "wait", "Always wait for me"


class Feed(Leased):
    """One standing order of one person for one data source. It acts with a token of theirs, which may push there and nothing
    else; how the columns are read is what the person chose for their last file with the same header.

    `paused_because` is empty where somebody has paused it by hand. `failures` are looks in a row that did not work.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="feeds")
    token = models.OneToOneField(ApiToken, on_delete=models.SET_NULL, null=True, related_name="feed")
    name = models.CharField(max_length=50)
    source_identifier = models.IntegerField("data source", db_index=True)
    source_name = models.CharField(max_length=250)
    kind = models.CharField(max_length=20)
    api_url = models.CharField(max_length=200)
    place = models.CharField(max_length=10, choices=FeedPlace.choices)
    address = models.CharField(max_length=1000)
    policy = models.CharField(max_length=10, choices=FeedPolicy.choices, default=FeedPolicy.NEW)
    most_records = models.PositiveIntegerField(null=True)  # that go by themselves, of one file
    minutes = models.PositiveIntegerField()  # between two looks
    made_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    asked_at = models.DateTimeField(null=True)  # a worker, for a look that has not ended yet
    right_checked_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.TextField(blank=True)

    class Meta:
        ordering = ("source_name", "name")

    def __str__(self) -> str:
        return f"{self.name} for data source {self.source_identifier}"

    @property
    def is_looking(self) -> bool:
        """Whether a worker is at it, or is asked for."""
        return self.paused_at is None and self.asked_at is not None

    @property
    def state(self) -> str:
        """In a few words."""
        if self.paused_at:
            return "Stopped" if self.paused_because else "Paused"
        if self.failures:
            return "Trying again later"
        return "Looking" if self.is_looking else "Waiting for the next look"


class FeedItem(models.Model):
    """One file of a feed, as it was when it was last fetched. `trouble` is why it could not be read."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="items")
    address = models.CharField(max_length=1000)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    trouble = models.TextField(blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.SET_NULL, null=True, related_name="+")
    fetched_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("address",)
        constraints = (models.UniqueConstraint(fields=("feed", "address"), name="one_item_for_an_address"),)

    def __str__(self) -> str:
        return f"{self.address} of feed {self.feed_id}"

    @property
    def known(self) -> Validators:
        """By what its place tells whether it is another now."""
        return Validators(self.etag, self.last_modified)


class RunOutcome(models.TextChoices):
    """What came of one look."""

    NOTHING = "nothing", "Nothing new"
    BROUGHT = "brought", "New files"
    LATER = "later", "Not yet"
    WAITS = "waits", "Waits for you"
    TROUBLE = "trouble", "Did not work"
    ENDED = "ended", "Stopped"


class FeedRun(models.Model):
    """One look. `looked` and `brought` count files."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=RunOutcome.choices)
    looked = models.PositiveIntegerField(default=0)
    brought = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return f"{self.outcome} at {self.started_at:%Y-%m-%dT%H:%M:%S} for feed {self.feed_id}"
