"""Access to one data source, declared on the view: to have the source is to have passed the check."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import Http404
from django.http.response import HttpResponseBase

from apps.accounts.http import PortalRequest
from apps.aurorax import DataSource, errors
from apps.permissions import Action, check
from apps.permissions.decorators import Access, declare

Rest = ParamSpec("Rest")
SourceView = Callable[Concatenate[PortalRequest, DataSource, Rest], HttpResponseBase]


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def without_credential(view: View) -> View:
    """Open to a session whose credential is dead, and that has no rights any more: the view only ends it, or shows what is
    the person's own and asks for a live credential itself where more is wanted.
    """
    view.without_credential = True  # type: ignore[attr-defined]
    return view


def on_source(
    action: Action, *, include_stats: bool = False, of_page: bool = False
) -> Callable[[SourceView[Rest]], Callable[..., HttpResponseBase]]:
    """For views under `<int:identifier>`: reads that data source from AuroraX (404 when there is none), checks that
    this person may do `action` on it (403 with the reason), and hands the source to the view in place of the number;
    with its `stats` for a view that needs them, so that AuroraX is not asked for the same source twice.

    With `of_page` the view also answers htmx with a part of a page; for that the record will do as the page has just read it.
    """

    def decorate(view: SourceView[Rest]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def with_source(
            request: PortalRequest, identifier: int, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            check(
                request.user, action
            )  # what the role may never do is refused before AuroraX is asked anything
            source = _find(request, identifier, include_stats, just_read=of_page and bool(request.htmx))
            check(request.user, action, source)
            return view(request, source, *args, **kwargs)

        return declare(with_source, Access(action=action, on_source=True))

    return decorate


def _find(request: PortalRequest, identifier: int, include_stats: bool, *, just_read: bool) -> DataSource:
    sources = request.aurorax.sources
    try:
        return (sources.just_read if just_read else sources.get)(identifier, include_stats=include_stats)
    except errors.NotFound as error:
        raise Http404(f"AuroraX has no data source {identifier}. It may have been deleted.") from error
