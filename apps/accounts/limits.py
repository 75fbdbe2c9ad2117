"""How many guesses at a password or a key get as far as AuroraX.

Every attempt takes a place in its buckets before AuroraX is asked, so that guesses at the same time count as well; what
was no wrong guess gives its place back. A browser that the person has signed in with before has a bucket of its own, and
so has signing in again in place: nobody is locked out by what others guess.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from apps.accounts.browsers import known_browser
from apps.accounts.network import client_address, network_of
from apps.aurorax import errors

WINDOW = 15 * 60  # seconds, from the first failure on
CACHE = "sign-in"


class Bucket(NamedTuple):
    """What failures are counted under, and how many of them are let through in a window."""

    name: str
    allowed: int


class TooManyAttempts(Exception):
    """Nothing was tried. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Again in {retry_after} seconds.")
        self.retry_after = retry_after


def buckets_of(request: HttpRequest, *, identity: str, account: str) -> list[Bucket]:
    """Where an attempt to sign in counts. `identity` is an e-mail address or the name of a key; `account` what is guessed
    at: a key is guessed at with any address.
    """
    if browser := known_browser(request, identity):
        return [Bucket(f"browser:{browser}:{identity}", settings.SIGN_IN_ATTEMPTS)]
    address = network_of(client_address(request))
    return [
        Bucket("everybody", settings.SIGN_IN_ATTEMPTS_TOGETHER),
        Bucket(f"address:{address}", settings.SIGN_IN_ATTEMPTS_PER_ADDRESS),
        *(Bucket(f"account:{name}", settings.SIGN_IN_ATTEMPTS) for name in {identity, account}),
    ]


@contextmanager
def counted(buckets: Sequence[Bucket]) -> Iterator[None]:
    """Around an attempt. Raises `TooManyAttempts` instead of letting it be made."""
    taken = []
    for bucket in buckets:
        taken.append(bucket)
        if _take(bucket) > bucket.allowed:
            _give_back(taken)
            raise TooManyAttempts(_seconds_left(bucket))
    try:
        yield
    except errors.TryAgain:
        _give_back(taken)  # AuroraX did not say whether it was right
        raise
    _give_back(taken)


def _take(bucket: Bucket) -> int:
    cache, key = caches[CACHE], _key(bucket)
    if cache.add(key, 1, WINDOW):
        cache.set(f"{key}:until", time.time() + WINDOW, WINDOW)
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # the window has ended just now
        cache.set(key, 1, WINDOW)
        return 1


def _give_back(buckets: Sequence[Bucket]) -> None:
    for bucket in buckets:
        try:
            caches[CACHE].decr(_key(bucket))
        except ValueError:
            continue


def _seconds_left(bucket: Bucket) -> int:
    until = caches[CACHE].get(f"{_key(bucket)}:until", time.time() + WINDOW)
    return max(1, round(float(until) - time.time()))


def _key(bucket: Bucket) -> str:
    """Addresses of people and networks are not kept, not even here."""
    return salted_hmac("apps.accounts.limits", bucket.name, algorithm="sha256").hexdigest()
