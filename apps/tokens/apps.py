"""The tokens app."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Tokens for programs, made and revoked by the person they act for."""

    name = "apps.tokens"

    def ready(self) -> None:
        """Tokens that are over are forgotten by whichever worker comes by; so are keys that none needs any more."""
        from apps.jobs import recovery, retention  # noqa: PLC0415 - models are there only after start
        from apps.tokens.retention import erase_keys_of_expired, over  # noqa: PLC0415

        retention.register("tokens that are over", over)
        recovery.register_chore(erase_keys_of_expired)
