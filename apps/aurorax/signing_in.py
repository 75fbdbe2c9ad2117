"""From e-mail address and password to a credential."""

from dataclasses import dataclass

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from apps.aurorax import errors
from apps.aurorax.answers import object_of, record_of
from apps.aurorax.credential import AuroraXCredential
from apps.aurorax.records import Account
from apps.aurorax.transport import Effect, Transport


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, and the access token that says so."""

    account: Account
    credential: AuroraXCredential


@sensitive_variables("password", "body")
def sign_in(email_address: str, password: str, base_url: str | None = None) -> SignedIn:
    """Start an AuroraX session (API document: POST /authenticate). It ends after 30 idle minutes.

    Raises `errors.NotSignedIn` for a wrong pair, `errors.InvalidRequest` when one is missing.
    """
    transport = Transport((base_url or settings.AURORAX_API_URL).rstrip("/"))
    body = {"email_address": email_address, "password": password}
    try:
        answer = transport.send("POST", "/api/v1/authenticate", Effect.READ, json=body)
    except errors.NotSignedIn as error:
        raise errors.NotSignedIn(
            "AuroraX does not know this e-mail address with this password.",
            status=error.status,
            code=error.code,
        ) from None
    token = answer.headers.get("Authorization")
    if not token:
        raise errors.UnreadableAnswer("AuroraX signed you in without a token to go on with. Try again.")
    return SignedIn(record_of(Account.from_api, object_of(answer)), AuroraXCredential("access_token", token))
