"""AuroraX accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from apps.aurorax import times

# API document, UserAccount: `role`.
ROLES = ("Administrator", "Owner", "Maintainer", "User")


@dataclass(frozen=True)
class Account:
    """Somebody with an account. The accounts listing carries fewer fields than the answer to a sign-in."""

    email_address: str
    role: str
    account_id: str | None = None
    upload_username: str | None = None
    first_name: str = ""
    last_name: str = ""
    disabled: bool = False
    email_confirmed: datetime | None = None
    agree_terms: datetime | None = None
    this_login: datetime | None = None
    last_login: datetime | None = None

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Self:
        """From the API's UserAccount object."""
        return cls(
            email_address=row["email_address"],
            role=row["role"],
            account_id=row.get("account_id"),
            upload_username=row.get("upload_username"),
            first_name=row.get("first_name") or "",
            last_name=row.get("last_name") or "",
            disabled=bool(row.get("disabled")),
            email_confirmed=times.parse_optional(row.get("email_confirmed")),
            agree_terms=times.parse_optional(row.get("agree_terms")),
            this_login=times.parse_optional(row.get("this_login")),
            last_login=times.parse_optional(row.get("last_login")),
        )
