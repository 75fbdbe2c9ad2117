"""A feed as its page shows it. Templates only lay it out."""

from dataclasses import dataclass
from functools import cached_property

from apps.feeds.models import Feed, FeedItem, FeedRun
from apps.records.types import RecordType, type_of
from apps.uploads.models import Upload
from apps.uploads.page import UploadPage

SHOWN = 10
POLL_EVERY = 2  # seconds


@dataclass(frozen=True)
class FeedPage:
    """Everything the page shows."""

    feed: Feed

    @property
    def kind(self) -> RecordType:
        """Of its records."""
        return type_of(self.feed.kind)

    @property
    def poll_trigger(self) -> str:
        """When htmx asks for the fragment again; empty stops it."""
        return f"every {POLL_EVERY}s" if self.feed.is_looking else ""

    @property
    def policy(self) -> str:
        """In a sentence."""
        most = self.feed.most_records
        limit = f", {most:,} records of a file at most" if most else ""
        return f"{self.feed.get_policy_display()}{limit}"

    @property
    def needs_key(self) -> bool:
        """Whether it can go on with another API key only."""
        token = self.feed.token
        return token is None or not token.is_usable or token.needs_key

    @cached_property
    def runs(self) -> list[FeedRun]:
        """The last looks."""
        return [*self.feed.runs.all()[:SHOWN]]

    @cached_property
    def uploads(self) -> list[UploadPage]:
        """The last files it has brought."""
        brought = Upload.objects.filter(brought_by=self.feed.pk).select_related("report", "owner")
        return [UploadPage(each, may_act=False) for each in brought[:SHOWN]]

    @cached_property
    def unreadable(self) -> list[FeedItem]:
        """Files that could not be read, as they are now."""
        return [*self.feed.items.exclude(trouble="")[:SHOWN]]
