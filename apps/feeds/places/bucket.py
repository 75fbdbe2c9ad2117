"""Files under a prefix in S3, or in what speaks its language. They are read with the portal's own access to it, so that only
what the operator allows (`FEED_BUCKETS`) can be read.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import IO, Any, NamedTuple

from django.conf import settings

from apps.feeds.places.offers import MOST_OFFERS, TOO_MANY, FeedOffer, FeedRefused, is_allowed_for, listed
from apps.outbound.fetching import BLOCK, FetchLimits, NotFetched, Validators

SCHEME = "s3://"
NOT_ALLOWED = "This place in S3 is not allowed for this data source."
NOT_INSTALLED = (
    "Reading from S3 needs the package boto3, which comes with django-storages[s3]. Ask who runs the portal."
)
SECONDS = 10  # of one step


def checked(address: str, identifier: int) -> str:
    """`s3://bucket/prefix/`, within one that is allowed."""
    place = _plain(address)
    if not place.partition("/")[0]:
        raise FeedRefused("Write bucket and prefix, such as s3://observatory/ephemeris/.")
    if not any(
        f"{place}/".startswith(f"{_plain(each)}/") and is_allowed_for(numbers, identifier)
        for each, numbers in settings.FEED_BUCKETS.items()
    ):
        allowed = listed(settings.FEED_BUCKETS, identifier)
        raise FeedRefused(
            f"{NOT_ALLOWED} {f'Allowed: {allowed}.' if allowed else 'Ask who runs the portal.'}"
        )
    return f"{SCHEME}{place}/"


def files(address: str, identifier: int, limits: FetchLimits) -> Iterator[FeedOffer]:
    """All under it, by name. Raises `NotFetched`."""
    bucket, _, prefix = _plain(address).partition("/")
    client = _client()
    try:
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=f"{prefix}/" if prefix else ""
        )
        every = (each for page in pages for each in page.get("Contents", ()) if each["Size"])
        found = [*islice(every, MOST_OFFERS + 1)]
    except _errors() as error:
        raise NotFetched(f"S3 did not answer: {type(error).__name__}.") from error
    if len(found) > MOST_OFFERS:
        raise NotFetched(TOO_MANY)
    for each in found:
        key = each["Key"]
        fetch = partial(_copy, client, _Object(bucket, key, each["ETag"], each["Size"]))
        yield FeedOffer(f"{SCHEME}{bucket}/{key}", key.rpartition("/")[2] or "file", fetch)


class _Object(NamedTuple):
    """One that was listed."""

    bucket: str
    key: str
    etag: str
    size: int


def _copy(
    client: Any, found: _Object, into: IO[bytes], known: Validators, limits: FetchLimits
) -> Validators | None:
    if known == Validators(found.etag):
        return None
    if found.size > limits.most_bytes:
        raise NotFetched(f"{found.key} is larger than the portal takes.")
    try:
        answer = client.get_object(Bucket=found.bucket, Key=found.key, IfMatch=found.etag)
        for block in answer["Body"].iter_chunks(BLOCK):
            limits.beat()
            into.write(block)
    except _errors() as error:
        raise NotFetched(f"S3 did not answer: {type(error).__name__}.") from error
    return Validators(found.etag)


def _plain(place: str) -> str:
    return place.removeprefix(SCHEME).strip("/")


def _client() -> Any:
    try:
        import boto3  # noqa: PLC0415 - it is large, and few need it
        from botocore.config import Config  # noqa: PLC0415
    except ImportError:
        raise NotFetched(NOT_INSTALLED) from None
    config = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"max_attempts": 2})
    return boto3.client("s3", endpoint_url=settings.FEED_S3_ENDPOINT_URL or None, config=config)


def _errors() -> tuple[type[Exception], ...]:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - see above
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    return Boto3Error, BotoCoreError, ClientError
