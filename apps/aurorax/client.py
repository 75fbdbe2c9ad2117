"""AuroraX as one person sees it."""

from django.conf import settings

from apps.aurorax.administration import Accounts, SearchRequests
from apps.aurorax.availability import Availabilities
from apps.aurorax.credential import Credential
from apps.aurorax.ephemeris import Ephemeris
from apps.aurorax.products import Products
from apps.aurorax.sources import Sources
from apps.aurorax.transport import Effect, Transport


class AuroraX:
    """The AuroraX API, under one person's credential or (reading only) under none.

    Cheap to make: make one for each request or task. Every method raises `errors.AuroraXError` and nothing else for
    what goes wrong between here and AuroraX.
    """

    def __init__(self, credential: Credential | None = None, base_url: str | None = None) -> None:
        """`base_url` is scheme and host, by default `settings.AURORAX_API_URL`."""
        self._transport = Transport((base_url or settings.AURORAX_API_URL).rstrip("/"), credential)
        self.sources = Sources(self._transport)
        self.ephemeris = Ephemeris(self._transport)
        self.products = Products(self._transport)
        self.availability = Availabilities(self._transport)
        self.accounts = Accounts(self._transport)
        self.searches = SearchRequests(self._transport)

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
