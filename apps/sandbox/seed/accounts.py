"""The five accounts. Their passwords and keys are published on purpose: the sandbox holds nothing to protect."""

from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple
from uuid import NAMESPACE_DNS, uuid5

from django.contrib.auth.hashers import make_password

from apps.sandbox.auth import digest
from apps.sandbox.models import Account, Role

SINCE = datetime(2022, 1, 10, 17, 0, tzinfo=UTC)


class Person(NamedTuple):
    """An account as it is published."""

    name: str
    first_name: str
    last_name: str
    role: Role
    about: str

    @property
    def email_address(self) -> str:
        """The address to sign in with."""
        return f"{self.name}@example.org"

    @property
    def password(self) -> str:
        """The published password."""
        return f"sandbox-{self.name}"

    @property
    def api_key(self) -> str:
        """The published API key."""
        return f"sandbox-key-{self.name}"


PEOPLE = (
    Person("admin", "Ada", "Aalto", Role.ADMINISTRATOR, "may do everything"),
    Person("owner", "Owen", "Olsen", Role.OWNER, "owns the THEMIS-ASI and TREx sources"),
    Person("owner2", "Odile", "Okafor", Role.OWNER, "owns the Swarm sources and most others"),
    Person("maintainer", "Mina", "Moreau", Role.MAINTAINER, "maintains a few of Owen's sources, such as 103"),
    Person("user", "Uma", "Ueda", Role.USER, "may look"),
)


@cache
def _password_hash(password: str) -> str:
    return make_password(password)


def accounts() -> list[Account]:
    """The five accounts as rows, not stored yet; their ids are the same every time."""
    return [
        Account(
            account_id=uuid5(NAMESPACE_DNS, person.email_address),
            email_address=person.email_address,
            password=_password_hash(person.password),
            api_key_hash=digest(person.api_key),
            first_name=person.first_name,
            last_name=person.last_name,
            upload_username=person.name,
            role=person.role,
            email_confirmed=SINCE,
            agree_terms=SINCE,
        )
        for person in PEOPLE
    ]
