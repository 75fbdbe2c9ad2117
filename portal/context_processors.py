"""What the page shell shows on every page: the environment, the menu of this person, when AuroraX will end their session."""

from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from apps.accounts import services
from apps.accounts.models import Credential, User
from apps.notifications import services as notices
from apps.permissions import Action, decide

WARNING_MINUTES = 5


class Environment(NamedTuple):
    """Which AuroraX this is, in words and with the colour of its ribbon."""

    name: str
    colour: str


class MenuItem(NamedTuple):
    """One entry of the menu."""

    label: str
    url: str
    current: bool


ENVIRONMENTS = {
    "sandbox": Environment("Sandbox", "blue"),
    "staging": Environment("Staging", "amber"),
    "production": Environment("Production", "red"),
}
# Label, URL name, and the action that one's role must allow to see the entry.
MENU = [
    ("Overview", "overview", Action.SOURCE_SEE),
    ("Data sources", "source-list", Action.SOURCE_SEE),
    ("Maintainers", "maintainers-all", Action.MAINTAINERS_ASSIGN),
    ("Uploads", "upload-list", Action.EPHEMERIS_CREATE),
    ("Activity", "activity-list", Action.SOURCE_SEE),
    ("People", "people", Action.PEOPLE_SEE),
    ("Searches", "search-list", Action.SEARCHES_MANAGE),
    ("Permissions", "permissions", Action.SOURCE_SEE),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows: the AuroraX behind it, the menu, and when the session ends."""
    return {
        "environment": environment(),
        "menu": menu(request),
        "session_ends_at": session_ends_at(request),
        "session_warning_minutes": WARNING_MINUTES,
        "unread_notices": SimpleLazyObject(lambda: unread_notices(request)),
    }


def unread_notices(request: HttpRequest) -> str:
    """How many there are at the bell, in words; empty where there are none."""
    person = getattr(request, "user", None)
    count = notices.unread(person) if isinstance(person, User) else 0
    return f"{notices.MOST_COUNTED}+" if count > notices.MOST_COUNTED else str(count or "")


def environment() -> Environment:
    """The AuroraX the portal points at, by setting or else by its host name."""
    named = settings.AURORAX_ENVIRONMENT
    if named == "auto":
        host = urlsplit(settings.AURORAX_API_URL).hostname or ""
        public = host.endswith("aurorax.space")
        named = ("staging" if "staging" in host else "production") if public else "sandbox"
    return ENVIRONMENTS[named]


def menu(request: HttpRequest) -> list[MenuItem]:
    """The entries this person's role may use."""
    person = getattr(request, "user", AnonymousUser())  # what Django refuses early has not got as far as that
    entries = [(label, reverse(name)) for label, name, action in MENU if decide(person, action)]
    return [MenuItem(label, url, _is_current(request.path, url)) for label, url in entries]


def session_ends_at(request: HttpRequest) -> str:
    """When AuroraX ends an idle access token (ISO, UTC), or nothing for keys and for nobody."""
    person = getattr(request, "user", AnonymousUser())
    credential = services.current_credential(request) if person.is_authenticated else None
    if credential is None or credential.kind != Credential.Kind.ACCESS_TOKEN:
        return ""
    ends = credential.used_at + timedelta(minutes=settings.AURORAX_SESSION_IDLE_MINUTES)
    return ends.strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_current(path: str, url: str) -> bool:
    return path == url or path.startswith("/overview/") if url == "/" else path.startswith(url)
