"""Signing in and out, who may do what, and the people page."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import browsers, kept_sign_ins, services, sessions
from apps.accounts.account_facts import facts_about
from apps.accounts.decorators import without_credential
from apps.accounts.forms import ApiKeyForm, PasswordForm, PeopleFilter
from apps.accounts.http import PortalRequest
from apps.accounts.models import Credential
from apps.accounts.people import people
from apps.accounts.rights_table import rights_table
from apps.accounts.sandbox_accounts import SANDBOX_ACCOUNTS
from apps.permissions import Action, Role, public, requires, signed_in
from apps.permissions.addresses import folded
from apps.ui.pages import render
from apps.ui.paging import page_of

SIGNED_OUT = "You are signed out, and your AuroraX session has ended."
FINISHING = "You are signed out. What is running finishes; your AuroraX session is kept for that alone and ends with it."


@public("nobody is signed in yet")
@sensitive_post_parameters("password", "api_key")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a password, or with an API key under `?with=key`; then go where the person was going."""
    with_key = request.GET.get("with") == "key"
    form = (ApiKeyForm if with_key else PasswordForm)(request.POST or None)
    retry_after = 0
    if request.method == "POST" and form.is_valid():
        try:
            return _signed_in(request, form)
        except services.SignInRefused as refused:
            form.add_error(None, refused.message)
            retry_after = refused.retry_after
    context = {
        "form": form,
        "with_key": with_key,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "sandbox_accounts": SANDBOX_ACCOUNTS,
    }
    response = render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)
    if retry_after:
        response.status_code = 429
        response.headers["Retry-After"] = str(retry_after)
    return response


@signed_in
@without_credential
@require_POST
def sign_out(request: PortalRequest) -> HttpResponse:
    """End the AuroraX session and the portal's; asks first where something is running that would stop, and can finish."""
    credential = services.current_credential(request)
    work = kept_sign_ins.stops_without(credential) if credential else []
    answer = request.POST.get("work")
    if work and answer not in ("finish", "stop"):
        return render(request, "accounts/sign_out.html", {"work": work})
    finish = work if answer == "finish" else []
    sessions.sign_out(request, finish=finish)
    messages.success(request, FINISHING if finish else SIGNED_OUT)
    return redirect("sign-in")


@signed_in
@require_GET
def account(request: PortalRequest) -> HttpResponse:
    """The person's own account: what AuroraX says of it, and where they are signed in."""
    current = services.current_credential(request)
    context = {
        "sessions": sessions.sessions_of(request.user),
        "current": current,
        "facts": facts_about(request.user),
        "kept": kept_sign_ins.kept_of(request.user),
    }
    return render(request, "accounts/account.html", context)


@signed_in
@require_POST
def session_sign_out(request: PortalRequest, pk: int) -> HttpResponse:
    """End one sign-in of one's own."""
    credential = get_object_or_404(Credential.objects.alive().of_browsers(), user=request.user, pk=pk)
    if credential == services.current_credential(request):
        return sign_out(request)
    sessions.end(credential)
    done = "What was kept for your work is ended." if credential.kept_for else "That browser is signed out."
    messages.success(request, done)
    return redirect("account")


@signed_in
@without_credential
@require_POST
def sign_out_everywhere(request: PortalRequest) -> HttpResponse:
    """End all sign-ins of this person, this one too."""
    count = sessions.sign_out_everywhere(by=request.user)
    logout(request)
    messages.success(
        request, f"You are signed out everywhere: {count} sign-in{'' if count == 1 else 's'} ended."
    )
    return redirect("sign-in")


@signed_in
@require_GET
def permissions(request: PortalRequest) -> HttpResponse:
    """The access matrix with this person's column marked."""
    context = {"roles": list(Role), "my_role": request.user.role, "rows": rights_table()}
    return render(request, "accounts/permissions.html", context)


@requires(Action.PEOPLE_SEE)
@require_GET
def people_page(request: PortalRequest) -> HttpResponse:
    """AuroraX accounts with the number of data sources each looks after."""
    form = PeopleFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = people(
        by=request.user, client=request.aurorax, role=chosen.get("role", ""), words=chosen.get("q", "")
    )
    context = {"form": form, "page": page_of(found, request.GET.get("page"))}
    return render(request, "accounts/people.html", context, fragment="accounts/_people_table.html")


def _signed_in(request: HttpRequest, form: ApiKeyForm | PasswordForm) -> HttpResponse:
    """Where the person was going, with the cookie by which this browser keeps its turn at the next sign-in."""
    given = form.cleaned_data
    if isinstance(form, ApiKeyForm):
        services.sign_in_with_api_key(request=request, email=given["email"], api_key=given["api_key"])
        identity = services.name_of_key(given["api_key"])
    else:
        services.sign_in_with_password(request=request, email=given["email"], password=given["password"])
        identity = folded(given["email"])
    response = redirect(_way_on(request))
    browsers.remember(request, response, identity)
    return response


def _way_on(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of this portal."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)
