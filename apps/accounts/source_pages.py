"""Pages about one data source: their heading, their tabs, and what this person may do there."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from apps.accounts import source_tabs
from apps.accounts.http import PortalRequest
from apps.accounts.source_menu import menu_of
from apps.aurorax import DataSource
from apps.permissions import Action, Decision, decide
from apps.ui.pages import render


class Tab(NamedTuple):
    """One tab of a data source."""

    label: str
    url: str
    current: bool


def render_source(
    request: PortalRequest,
    source: DataSource,
    tab: str,
    page: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """`ui.pages.render` for a template that extends `ui/source_page.html`. `tab` is the label of the open tab."""
    shared = {
        "source": source,
        "tabs": tabs(source, tab),
        "upload_links": upload_links(request, source),
        "source_menu": menu_of(request.user, source),
        "may": rights(request, source),
    }
    return render(request, page, shared | (context or {}), fragment=fragment, status=status)


def tabs(source: DataSource, current: str) -> list[Tab]:
    """The tabs of a source, one of them open."""
    return [
        Tab(label, reverse(name, args=[source.identifier]), label == current)
        for label, name in source_tabs.labels_and_names()
    ]


def upload_links(request: PortalRequest, source: DataSource) -> list[tuple[str, str]]:
    """Where this person may upload records, each with its button's label."""
    return [
        (f"Upload {pages.label.lower()}", reverse(f"{pages.slug}-upload", args=[source.identifier]))
        for pages in source_tabs.RECORD_PAGES.values()
        if decide(request.user, pages.create, source)
    ]


def rights(request: PortalRequest, source: DataSource) -> dict[str, Decision]:
    """Every decision about this person and this source, by action with an underscore: `source_update`."""
    return {action.replace(".", "_"): decide(request.user, action, source) for action in Action}
