"""Secrets at rest: Fernet (AES-128-CBC with HMAC) under `settings.CREDENTIAL_KEYS`; the first key encrypts, all decrypt."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UndecryptableSecret(Exception):
    """No key of `CREDENTIAL_KEYS` opens this secret: a key was removed before its secrets were rotated."""


def encrypt(secret: str) -> bytes:
    """The secret under the first key."""
    return _keys().encrypt(secret.encode())


def decrypt(sealed: bytes) -> str:
    """The secret again; raises `UndecryptableSecret` when no key fits."""
    try:
        return _keys().decrypt(sealed).decode()
    except InvalidToken:
        raise UndecryptableSecret("No key in CREDENTIAL_KEYS opens this secret.") from None


def rotate(sealed: bytes) -> bytes:
    """The same secret under the first key; raises `UndecryptableSecret` when no key fits."""
    try:
        return _keys().rotate(sealed)
    except InvalidToken:
        raise UndecryptableSecret("No key in CREDENTIAL_KEYS opens this secret.") from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])
