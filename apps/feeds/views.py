"""Pages of feeds."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.decorators import on_source
from apps.accounts.http import PortalRequest
from apps.accounts.roles import confirm_role
from apps.accounts.source_pages import render_source
from apps.aurorax import DataSource, errors
from apps.feeds import services
from apps.feeds.forms import FeedForm, ResumeForm
from apps.feeds.models import Feed
from apps.feeds.page import FeedPage
from apps.feeds.places import FeedRefused
from apps.permissions import Action, requires
from apps.records.types import type_of
from apps.tokens import keys
from apps.ui.pages import render

UPLOADS = Action.EPHEMERIS_CREATE  # the roles that may upload anything at all


@requires(UPLOADS)
@require_GET
def feed_list(request: PortalRequest) -> HttpResponse:
    """My feeds; an Administrator sees all."""
    feeds = Feed.objects.select_related("owner")
    if request.user.is_administrator:
        confirm_role(by=request.user, client=request.aurorax)
    else:
        feeds = feeds.filter(owner=request.user)
    return render(request, "feeds/list.html", {"feeds": feeds, "everybody": request.user.is_administrator})


@on_source(UPLOADS)
@sensitive_post_parameters("api_key")
@require_http_methods(["GET", "POST"])
def feed_source(request: PortalRequest, source: DataSource) -> HttpResponse:
    """The feeds of a data source, and a form for another."""
    posted = (request.POST,) if request.method == "POST" else ()
    has_key = bool(keys.known_key(request.user))
    form = FeedForm(*posted, source=source, person=request.user, has_key=has_key)
    if form.is_valid():
        chosen = form.cleaned_data | {"kind": type_of(form.cleaned_data["kind"])}
        try:
            feed = services.make(by=request.user, source=source, **chosen)
        except keys.KeyRefused as refusal:
            form.add_error("api_key", refusal.message)
        except FeedRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "The feed is made, and looks for the first time.")
            return redirect("feed-detail", feed.pk)
    feeds = Feed.objects.filter(source_identifier=source.identifier).select_related("owner")
    context = {"form": form, "feeds": feeds, "person": request.user}
    return render_source(
        request, source, "", "feeds/source.html", context, status=422 if form.errors else 200
    )


@requires(UPLOADS)
@require_GET
def feed_detail(request: PortalRequest, pk: UUID) -> HttpResponse:
    """What it does, its last looks and the next. For htmx only the part that changes."""
    return _show(request, _feed(request, pk))


@requires(UPLOADS)
@require_POST
def feed_run(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Look now."""
    feed = _feed(request, pk)
    return _done(
        request,
        feed,
        lambda: services.run_now(by=request.user, feed=feed, client=request.aurorax),
        "It looks now.",
    )


@requires(UPLOADS)
@require_POST
def feed_pause(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Look no more."""
    feed = _feed(request, pk)
    return _done(
        request,
        feed,
        lambda: services.pause(by=request.user, feed=feed, client=request.aurorax),
        "It is paused. What it has brought goes on.",
    )


@requires(UPLOADS)
@sensitive_post_parameters("api_key")
@require_POST
def feed_resume(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Go on, perhaps with another key."""
    feed = _feed(request, pk)
    form = ResumeForm(request.POST)
    if not form.is_valid():
        return _show(request, feed, form)
    key = form.cleaned_data["api_key"]
    try:
        return _done(
            request,
            feed,
            lambda: services.resume(by=request.user, feed=feed, client=request.aurorax, api_key=key),
            "It goes on, and looks now.",
        )
    except keys.KeyRefused as refusal:
        form.add_error("api_key", refusal.message)
        return _show(request, feed, form)


@requires(UPLOADS)
@require_POST
def feed_delete(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Forget it."""
    feed = _feed(request, pk)
    services.delete(by=request.user, feed=feed, client=request.aurorax)
    messages.success(request, f"The feed “{feed.name}” is deleted. What it has uploaded stays.")
    return redirect("feed-source", feed.source_identifier)


def _feed(request: PortalRequest, pk: UUID) -> Feed:
    """One that this person may see."""
    feeds = Feed.objects.select_related("owner", "token__credential")
    feed = get_object_or_404(feeds, pk=pk)
    services.check_act(request.user, feed, request.aurorax)
    return feed


def _show(request: PortalRequest, feed: Feed, form: ResumeForm | None = None) -> HttpResponse:
    context = {
        "shown": FeedPage(feed),
        "feed": feed,
        "form": form or ResumeForm(),
        "mine": feed.owner == request.user,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "feeds/detail.html", context, fragment="feeds/_feed_runs.html", status=status)


def _done(request: PortalRequest, feed: Feed, act: Callable[[], None], message: str) -> HttpResponse:
    try:
        act()
    except FeedRefused as refusal:
        messages.warning(request, refusal.message)
    except errors.NotFound:
        messages.warning(request, f"AuroraX has no data source {feed.source_identifier} any more.")
    else:
        messages.success(request, message)
    return redirect("feed-detail", feed.pk)
