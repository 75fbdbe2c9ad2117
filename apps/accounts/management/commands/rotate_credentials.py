"""`manage.py rotate_credentials`."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts import encryption
from apps.accounts.models import Credential


class Command(BaseCommand):
    """Puts every kept AuroraX secret under the first key of CREDENTIAL_KEYS."""

    help = (
        "Encrypt every kept AuroraX secret anew under the first key of CREDENTIAL_KEYS. Put a new key in front, run"
        " this, then take the old key away: nobody has to sign in again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate; a secret that no key opens is forgotten, and its person is asked to sign in again."""
        rotated = forgotten = 0
        for credential in Credential.objects.alive():
            before = bytes(credential.encrypted_secret)
            try:
                fresh = encryption.rotate(before)
            except encryption.UndecryptableSecret:
                credential.end()
                forgotten += 1
                continue
            # Only if nobody has signed in again meanwhile: then it is under the first key already.
            rotated += Credential.objects.filter(pk=credential.pk, encrypted_secret=before).update(
                encrypted_secret=fresh
            )
        self.stdout.write(f"{rotated} secrets are under the first key now, {forgotten} could not be read.")
