"""What a person proves themselves to AuroraX with."""

from dataclasses import dataclass, field

from django.views.decorators.debug import sensitive_variables

from apps.aurorax import errors

# API document, securitySchemes: AccessToken is the Authorization header of the answer to POST /authenticate, sent back
# word for word; ApiKeyAuth has a header of its own.
HEADERS = {"access_token": "Authorization", "api_key": "x-aurorax-api-key"}

SHORTEST_SECRET = 7  # characters; anything shorter, such as "Bearer", is no secret


@dataclass(frozen=True)
class AuroraXCredential:
    """An access token (`secret` is the whole `Authorization` value) or an API key. The secret is in no repr."""

    kind: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if self.kind not in HEADERS:
            raise ValueError(f"A credential is one of {', '.join(HEADERS)}; {self.kind!r} is neither.")

    @sensitive_variables("secret")
    def headers(self) -> dict[str, str]:
        """The header that carries it. Raises `NotSignedIn` for a secret no header can carry (a bad paste)."""
        secret = self.secret.strip()
        if not secret or not secret.isascii() or not secret.isprintable():
            raise errors.NotSignedIn(
                "This key or token has characters that AuroraX never uses. Copy it again, and sign in."
            )
        return {HEADERS[self.kind]: secret}

    def cut_out_of(self, text: str) -> str:
        """`text` without the secret, for what a server says about a request."""
        for part in (self.secret, *self.secret.split()):
            text = text.replace(part, "(hidden)") if len(part) > SHORTEST_SECRET else text
        return text
