"""The published accounts of the sandbox, listed on the sign-in page while the portal points at it. No secrets."""

from typing import NamedTuple


class SandboxAccount(NamedTuple):
    """Somebody to be while trying things out."""

    email: str
    password: str
    api_key: str
    role: str


SANDBOX_ACCOUNTS = [
    SandboxAccount("admin@example.org", "sandbox-admin", "sandbox-key-admin", "Administrator"),
    SandboxAccount("owner@example.org", "sandbox-owner", "sandbox-key-owner", "Owner of some sources"),
    SandboxAccount("owner2@example.org", "sandbox-owner2", "sandbox-key-owner2", "Owner of others"),
    SandboxAccount(
        "maintainer@example.org", "sandbox-maintainer", "sandbox-key-maintainer", "Maintainer of a few"
    ),
    SandboxAccount("user@example.org", "sandbox-user", "sandbox-key-user", "User"),
]
