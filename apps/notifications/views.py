"""The list behind the bell, and how one wants to be told."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.http import PortalRequest
from apps.notifications import services
from apps.notifications.forms import NoticeForm
from apps.notifications.telling import wishes_of
from apps.permissions import signed_in
from apps.ui.pages import render
from apps.ui.paging import page_of


@signed_in
@require_GET
def notification_list(request: PortalRequest) -> HttpResponse:
    """The newest first."""
    page = page_of(services.notices_of(request.user), request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page})


@signed_in
@require_POST
def notification_open(request: PortalRequest, pk: int) -> HttpResponse:
    """Count it as read, and go where it leads."""
    notice = get_object_or_404(services.notices_of(request.user), pk=pk)
    services.read(by=request.user, notice=notice)
    return redirect(notice.path)


@signed_in
@require_POST
def notification_read_all(request: PortalRequest) -> HttpResponse:
    """Count all as read."""
    services.read(by=request.user)
    return redirect("notification-list")


@signed_in
@require_http_methods(["GET", "POST"])
def notification_settings(request: PortalRequest) -> HttpResponse:
    """By which topics, by which ways."""
    wishes = wishes_of(request.user)
    posted = (request.POST,) if request.method == "POST" else ()
    form = NoticeForm(*posted, wishes=wishes)
    if form.is_valid():
        services.choose(by=request.user, **form.chosen())
        messages.success(request, "From now on you are told like this.")
        return redirect("notification-settings")
    context = {
        "form": form,
        "wishes": wishes,
        "has_mail_server": bool(settings.EMAIL_HOST),
        "troubles": services.troubles_of(request.user),
    }
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def webhook_secret(request: PortalRequest) -> HttpResponse:
    """Another secret."""
    services.change_secret(by=request.user)
    messages.success(request, "Your webhook is signed with another secret from now on: copy it.")
    return redirect("notification-settings")


@signed_in
@require_POST
def webhook_try(request: PortalRequest) -> HttpResponse:
    """Post something to the webhook."""
    trouble = services.try_webhook(by=request.user)
    if trouble:
        messages.warning(request, f"Your webhook did not take it. {trouble}")
    else:
        messages.success(request, "Your webhook took it.")
    return redirect("notification-settings")
