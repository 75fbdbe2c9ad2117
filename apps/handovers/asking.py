"""The message by which an Owner asks for a hand-over, which only Administrators may make."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings

from apps.accounts.models import User
from apps.aurorax import ListedSource

CONTACT_PAGE = "https://aurorax.space/contact"  # named by the provider documentation
LONGEST_LINK = 1_800  # characters; beyond that mail programs cut what a link says
OPEN = "[e-mail address of the new owner]"


class OwnerRequest(NamedTuple):
    """Whom to ask, where that is known, and with which words."""

    to: str
    subject: str
    body: str

    @property
    def mail_url(self) -> str:
        """A link that opens the message in a mail program; empty where it would be cut."""
        words = urlencode({"subject": self.subject, "body": self.body}, quote_via=quote)
        url = f"mailto:{quote(self.to)}?{words}"
        return url if len(url) <= LONGEST_LINK else ""


def request_for(person: User, sources: Sequence[ListedSource], new_owner: str) -> OwnerRequest:
    """Ask for these data sources to be handed over."""
    count = f"{len(sources):,} data source{'' if len(sources) == 1 else 's'}"
    listed = "\n".join(f"- {each.display_name} (identifier {each.identifier})" for each in sources)
    body = (
        f"Dear AuroraX team,\n\nplease make {new_owner or OPEN} the owner of {count}, which I own as {person.email}:\n\n"
        f"{listed}\n\nOnly an Administrator can change an owner.\n\nWith kind regards\n{person.name}\n"
    )
    return OwnerRequest(settings.AURORAX_CONTACT, f"Hand over {count}", body)
