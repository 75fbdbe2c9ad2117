"""What people do with feeds: make, pause, resume, have one look now, delete."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import confirm_role
from apps.aurorax import AuroraX, DataSource
from apps.feeds import places
from apps.feeds.models import Feed, FeedNews, told
from apps.feeds.places import FeedRefused
from apps.feeds.tasks import ask_now
from apps.permissions import NotAllowed, check
from apps.records.types import RecordType, type_of
from apps.tokens import services as tokens
from apps.tokens.models import ApiToken, Scope

MOST = 40  # of one person
TOO_MANY = f"You have {MOST} feeds. Delete one that you do not need."
NOT_YOURS = "Only the person who made this feed, or an Administrator, may do this."
NOT_YOUR_KEY = "Only the person who made this feed can let it go on: it acts with their API key."


def make(
    *,
    by: User,
    source: DataSource,
    kind: RecordType,
    name: str,
    place: str,
    address: str,
    policy: str,
    most_records: int | None,
    minutes: int,
    api_key: str = "",
) -> Feed:
    """A feed, which looks for the first time at once.

    Raises `NotAllowed`, `FeedRefused`, `keys.KeyRefused`, `errors.TryAgain`.
    """
    check(by, kind.actions.create, source)
    address = places.checked(place, address, source.identifier)
    if by.feeds.count() >= MOST:
        raise FeedRefused(TOO_MANY)
    with transaction.atomic():
        feed = Feed.objects.create(
            owner=by,
            token=_token(by, name, source.identifier, api_key),
            name=name,
            source_identifier=source.identifier,
            source_name=source.display_name,
            kind=kind.slug,
            api_url=settings.AURORAX_API_URL,
            place=place,
            address=address,
            policy=policy,
            most_records=most_records,
            minutes=minutes,
        )
    run_now(by=by, feed=feed)
    return feed


def pause(*, by: User, feed: Feed, client: AuroraX) -> None:
    """Look no more until somebody resumes it. What it has brought goes on."""
    check_act(by, feed, client)
    Feed.objects.filter(pk=feed.pk, paused_at=None).update(paused_at=timezone.now(), paused_because="")
    _looked_after(feed)


def resume(*, by: User, feed: Feed, client: AuroraX, api_key: str = "") -> None:
    """Go on, with a new token where the old one opens nothing any more. `client` is the person's own: their right is asked
    for with the data source as it is now.

    Raises `NotAllowed`, `FeedRefused`, `keys.KeyRefused`, `errors.AuroraXError`.
    """
    if feed.owner_id != by.pk:
        raise NotAllowed(NOT_YOUR_KEY)
    if feed.api_url != settings.AURORAX_API_URL:
        raise FeedRefused(f"It was made for {feed.api_url}. Delete it, and make another.")
    check(by, type_of(feed.kind).actions.create, client.sources.get(feed.source_identifier))
    places.checked(feed.place, feed.address, feed.source_identifier)
    old = feed.token
    if api_key or old is None or not old.is_usable or old.needs_key:
        feed.token = _token(by, feed.name, feed.source_identifier, api_key)
        if old is not None:
            tokens.revoke(by=by, token=old)
    feed.paused_at, feed.paused_because, feed.failures = None, "", 0
    feed.next_at = timezone.now()
    feed.save(update_fields=["token", "paused_at", "paused_because", "failures", "next_at"])
    _looked_after(feed)
    ask_now(feed)


def run_now(*, by: User, feed: Feed, client: AuroraX | None = None) -> None:
    """Look at once, whenever the next look was to be. Raises `FeedRefused` for one that is paused."""
    if client is not None:
        check_act(by, feed, client)
    if feed.paused_at:
        raise FeedRefused("It is paused. Resume it first.")
    feed.refresh_from_db(fields=["next_at"])
    ask_now(feed)


def delete(*, by: User, feed: Feed, client: AuroraX) -> None:
    """Forget it, and end its token. What it has uploaded stays."""
    check_act(by, feed, client)
    with transaction.atomic():
        if feed.token is not None:
            tokens.revoke(by=feed.token.user, token=feed.token)
        _looked_after(feed)
        feed.delete()


def check_act(by: User, feed: Feed, client: AuroraX) -> None:
    """Raises `NotAllowed` for who may not see it and decide about it; an Administrator is confirmed by AuroraX."""
    if feed.owner_id == by.pk:
        return
    if not by.is_administrator:
        raise NotAllowed(NOT_YOURS)
    confirm_role(by=by, client=client)


def _token(by: User, name: str, identifier: int, api_key: str) -> ApiToken:
    """One whose text nobody ever sees."""
    token, _ = tokens.make(
        by=by,
        name=f"Feed: {name}",
        scopes=[Scope.PUSH],
        sources=[identifier],
        days=tokens.LONGEST,
        api_key=api_key,
    )
    return token


def _looked_after(feed: Feed) -> None:
    told.send(Feed, feed=feed, news=FeedNews.LOOKED_AFTER, message="")
