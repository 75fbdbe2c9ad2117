"""One look of a feed: at everything its place offers, then down with what came of it, and when the next one is."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.aurorax import errors
from apps.feeds.acting import CHECKED_AT_LEAST_EVERY, Acting, Ended, act_for, check_token
from apps.feeds.bringing import NoRecords, NotYet, bring
from apps.feeds.models import Feed, FeedItem, FeedNews, RunOutcome, told
from apps.feeds.places import FeedOffer, FeedRefused, offers_of
from apps.feeds.places.offers import LONGEST_ADDRESS
from apps.jobs.leases import Lease, LeaseLost
from apps.outbound.fetching import FetchLimits, NotFetched
from apps.tokens import services as tokens
from apps.ui import storage
from apps.uploads.receiving import NoRoom, QuotaUsedUp, largest_file

logger = logging.getLogger(__name__)
MOST_NEW = 20  # files of one look; the others have to wait for the next, which is soon
LONGEST_LOOK = 20 * 60.0  # seconds
SOON, NOT_YET = timedelta(minutes=1), timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)  # after a look that did not work
TOLD_AFTER = 3  # looks in a row that did not work
RUNS_KEPT = 50
FORGOTTEN_AFTER = timedelta(days=90)  # files that are offered no more
TROUBLES_SAID = 3
FAULT = "The portal had a fault of its own here. Tell its administrator."


@dataclass
class FeedLook:
    """What one look has found so far."""

    looked: list[str] = field(default_factory=list)
    brought: int = 0
    unreadable: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    is_cut: bool = False  # there is more than one look may bring
    retry_after: float = 0


class LookVerdict(NamedTuple):
    """What it comes to: in words, and when to look again."""

    outcome: RunOutcome
    message: str
    wait: timedelta


def run(feed: Feed) -> None:
    """Look once, unless another worker is at it."""
    lease = Lease(feed)
    if not lease.take():
        return
    try:
        feed.refresh_from_db()
        if feed.paused_at is None:
            _run(feed, lease)
    except LeaseLost:
        logger.info("Another worker has feed %s", feed.pk)
    finally:
        lease.give_back()


def _run(feed: Feed, lease: Lease[Feed]) -> None:
    started, look = timezone.now(), FeedLook()
    try:
        _look(feed, lease, look)
        _write(feed, started, look, _verdict(feed, look))
    except Ended as ended:
        if ended.for_good and feed.token:
            tokens.revoke(by=feed.token.user, token=feed.token)
        _write(feed, started, look, LookVerdict(RunOutcome.ENDED, ended.message, timedelta()))
    except LeaseLost:
        raise
    except Exception:
        _write(feed, started, look, LookVerdict(RunOutcome.TROUBLE, FAULT, _back_off(feed, 0)))
        raise


def _look(feed: Feed, lease: Lease[Feed], look: FeedLook) -> None:
    """Raises `Ended`, `LeaseLost`."""
    check_token(feed, api_url=settings.AURORAX_API_URL)
    act = lru_cache(maxsize=1)(lambda: act_for(feed))
    until = time.monotonic() + LONGEST_LOOK
    limits = FetchLimits(
        most_bytes=largest_file(),
        seconds=float(settings.FEED_FETCH_SECONDS),
        hosts=frozenset(settings.FEED_HOSTS),
        beat=lambda: lease.renew_after(lease_seconds() / 4),
    )
    try:
        if timezone.now() - feed.right_checked_at > CHECKED_AT_LEAST_EVERY:
            act()
        for offer in _least_seen_first(feed, [*offers_of(feed, limits)]):
            lease.renew_after(lease_seconds() / 4)
            if look.brought >= MOST_NEW or time.monotonic() > until:
                look.is_cut = True
                return
            _bring(feed, offer, limits, act, look)
    except FeedRefused as refused:
        raise Ended(refused.message) from refused
    except (NotFetched, errors.TryAgain) as trouble:
        _note(look, "", trouble)


def lease_seconds() -> float:
    """How long a worker may be silent."""
    return float(settings.UPLOAD_LEASE_SECONDS)


def _least_seen_first(feed: Feed, offers: list[FeedOffer]) -> list[FeedOffer]:
    """So that one look after the other comes to all of them."""
    seen = dict(feed.items.values_list("address", "seen_at"))
    return sorted(offers, key=lambda offer: seen.get(offer.address, feed.made_at))


def _bring(
    feed: Feed, offer: FeedOffer, limits: FetchLimits, act: Callable[[], Acting], look: FeedLook
) -> None:
    """Look at one file. What goes wrong with it stops no other, unless AuroraX itself does not answer."""
    if len(offer.address) > LONGEST_ADDRESS:
        _note(look, offer.name[:100], NotFetched("Its address is too long."))
        return
    item = feed.items.filter(address=offer.address).first() or FeedItem(feed=feed, address=offer.address)
    look.looked.append(offer.address)
    try:
        look.brought += bring(feed, item, offer, limits, act) is not None
    except NotYet as wait:
        look.later.append(wait.message)
    except NoRecords as unreadable:
        look.unreadable.append(f"{offer.name}: {unreadable.message}")
    except (NotFetched, NoRoom, QuotaUsedUp) as trouble:
        _note(look, offer.name, trouble)
    except OSError as error:
        if not storage.is_away(error):
            raise
        _note(look, offer.name, NotFetched(storage.NO_ROOM))


def _note(look: FeedLook, name: str, trouble: NotFetched | NoRoom | QuotaUsedUp | errors.TryAgain) -> None:
    look.troubles.append(f"{name}: {trouble.message}" if name else trouble.message)
    look.retry_after = max(look.retry_after, getattr(trouble, "retry_after", 0) or 0)


def _verdict(feed: Feed, look: FeedLook) -> LookVerdict:
    usual = timedelta(minutes=feed.minutes) * random.uniform(1.0, 1.1)  # noqa: S311 - so that not all come at once
    if look.troubles:
        more = len(look.troubles) - TROUBLES_SAID
        said = [*look.troubles[:TROUBLES_SAID], *([f"{more} more did not work."] if more > 0 else [])]
        return LookVerdict(RunOutcome.TROUBLE, "\n".join(said), _back_off(feed, look.retry_after))
    if look.unreadable:
        return LookVerdict(RunOutcome.WAITS, "\n".join(look.unreadable[:TROUBLES_SAID]), usual)
    if look.later:
        return LookVerdict(RunOutcome.LATER, "\n".join(look.later[:TROUBLES_SAID]), min(usual, NOT_YET))
    outcome = RunOutcome.BROUGHT if look.brought else RunOutcome.NOTHING
    return LookVerdict(outcome, "", SOON if look.is_cut else usual)


def _back_off(feed: Feed, at_least: float) -> timedelta:
    """Twice as long each time, never quite the same, and not less than what the server has asked for."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(feed.failures, 10), LONGEST_WAIT)
    asked = min(timedelta(seconds=at_least), LONGEST_WAIT)
    return max(wait * random.uniform(0.8, 1.2), asked)  # noqa: S311 - only spreads them


@transaction.atomic
def _write(feed: Feed, started: datetime, look: FeedLook, verdict: LookVerdict) -> None:
    """Down with it, and tell whoever has to know."""
    now = timezone.now()
    failures = feed.failures + 1 if verdict.outcome == RunOutcome.TROUBLE else 0
    changes: dict[str, object] = {
        "failures": failures,
        "next_at": now + verdict.wait,
        "asked_at": None,
        "right_checked_at": feed.right_checked_at,
    }
    if verdict.outcome == RunOutcome.ENDED:
        changes |= {"paused_at": now, "paused_because": verdict.message}
    Feed.objects.filter(pk=feed.pk).update(**changes)
    feed.runs.create(
        started_at=started,
        outcome=verdict.outcome,
        looked=len(look.looked),
        brought=look.brought,
        message=verdict.message,
    )
    _forget_old(feed, look)
    _tell(feed, verdict, failures)


def _forget_old(feed: Feed, look: FeedLook) -> None:
    now = timezone.now()
    feed.items.filter(address__in=look.looked).update(seen_at=now)
    feed.items.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    kept = feed.runs.values_list("pk", flat=True)[:RUNS_KEPT]
    feed.runs.exclude(pk__in=[*kept]).delete()


def _tell(feed: Feed, verdict: LookVerdict, failures: int) -> None:
    news = {RunOutcome.ENDED: FeedNews.ENDED, RunOutcome.WAITS: FeedNews.UNREADABLE}.get(verdict.outcome)
    if verdict.outcome == RunOutcome.TROUBLE and failures == TOLD_AFTER:
        news = FeedNews.FAILING
    elif feed.failures and not failures:
        told.send(Feed, feed=feed, news=FeedNews.WELL, message="")
    if news is not None:
        told.send(Feed, feed=feed, news=news, message=verdict.message)
