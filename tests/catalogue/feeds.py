"""Feeds of the prepared world. They are written into the database: no address of somebody else is asked."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import DataSource
from apps.feeds.models import Feed, RunOutcome
from apps.tokens import services as tokens
from apps.uploads.models import Upload

STATES: dict[str, dict[str, Any]] = {
    "well": {},
    "looking": {"asked_at": timezone.now()},
    "failing": {"failures": 4},
    "stopped": {
        "paused_at": timezone.now(),
        "paused_because": "AuroraX takes the API key under its token no more. Give your new one, and press Resume.",
    },
}
LOOKS = (
    (RunOutcome.NOTHING, 0, ""),
    (RunOutcome.BROUGHT, 1, ""),
    (RunOutcome.WAITS, 0, "night.csv: This is no file of records."),
    (RunOutcome.TROUBLE, 0, "The server answered 404. There is nothing at this address."),
)


def prepared_feeds(source: DataSource, *brought: Upload) -> dict[str, str]:
    """One of each state, for the owner; the first has brought these uploads. Answers their places."""
    owner = User.objects.get(username="owner@example.org")
    feeds = {}
    for name, fields in STATES.items():
        token, _ = tokens.make(
            by=owner,
            name=f"Feed: {name}",
            scopes=["push"],
            sources=[source.identifier],
            days=90,
            api_key="sandbox-key-owner",
        )
        feeds[name] = Feed.objects.create(
            owner=owner,
            token=None if name == "stopped" else token,
            name=f"nights of the station ({name})",
            source_identifier=source.identifier,
            source_name=source.display_name,
            kind="ephemeris",
            api_url=settings.AURORAX_API_URL,
            place="list",
            address="https://data.example.org/example-camera/nights-of-the-station/files.txt",
            most_records=50_000,
            minutes=360,
            next_at=timezone.now() + timedelta(days=1),
            **fields,
        )
    _history(feeds["well"], brought)
    return {f"feed_{name}": str(feed.pk) for name, feed in feeds.items()}


def _history(feed: Feed, brought: tuple[Upload, ...]) -> None:
    for hours, (outcome, count, message) in enumerate(LOOKS):
        at = timezone.now() - timedelta(hours=6 * hours)
        feed.runs.create(
            started_at=at, ended_at=at, outcome=outcome, looked=3, brought=count, message=message
        )
    feed.items.create(
        address="https://data.example.org/example-camera/nights-of-the-station/night.csv",
        sha256="0" * 64,
        trouble="This is no file of records.",
    )
    Upload.objects.filter(pk__in=[each.pk for each in brought]).update(brought_by=feed.pk)
