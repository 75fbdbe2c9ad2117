"""The sign-ins of a person: which there are, ending them, and erasing the secrets of those nobody uses any more."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts import kept_sign_ins
from apps.accounts.encryption import UndecryptableSecret
from apps.accounts.kept_sign_ins import UnfinishedWork
from apps.accounts.models import Credential, User
from apps.accounts.models import CredentialQuerySet as Credentials
from apps.accounts.services import current_credential
from apps.aurorax import AuroraX, errors
from apps.jobs.models import Job


def sessions_of(person: User) -> Credentials:
    """Their sign-ins that are not ended, the last used first."""
    return Credential.objects.live().of_browsers().filter(user=person).order_by("-used_at")


def sign_out(request: HttpRequest, *, finish: Sequence[UnfinishedWork] = ()) -> None:
    """End the AuroraX session, erase its secret and end the portal's session. Works while AuroraX does not answer.

    With work to `finish` the AuroraX session goes on for that alone, until it ends: `kept_sign_ins`.
    """
    credential = current_credential(request)
    logout(request)
    if credential is None:
        return
    if finish:
        with transaction.atomic():
            kept_sign_ins.keep(credential, list(finish))
            credential.sign_out()
    else:
        end(credential)


def end(credential: Credential) -> None:
    """End one sign-in, in whichever browser it is; background work under it stops. The AuroraX session ends with the last
    that has it.
    """
    shared = Credential.objects.kept().filter(user=credential.user).exclude(pk=credential.pk)
    is_shared = any(bytes(each.encrypted_secret) == bytes(credential.encrypted_secret) for each in shared)
    try:
        if credential.kind == Credential.Kind.ACCESS_TOKEN and not is_shared:
            AuroraX(credential.opened()).end_session()
    except (errors.AuroraXError, UndecryptableSecret):
        pass  # a session that AuroraX cannot end now dies by itself after 30 idle minutes
    finally:
        credential.sign_out()


def end_kept_for(job: Job) -> None:
    """End what is kept for a job, once it does not go on by itself any more."""
    for credential in kept_sign_ins.kept_for(job):
        end(credential)


def sign_out_everywhere(*, by: User) -> int:
    """End every sign-in of this person, those too that AuroraX has refused meanwhile; answers how many were alive. Tokens
    are no sign-ins: they are revoked one by one.
    """
    count = sessions_of(by).count()
    for credential in Credential.objects.alive().of_browsers().filter(user=by):
        end(credential)
    by.credentials.of_browsers().update(signed_out=True)
    return count


def erase_unused() -> int:
    """Erase the secrets that neither a session nor an upload has used for as long as a session lasts, and those kept for work
    that is over.

    Called every few seconds by every worker; answers 0, because nobody has to be woken.
    """
    idle_since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for credential in Credential.objects.alive().of_browsers().filter(used_at__lt=idle_since):
        end(credential)
    for credential in kept_sign_ins.kept_for_nothing():
        end(credential)
    return 0
