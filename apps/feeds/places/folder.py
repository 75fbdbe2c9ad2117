"""Files in a folder of the workers' machine that the operator allows (`FEED_FOLDERS`)."""

import os
import stat
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings

from apps.feeds.places.offers import MOST_OFFERS, TOO_MANY, FeedOffer, FeedRefused, is_allowed_for, listed
from apps.outbound.fetching import BLOCK, FetchLimits, NotFetched, Validators

SETTLED_AFTER = 30.0  # seconds without a change: what is younger may still be written
NOT_ALLOWED = "This folder is not allowed for this data source."
GONE = "The folder is not there, or the portal may not read it."


def checked(address: str, identifier: int) -> str:
    """A folder in one that is allowed, whatever links lead there."""
    if not os.path.isabs(address) or "\0" in address:  # noqa: PTH117 - a Path cannot have what is asked for here
        raise FeedRefused("Write the whole path of the folder, beginning with a slash.")
    try:
        folder = Path(address).resolve()
    except (OSError, RuntimeError):
        raise FeedRefused(GONE) from None
    if not any(
        folder.is_relative_to(Path(place).resolve()) and is_allowed_for(numbers, identifier)
        for place, numbers in settings.FEED_FOLDERS.items()
    ):
        allowed = listed(settings.FEED_FOLDERS, identifier)
        raise FeedRefused(
            f"{NOT_ALLOWED} {f'Allowed: {allowed}.' if allowed else 'Ask who runs the portal.'}"
        )
    return str(folder)


def files(address: str, identifier: int, limits: FetchLimits) -> Iterator[FeedOffer]:
    """Those right in it, by name; no hidden ones, no links, and none whose names cannot be printed. Raises `NotFetched`."""
    try:
        found = sorted(entry.name for entry in os.scandir(address) if _is_file(entry))
    except OSError:
        raise NotFetched(GONE) from None
    if len(found) > MOST_OFFERS:
        raise NotFetched(TOO_MANY)
    for name in found:
        path = Path(address) / name
        yield FeedOffer(str(path), name, partial(_copy, path))


def _is_file(entry: "os.DirEntry[str]") -> bool:
    is_old = time.time() - entry.stat(follow_symlinks=False).st_mtime >= SETTLED_AFTER
    is_named = entry.name.isprintable() and not entry.name.startswith(".")
    return is_named and is_old and entry.is_file(follow_symlinks=False)


def _copy(path: Path, into: IO[bytes], known: Validators, limits: FetchLimits) -> Validators | None:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            found = os.fstat(opened)
            if not stat.S_ISREG(found.st_mode):
                raise NotFetched("It is no file.")
            now = Validators(f"{found.st_mtime_ns} {found.st_size}")
            if now == known:
                return None
            if found.st_size > limits.most_bytes:
                raise NotFetched(f"{path.name} is larger than the portal takes.")
            while block := file.read(BLOCK):
                limits.beat()
                into.write(block)
    except OSError as error:
        raise NotFetched(f"{path.name} cannot be read: {error.strerror}.") from error
    return now
