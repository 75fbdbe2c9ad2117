"""In whose name a feed acts: its token, the key under it and the right of its person, looked at when they are used."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from apps.activity.reused_identifiers import ANOTHER, is_another_source
from apps.aurorax import AuroraX, DataSource, errors
from apps.feeds.models import Feed
from apps.permissions import decide
from apps.records.types import RecordType, type_of
from apps.tokens import keys
from apps.tokens.authentication import mark_used
from apps.tokens.models import ApiToken, Scope

CHECKED_AT_LEAST_EVERY = timedelta(days=1)  # also where nothing is new
OVER = "Its token is revoked or has expired. Press Resume: it gets a new one."
KEY_OVER = "AuroraX takes the API key under its token no more. Give your new one, and press Resume."
NOT_ACTIVE = "Its person has no access to this portal any more."
ANOTHER_AURORAX = "It was made for {url}, not for the AuroraX the portal uses now."
NO_SOURCE = "AuroraX has no data source {identifier} any more."


class Ended(Exception):
    """The feed may act no more; `message` says why. With `for_good` its token is to be revoked."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.message, self.for_good = message, for_good


class Acting(NamedTuple):
    """All that an upload takes."""

    client: AuroraX
    source: DataSource
    token: ApiToken
    kind: RecordType


def check_token(feed: Feed, *, api_url: str) -> ApiToken:
    """Its token, as far as the portal itself can tell. Raises `Ended`."""
    token = feed.token
    if token is None or not (
        token.is_usable and token.allows(Scope.PUSH) and token.reaches(feed.source_identifier)
    ):
        raise Ended(OVER)
    if token.needs_key:
        raise Ended(KEY_OVER)
    if not feed.owner.is_active:
        raise Ended(NOT_ACTIVE, for_good=True)
    if feed.api_url != api_url:
        raise Ended(ANOTHER_AURORAX.format(url=feed.api_url))
    return token


def act_for(feed: Feed) -> Acting:
    """What to upload with, after AuroraX was asked. Raises `Ended`, `errors.TryAgain`."""
    token = check_token(feed, api_url=feed.api_url)
    kind = type_of(feed.kind)
    try:
        client = AuroraX(keys.check(token), feed.api_url)
        source = client.sources.get(feed.source_identifier)
    except errors.NotSignedIn:
        raise Ended(KEY_OVER) from None
    except errors.NotFound:
        raise Ended(NO_SOURCE.format(identifier=feed.source_identifier), for_good=True) from None
    except errors.Refused as refusal:
        raise Ended(refusal.message) from None
    if is_another_source(source, feed.made_at):
        raise Ended(ANOTHER.format(name=source.display_name), for_good=True)
    feed.owner.refresh_from_db()  # AuroraX may just have said that their role is another
    decision = decide(feed.owner, kind.actions.create, source)
    if not decision:
        raise Ended(decision.reason, for_good=True)
    mark_used(token)
    feed.right_checked_at = timezone.now()
    return Acting(client, source, token, kind)
