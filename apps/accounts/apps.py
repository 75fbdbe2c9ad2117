"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in with an AuroraX account, the encrypted credential, the people page."""

    name = "apps.accounts"

    def ready(self) -> None:
        """Secrets that nothing needs any more are erased by whichever worker comes by."""
        from apps.accounts.retention import ended_sign_ins, expired_sessions  # noqa: PLC0415
        from apps.accounts.sessions import erase_unused  # noqa: PLC0415 - models are there only after start
        from apps.jobs import recovery, retention  # noqa: PLC0415

        retention.register("ended sign-ins", ended_sign_ins)
        retention.register("expired sessions", expired_sessions)
        recovery.register_chore(erase_unused)
