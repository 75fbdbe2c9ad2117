"""Keeping, finding and forgetting drafts. They are the person's own: nobody else sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from apps.accounts.http import PortalRequest
from apps.accounts.models import User
from apps.drafts.models import Draft

MOST_CHARACTERS = 2_000_000  # of one form
MOST_DRAFTS = 50  # of one person; the oldest go first
NOT_KEPT = ("csrfmiddlewaretoken", "rows", "looked_at", "sign_in_again")  # buttons, and what is of the moment
View = TypeVar("View", bound=Callable[..., Any])


class CannotKeep(Exception):
    """No draft that the portal keeps; the message says why."""


@dataclass(frozen=True)
class Typing:
    """What somebody has typed on a page before: `draft` where there is one, and whether it is shown now."""

    draft: Draft | None = None
    is_shown: bool = False

    @property
    def offered(self) -> Draft | None:
        """The draft to offer."""
        return None if self.is_shown else self.draft

    @property
    def posted(self) -> QueryDict:
        """What the form is filled with, where that was asked for; else nothing."""
        return self.draft.posted() if self.draft and self.is_shown else QueryDict()


def keeps_drafts(view: View) -> View:
    """For views of long forms: what is typed there is kept."""
    view.keeps_drafts = True  # type: ignore[attr-defined]
    return view


def keep(*, by: User, page: str, posted: QueryDict) -> Draft:
    """Keep a form as it was typed, in the place of what was kept of this page before. Raises `CannotKeep`."""
    _check_page(page)
    fields = posted.copy()
    for name in NOT_KEPT:
        fields.pop(name, None)
    typed = fields.urlencode()
    if len(typed) > MOST_CHARACTERS:
        raise CannotKeep("This form is too long to be kept. Send it, or make it shorter.")
    kept = {"typed": typed, "kept_at": timezone.now()}
    draft, _ = Draft.objects.update_or_create(user=by, page=page, defaults=kept)
    oldest = by.drafts.order_by("-kept_at").values_list("pk", flat=True)[MOST_DRAFTS:]
    Draft.objects.filter(pk__in=list(oldest)).delete()
    return draft


def forget(*, by: User, page: str) -> None:
    """Throw away what is kept of this page: it was sent, or is not wanted."""
    Draft.objects.filter(user=by, page=page).delete()


def typing_on(request: PortalRequest) -> Typing:
    """What this person has typed on this page before. Only for a page that is looked at: what is posted is newer."""
    if request.method != "GET":
        return Typing()
    draft = Draft.objects.filter(user=request.user, page=request.path).first()
    return Typing(draft, is_shown=draft is not None and "draft" in request.GET)


def _check_page(page: str) -> None:
    try:
        view = resolve(page).func
    except Resolver404:
        raise CannotKeep("There is no such page.") from None
    if not getattr(view, "keeps_drafts", False):
        raise CannotKeep("What is typed on this page is not kept.")


def page_of_request(request: HttpRequest) -> str:
    """The page that a request about its draft names."""
    return request.GET.get("page", "")[:300]
