"""AuroraX as one person sees it."""

from functools import cached_property
from threading import Event
from typing import Self

from django.conf import settings

from apps.aurorax.administration import Accounts, SearchRequests
from apps.aurorax.availability import Availabilities
from apps.aurorax.credential import AuroraXCredential
from apps.aurorax.ephemeris import Ephemeris
from apps.aurorax.products import Products
from apps.aurorax.sources import Sources
from apps.aurorax.transport import Effect, Transport


class AuroraX:
    """The AuroraX API, under one person's credential or (reading only) under none.

    Cheap to make: make one for each request or task. Every method raises `errors.AuroraXError` and nothing else for
    what goes wrong between here and AuroraX.
    """

    def __init__(
        self,
        credential: AuroraXCredential | None = None,
        base_url: str | None = None,
        *,
        stop: Event | None = None,
    ) -> None:
        """`base_url` is scheme and host, by default `settings.AURORAX_API_URL`; `stop` as in `stopped_by`."""
        self._transport = Transport((base_url or settings.AURORAX_API_URL).rstrip("/"), credential, stop=stop)

    def stopped_by(self, stop: Event) -> Self:
        """The same AuroraX: once `stop` is set, its searches are given up (`errors.SearchFailed`)."""
        return type(self)(self._transport.credential, self._transport.base_url, stop=stop)

    @cached_property
    def sources(self) -> Sources:
        """Data sources."""
        return Sources(self._transport)

    @cached_property
    def ephemeris(self) -> Ephemeris:
        """Ephemeris records."""
        return Ephemeris(self._transport)

    @cached_property
    def products(self) -> Products:
        """Data product records."""
        return Products(self._transport)

    @cached_property
    def availability(self) -> Availabilities:
        """How many records there are on which day."""
        return Availabilities(self._transport)

    @cached_property
    def accounts(self) -> Accounts:
        """People, for Administrators."""
        return Accounts(self._transport)

    @cached_property
    def searches(self) -> SearchRequests:
        """What people have searched for, for Administrators."""
        return SearchRequests(self._transport)

    def __repr__(self) -> str:
        return f"AuroraX({self._transport.base_url}, {self._transport.credential})"

    @property
    def base_url(self) -> str:
        """Scheme and host of the AuroraX that is asked."""
        return self._transport.base_url

    def answers_within(self, seconds: float) -> bool:
        """Whether AuroraX answers at all, for a check that must not take long."""
        return self._transport.answers_within(seconds)

    def end_session(self) -> None:
        """End the session of an access token (POST /authenticate/end_session; not for API keys)."""
        self._transport.send("POST", "/api/v1/authenticate/end_session", Effect.IDEMPOTENT)
