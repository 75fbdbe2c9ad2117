"""The role is what AuroraX says now.

AuroraX tells somebody's role in its answer to a sign-in, and to Administrators in the list of accounts: it has no call by
which anybody else could ask for their own.
"""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import Account, AuroraX, errors
from apps.permissions import Role
from apps.permissions.addresses import is_same

TOLD_AT_SIGN_IN = timedelta(minutes=5)  # that long what a sign-in said is taken for what is so now
CHANGED = "AuroraX says that your role is another now. Sign in again to go on with the role you have."
CONFIRM = "This is somebody else's. AuroraX tells your role when you sign in, so confirm who you are before you decide."


def confirm_role(*, by: User, client: AuroraX) -> None:
    """Before acting on somebody else's object: has the person still the role it takes?

    Raises `errors.NotSignedIn` where AuroraX has to be asked by signing in again, and where the role is another: all
    rights of the person end then.
    """
    if by.role != Role.ADMINISTRATOR:
        since = timezone.now() - TOLD_AT_SIGN_IN
        if not by.credentials.live().of_browsers().filter(proved_at__gte=since).exists():
            raise errors.NotSignedIn(CONFIRM)
        return
    try:
        accounts = client.accounts.list()
    except errors.NotPermitted:
        accounts = []
    if not any(_is_administrator(account, by.email) for account in accounts):
        end_rights(by)
        raise errors.NotSignedIn(CHANGED)


def end_rights(person: User) -> None:
    """Forget the role and every secret of this person; the next sign-in says what their role is."""
    person.role = Role.USER
    person.save(update_fields=["role"])
    for credential in person.credentials.alive():
        credential.end()


def _is_administrator(account: Account, email: str) -> bool:
    return (
        is_same(account.email_address, email) and account.role == Role.ADMINISTRATOR and not account.disabled
    )
