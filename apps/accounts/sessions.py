"""The sign-ins of a person: which there are, ending them, and erasing the secrets of those nobody uses any more."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.encryption import UndecryptableSecret
from apps.accounts.models import Credential, User
from apps.accounts.models import CredentialQuerySet as Credentials
from apps.accounts.services import current_credential
from apps.aurorax import AuroraX, errors


def sessions_of(person: User) -> Credentials:
    """Their sign-ins that are not ended, the last used first."""
    return Credential.objects.live().of_browsers().filter(user=person).order_by("-used_at")


def sign_out(request: HttpRequest) -> None:
    """End the AuroraX session, erase its secret and end the portal's session. Works while AuroraX does not answer."""
    credential = current_credential(request)
    logout(request)
    if credential is not None:
        end(credential)


def end(credential: Credential) -> None:
    """End one sign-in, in whichever browser it is; background work under it stops."""
    try:
        if credential.kind == Credential.Kind.ACCESS_TOKEN:
            AuroraX(credential.opened()).end_session()
    except (errors.AuroraXError, UndecryptableSecret):
        pass  # a session that AuroraX cannot end now dies by itself after 30 idle minutes
    finally:
        credential.sign_out()


def sign_out_everywhere(*, by: User) -> int:
    """End every sign-in of this person, those too that AuroraX has refused meanwhile; answers how many were alive. Tokens
    are no sign-ins: they are revoked one by one.
    """
    alive = [*sessions_of(by)]
    for credential in alive:
        end(credential)
    by.credentials.of_browsers().update(signed_out=True)
    return len(alive)


def erase_unused() -> int:
    """Erase the secrets that neither a session nor an upload has used for as long as a session lasts.

    Called every few seconds by every worker; answers 0, because nobody has to be woken.
    """
    idle_since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for credential in Credential.objects.live().of_browsers().filter(used_at__lt=idle_since):
        end(credential)
    return 0
