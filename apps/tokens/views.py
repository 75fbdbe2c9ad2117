"""The tokens of a person: made, shown once, revoked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import PortalRequest
from apps.permissions import signed_in
from apps.tokens import keys, services
from apps.tokens.forms import KeyForm, TokenForm
from apps.ui.pages import render

KEY_IDS = "id_new_%s"  # another form of the page asks for a key, too


@signed_in
@sensitive_post_parameters("api_key")
@require_http_methods(["GET", "POST"])
def token_list(request: PortalRequest) -> HttpResponse:
    """The tokens there are, and a form for another; what a POST makes is shown once, in its answer."""
    has_key = bool(keys.known_key(request.user))
    posted = (request.POST,) if request.method == "POST" else ()
    form = TokenForm(*posted, client=request.aurorax, has_key=has_key)
    if form.is_valid():
        try:
            token, text = services.make(
                by=request.user, **form.cleaned_data | {"days": int(form.cleaned_data["days"])}
            )
        except keys.KeyRefused as refusal:
            form.add_error("api_key", refusal.message)
        else:
            address = request.build_absolute_uri(reverse("overview"))
            return render(request, "tokens/made.html", {"token": token, "text": text, "address": address})
    return _show(request, form)


@signed_in
@sensitive_post_parameters("api_key")
@require_POST
def token_key(request: PortalRequest) -> HttpResponse:
    """Put another key under all tokens."""
    form = KeyForm(request.POST, auto_id=KEY_IDS)
    if form.is_valid():
        try:
            count = services.give_key(by=request.user, api_key=form.cleaned_data["api_key"])
        except keys.KeyRefused as refusal:
            form.add_error("api_key", refusal.message)
        else:
            messages.success(
                request,
                f"{count} token{'' if count == 1 else 's'} work{'s' if count == 1 else ''} under this key now.",
            )
            return redirect("token-list")
    return _show(request, TokenForm(client=request.aurorax), form)


@signed_in
@require_POST
def token_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """End a token of one's own."""
    token = get_object_or_404(request.user.tokens, pk=pk)
    services.revoke(by=request.user, token=token)
    messages.success(request, f"The token “{token.name}” is revoked: nothing gets in with it any more.")
    return redirect("token-list")


def _show(request: PortalRequest, form: TokenForm, key_form: KeyForm | None = None) -> HttpResponse:
    tokens = [*services.tokens_of(request.user)]
    context = {
        "form": form,
        "key_form": key_form or KeyForm(auto_id=KEY_IDS),
        "tokens": tokens,
        "needs_key": any(each.is_usable and each.needs_key for each in tokens),
    }
    is_wrong = form.errors or (key_form is not None and key_form.errors)
    return render(request, "tokens/list.html", context, status=422 if is_wrong else 200)
