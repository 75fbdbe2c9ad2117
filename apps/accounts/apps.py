"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in with an AuroraX account, the encrypted credential, the people page."""

    name = "apps.accounts"
