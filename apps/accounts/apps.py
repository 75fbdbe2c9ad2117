"""The accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class AccountsConfig(AppConfig):
    """Sign-in with an AuroraX account, the encrypted credential, the people page."""

    name = "apps.accounts"

    def ready(self) -> None:
        """Secrets that nothing needs any more are erased by whichever worker comes by; what waits for a sign-in goes on."""
        from apps.accounts.retention import ended_sign_ins, expired_sessions  # noqa: PLC0415
        from apps.accounts.sessions import erase_unused  # noqa: PLC0415 - models are there only after start
        from apps.accounts.sign_ins import credential_saved  # noqa: PLC0415
        from apps.jobs import recovery, retention  # noqa: PLC0415

        retention.register("ended sign-ins", ended_sign_ins)
        retention.register("expired sessions", expired_sessions)
        recovery.register_chore(erase_unused)
        post_save.connect(credential_saved, sender="accounts.Credential", dispatch_uid="signed-in")
