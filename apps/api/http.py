"""The request as the API's views receive it."""

from apps.accounts.http import PortalRequest
from apps.accounts.models import Credential
from apps.tokens.models import ApiToken


class TokenRequest(PortalRequest):
    """A request of a program after `tokens.middleware.BearerTokens`. For annotations only."""

    token: ApiToken


def credential_of(request: TokenRequest) -> Credential | None:
    """What works under this token in the background works under its key."""
    return request.token.credential
