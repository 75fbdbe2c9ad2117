"""How Django finds the signed-in person again. Proving who they are is `services.sign_in`, by AuroraX."""

from django.contrib.auth.backends import BaseBackend

from apps.accounts.models import User


class AuroraXBackend(BaseBackend):
    """Reads people back from the session; it never checks a password itself."""

    def get_user(self, user_id: int) -> User | None:
        """The person with this id, if they may still sign in."""
        return User.objects.filter(pk=user_id, is_active=True).first()
