"""Where files of a feed lie: one at an address, those of a list, those of a folder, those under a prefix in S3."""

from collections.abc import Callable, Iterator

from apps.feeds.models import Feed, FeedPlace
from apps.feeds.places import bucket, folder, web
from apps.feeds.places.offers import FeedOffer, FeedRefused
from apps.outbound.fetching import FetchLimits

OFFERS: dict[str, Callable[[str, int, FetchLimits], Iterator[FeedOffer]]] = {
    FeedPlace.FILE: web.one_file,
    FeedPlace.LIST: web.listed_files,
    FeedPlace.FOLDER: folder.files,
    FeedPlace.BUCKET: bucket.files,
}
CHECKS: dict[str, Callable[[str, int], str]] = {
    FeedPlace.FILE: web.checked,
    FeedPlace.LIST: web.checked,
    FeedPlace.FOLDER: folder.checked,
    FeedPlace.BUCKET: bucket.checked,
}


def offers_of(feed: Feed, limits: FetchLimits) -> Iterator[FeedOffer]:
    """What there may be to fetch. The operator is asked each time whether that is allowed.

    Raises `FeedRefused`, `NotFetched`.
    """
    address = checked(feed.place, feed.address, feed.source_identifier)
    return OFFERS[feed.place](address, feed.source_identifier, limits)


def checked(place: str, address: str, identifier: int) -> str:
    """The address as it is kept, where this data source may be fed from it. Raises `FeedRefused`."""
    return CHECKS[place](address.strip(), identifier)


__all__ = ["FeedOffer", "FeedRefused", "checked", "offers_of"]
